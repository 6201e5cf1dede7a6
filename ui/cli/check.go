package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"signalbox/scenarios"
	"signalbox/scenarios/file"
	"signalbox/scenarios/script"
	"signalbox/ui/cli/internal/config"
	"signalbox/ui/screen"
)

func newCheck(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE…",
		Short: "Check domains, scripts and the configuration: errors with line and column",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			library, err := o.library()
			if err != nil {
				return err
			}
			var wrong []error
			for _, file := range args {
				what, err := checkFile(library, file)
				if err != nil {
					wrong = append(wrong, err)
					continue
				}
				fmt.Fprintf(o.out, "%s: %s\n", screen.Clean(file), screen.Clean(what))
			}
			return errors.Join(wrong...)
		},
	}
}

// checkFile reads one file as what it is, and says what is in it. A domain stays in the library, for the scripts in the
// files after it.
func checkFile(library *scenarios.Library, file string) (what string, err error) {
	if filepath.Base(file) == config.File {
		if _, err := os.Stat(file); err != nil {
			return "", fmt.Errorf("checking: %w", err)
		}
		_, err := config.Read(file)
		return "configuration", err
	}
	scripts, domain, err := readScripts(library, file)
	if err != nil {
		return "", err
	}
	if domain == "" {
		return screen.Plural(uint64(len(scripts)), "script"), nil
	}
	commands := uint64(0)
	for _, c := range library.Commands() {
		if c.Domain == domain {
			commands++
		}
	}
	return fmt.Sprintf("domain %s, %s, %s", domain, screen.Plural(commands, "command"), screen.Plural(uint64(len(scripts)), "script")), nil
}

// readScripts reads the scripts of a file: a domain, which is added to the library, or scripts alone.
func readScripts(library *scenarios.Library, name string) (scripts []*script.Script, domain string, err error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, "", fmt.Errorf("reading a domain or scripts: %w", err)
	}
	domain = domainOf(text)
	if domain == "" {
		scripts, err = library.LoadScript(name, text)
		return scripts, "", err
	}
	if err := library.Add(name, text); err != nil {
		return nil, "", err
	}
	for _, s := range library.Scripts() {
		if s.Domain == domain {
			scripts = append(scripts, s)
		}
	}
	return scripts, domain, nil
}

// domainOf is the name of the domain that a file describes, or "".
func domainOf(text []byte) string {
	tree, err := file.Parse(text)
	if err != nil {
		return ""
	}
	pairs, _ := file.Pairs(tree)
	for _, pair := range pairs {
		if pair.Name == "domain" {
			name, _ := file.Scalar(pair.Value)
			return name
		}
	}
	return ""
}
