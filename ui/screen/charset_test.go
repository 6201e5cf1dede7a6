package screen

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func TestCharsetIsDecidedByTheEnvironment(t *testing.T) {
	for _, test := range []struct {
		env   map[string]string
		plain bool
	}{
		{map[string]string{"TERM": "xterm-256color"}, false},
		{map[string]string{"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}, false},
		{map[string]string{"TERM": "xterm-256color", "LANG": "C.utf8"}, false},
		{map[string]string{"TERM": "dumb", "LANG": "de_DE.UTF-8"}, true},
		{map[string]string{"TERM": "xterm-256color", "LANG": "POSIX"}, true},
		{map[string]string{"TERM": "xterm-256color", "LANG": "de_DE.ISO-8859-1"}, true},
		{map[string]string{"LANG": "de_DE.UTF-8", "LC_CTYPE": "C"}, true},
		{map[string]string{"LANG": "de_DE.UTF-8", "LC_CTYPE": "C", "LC_ALL": "en_US.UTF-8"}, false},
		{map[string]string{"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, true},
	} {
		if got := CharsetFor(func(name string) string { return test.env[name] }).Plain(); got != test.plain {
			t.Errorf("%v: only ASCII is %v, want %v", test.env, got, test.plain)
		}
	}
}

func TestWhatCannotBeShownIsReplaced(t *testing.T) {
	c, text := Charset{ascii: true}, "╭ ▌é 订单 ✗ 3 → 4…"
	if got, want := c.Show(text), "+ >? ???? x 3 > 4~"; got != want {
		t.Errorf("on the screen: %q, want %q", got, want)
	}
	if got, want := string(c.Lines([]byte(text+"\xff"))), `+ >\u00e9 \u8ba2\u5355 x 3 > 4~\xff`; got != want {
		t.Errorf("in lines: %q, want %q", got, want)
	}
	if got := (Charset{}).Show(text); got != text {
		t.Errorf("where everything can be shown: %q", got)
	}
}

// Nothing but ASCII is left of any clean text, and it takes as many cells as before.
func TestShowKeepsCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := Clean(rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune("ae ─…✗é\u0301\u0903\u093e🚚订")))).Draw(t, "text"))
		got := Charset{ascii: true}.Show(text)
		if !isASCII(got) || len(got) != ansi.StringWidth(text) {
			t.Errorf("%q becomes %q", text, got)
		}
		if lines := (Charset{ascii: true}).Lines([]byte(text)); !isASCII(lines) {
			t.Errorf("%q becomes the line %q", text, lines)
		}
	})
}

// Whatever sign the program's own texts have, something stands for it.
func TestEverySignHasOneInASCII(t *testing.T) {
	for _, floor := range []string{"bus", "sources", "scenarios", "ui"} {
		err := filepath.WalkDir(filepath.Join("..", "..", floor), func(path string, file fs.DirEntry, err error) error {
			if err == nil && file.Name() == "hostile" { // texts for tests, not the program's
				return fs.SkipDir
			}
			if err != nil || file.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			var s scanner.Scanner
			set := token.NewFileSet()
			s.Init(set.AddFile(path, -1, len(source)), source, nil, 0)
			for {
				at, tok, text := s.Scan()
				if tok == token.EOF {
					return nil
				}
				if tok != token.STRING && tok != token.CHAR {
					continue
				}
				for _, r := range text {
					if _, ok := signs[r]; r > '~' && !ok {
						t.Errorf("%s: nothing stands for %q", set.Position(at), r)
					}
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
