package cli

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	documentBlock = regexp.MustCompile("(?ms)^```(yaml|console) ?(\\S*)\n(.*?)^```$")
	topKey        = regexp.MustCompile(`(?m)^[a-z-]+:`)
	expectation   = regexp.MustCompile(`(?m)^( +- expect: \{.*[^s]) \}$`) // which is not to hold never
	nameBelow     = regexp.MustCompile(`(?m)^  [A-Za-z-]+:`)
)

// sections are the parts of a YAML text by the words that they begin with, in order.
func sections(text string, begin *regexp.Regexp) (keys []string, parts map[string]string) {
	parts = map[string]string{}
	at := begin.FindAllStringIndex(text, -1)
	for i, span := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		key := text[span[0]:span[1]]
		keys = append(keys, key)
		parts[key] = text[span[0]:end]
	}
	return keys, parts
}

// added puts new rules, commands and scripts in the place of those of their names, or behind all.
func added(before, now string) string {
	names, parts := sections(before, nameBelow)
	more, news := sections(now, nameBelow)
	first, _, _ := strings.Cut(now, "\n")
	all := first + "\n"
	for _, name := range append(names, slices.DeleteFunc(more, func(n string) bool { return parts[n] != "" })...) {
		all += cmp.Or(news[name], parts[name])
	}
	return all
}

// The file that docs/domains.md builds up passes check after each step, and its commands answer as they do there.
func TestDomainsDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/domains.md")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	var order []string
	whole := map[string]string{}
	commands := 0
	for _, block := range documentBlock.FindAllStringSubmatch(string(text), -1) {
		kind, name, body := block[1], block[2], block[3]
		switch {
		case kind == "console":
			for _, use := range strings.Split(body, "$ signalbox ")[1:] {
				commands++
				checkUse(t, folder, use)
			}
		case name != "":
			write(t, folder, name, body)
		default:
			keys, parts := sections(body, topKey)
			for _, key := range keys {
				if _, there := whole[key]; !there {
					order = append(order, key)
				}
				if slices.Contains([]string{"fold:", "commands:", "scripts:"}, key) && whole[key] != "" {
					parts[key] = added(whole[key], parts[key])
				}
				whole[key] = parts[key]
			}
			var file strings.Builder
			for _, key := range order {
				file.WriteString(whole[key])
			}
			patient := expectation.ReplaceAllString(file.String(), "$1, within: 60s }") // however slow the machine is
			write(t, folder, "loans.yaml", patient)
			if code, _, errs := runIn(t, folder, "check", "--strict", "loans.yaml"); code != exitDone {
				t.Errorf("after\n%s\ncheck ends with %d: %s", body, code, errs)
			}
		}
	}
	if commands < 4 {
		t.Errorf("only %d commands were found", commands)
	}
}

// The files that docs/scripts.md shows pass check, and its commands answer as they do there.
func TestScriptsDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/scripts.md")
	if err != nil {
		t.Fatal(err)
	}
	folder, commands := t.TempDir(), 0
	for _, block := range documentBlock.FindAllStringSubmatch(string(text), -1) {
		kind, name, body := block[1], block[2], block[3]
		switch {
		case kind == "console":
			for _, use := range strings.Split(body, "$ signalbox ")[1:] {
				commands++
				checkUse(t, folder, use)
			}
		case name == "":
			t.Errorf("an example without a file that is run:\n%s", body)
		default:
			write(t, folder, name, expectation.ReplaceAllString(body, "$1, within: 60s }"))
		}
	}
	if commands < 3 {
		t.Errorf("only %d commands were found", commands)
	}
}

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// checkUse runs a command and wants each line of its answer, in order.
func checkUse(t *testing.T, folder, use string) {
	t.Helper()
	line, answer, _ := strings.Cut(use, "\n")
	_, out, errs := runIn(t, folder, strings.Fields(line)...)
	left := out + errs
	for want := range strings.Lines(answer) {
		want = strings.TrimSpace(want)
		_, after, found := strings.Cut(left, want)
		if !found {
			t.Errorf("signalbox %s: its answer lacks %q:\n%s%s", line, want, out, errs)
			return
		}
		left = after
	}
}
