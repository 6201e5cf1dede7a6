package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Flags in a text, such as --json, and those that a description of flags is about.
var (
	flagNames  = regexp.MustCompile(`--[a-z][a-z-]*`)
	usageFlags = regexp.MustCompile(`(?m)^ +(?:-[a-z], |    )(--[a-z][a-z-]*)`)
)

// The shell section of the README: its commands exist with the flags that it gives them, and it leaves out none.
func TestReadmeSaysWhatThereIs(t *testing.T) {
	section := shellSection(t)
	_, block, _ := strings.Cut(section, "```\n")
	block, rest, _ := strings.Cut(block, "```\n")
	root := newRoot(&options{})
	_, ofLines, _ := strings.Cut(rest, "Of the BUS `-`: ")
	ofLines, _, _ = strings.Cut(ofLines, ". ")
	wantFlags(t, "BUS -", flagNames.FindAllString(ofLines, -1), linesFlags())
	documented := map[string]bool{"completion": true} // in a paragraph of its own
	for line := range strings.Lines(block) {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "signalbox" {
			t.Errorf("this is no line of a command: %q", line)
			continue
		}
		name := words[1]
		documented[name] = true
		t.Run(name, func(t *testing.T) { checkCommand(t, root, name, flagNames.FindAllString(line, -1)) })
	}
	for _, c := range root.Commands() {
		if !documented[c.Name()] {
			t.Errorf("the README leaves out the command %s", c.Name())
		}
	}
	_, everywhere, found := strings.Cut(rest, "\nEverywhere: ")
	if !found {
		t.Fatal("the README does not say which flags there are everywhere")
	}
	everywhere, _, _ = strings.Cut(everywhere, ". ")
	wantFlags(t, "everywhere", flagNames.FindAllString(everywhere, -1), root.PersistentFlags())
}

// checkCommand wants the command with just the flags of its line, and its help to name each.
func checkCommand(t *testing.T, root *cobra.Command, name string, flags []string) {
	command, _, err := root.Find([]string{name})
	if err != nil || command == root {
		t.Fatalf("there is no command %s: %v", name, err)
	}
	if command.Flags().Lookup("station") != nil { // it reads lines
		flags = append(flags, flagNames.FindAllString(linesFlags().FlagUsages(), -1)...)
	}
	wantFlags(t, name, flags, command.LocalNonPersistentFlags())
	var out, errs bytes.Buffer
	if code := Main([]string{name, "--help"}, nil, &out, &errs); code != exitDone || errs.Len() > 0 {
		t.Errorf("%s --help ends with %d and says %s", name, code, errs.String())
	}
	for _, flag := range flags {
		if !strings.Contains(out.String(), flag+" ") {
			t.Errorf("the help of %s does not name %s:\n%s", name, flag, out.String())
		}
	}
}

// linesFlags are those of the commands that read lines.
func linesFlags() interface{ FlagUsages() string } {
	var command cobra.Command
	new(lineFlags).addTo(&command)
	return command.Flags()
}

// wantFlags compares the flags that are documented with those that exist.
func wantFlags(t *testing.T, where string, documented []string, exist interface{ FlagUsages() string }) {
	t.Helper()
	var names []string
	for _, found := range usageFlags.FindAllStringSubmatch(exist.FlagUsages(), -1) {
		if found[1] != "--help" {
			names = append(names, found[1])
		}
	}
	slices.Sort(names)
	slices.Sort(documented)
	if !slices.Equal(names, documented) {
		t.Errorf("%s: the README has the flags %v, the program %v", where, documented, names)
	}
}

func shellSection(t *testing.T) string {
	t.Helper()
	_, section, found := strings.Cut(readReadme(t), "## From the shell\n")
	if !found {
		t.Fatal("the README has no section about the shell")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	return section
}

func readReadme(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(readme)
}

// Every flag that the README names is one of some command.
func TestReadmeNamesFlagsThatExist(t *testing.T) {
	root := newRoot(&options{})
	exist := map[string]bool{"--version": true, "--help": true}
	for _, c := range append(root.Commands(), root) {
		for _, flags := range []interface{ FlagUsages() string }{c.LocalFlags(), c.PersistentFlags()} {
			for _, found := range usageFlags.FindAllStringSubmatch(flags.FlagUsages(), -1) {
				exist[found[1]] = true
			}
		}
	}
	for _, flag := range flagNames.FindAllString(readReadme(t), -1) {
		if !exist[flag] {
			t.Errorf("the README names the flag %s, which no command has", flag)
		}
	}
}
