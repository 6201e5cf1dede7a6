package cli

import (
	"slices"
	"strings"
	"testing"
)

// The examples in the help are of commands and flags that there are, and short enough to be shown whole.
func TestExamplesAreTaken(t *testing.T) {
	root := newRoot(&options{})
	for _, c := range append(root.Commands(), root) {
		if c.Name() == "completion" || c.Name() == "help" {
			continue
		}
		if c.Example == "" {
			t.Errorf("%s has no example", c.Name())
		}
		for line := range strings.Lines(c.Example) {
			line = strings.TrimSpace(line)
			if len(line) > 110 {
				t.Errorf("%q is cut short in a help of 120 columns", line)
			}
			words := shellWord.FindAllString(line, -1)
			if end := slices.IndexFunc(words, func(w string) bool { return w == "|" || strings.HasPrefix(w, "<") }); end >= 0 {
				words = words[:end]
			}
			found, args, err := newRoot(&options{}).Find(words[1:])
			if err != nil || found.Name() != c.Name() {
				t.Errorf("%q is no line of %s: %v", line, c.Name(), err)
				continue
			}
			if err := found.ParseFlags(args); err != nil {
				t.Errorf("%q: %v", line, err)
			}
		}
	}
}

// The help keeps the order of a command's arguments: what draws it puts what is in brackets, from the first to the last of
// them, behind all else.
func TestHelpKeepsTheOrderOfArguments(t *testing.T) {
	root := newRoot(&options{})
	for _, c := range append(root.Commands(), root) {
		if open := strings.Index(c.Use, "["); open >= 0 && !strings.HasSuffix(c.Use, "]") {
			t.Errorf("%q is shown with %q first", c.Use, c.Use[strings.LastIndex(c.Use, "]")+1:])
		}
	}
}
