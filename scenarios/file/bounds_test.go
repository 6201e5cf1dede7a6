package file

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each of these took gigabytes, or for ever.
func TestFilesHaveBounds(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	const deep = "more than 64 lists and mappings are inside each other"
	for name, c := range map[string]struct{ text, want string }{
		"lists":          {strings.Repeat("[", 50_000), "the file has more than 20000 words and signs"},
		"fewer lists":    {"a: " + strings.Repeat("[", 15_000), "1:67: " + deep},
		"mappings":       {"a: " + strings.Repeat("{a: ", 5_000), "1:256: " + deep},
		"dashes":         {strings.Repeat("- ", 5_000), "1:129: " + deep},
		"question marks": {strings.Repeat("? ", 5_000), "1:129: " + deep},
		"keys of keys":   {strings.Repeat("a: ", 5_000), "1:194: " + deep},
		"indented": {func() string {
			var text strings.Builder
			for i := range 100 {
				text.WriteString(strings.Repeat(" ", i) + "a:\n")
			}
			return text.String()
		}(), "65:66: " + deep},
		"aliases": {bomb, "with what its aliases stand for the file has more than 100000 values"},
		"size":    {"# " + strings.Repeat("x", maxSize), "1:1: the file is larger than 128 KiB"},
		"words":   {"a: [" + strings.Repeat("1, ", 20_000) + "1]", "the file has more than 20000 words and signs"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			if err = InFile("x.yaml", err); err == nil {
				t.Fatal("it is taken")
			}
			if !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "x.yaml:") || strings.HasPrefix(err.Error(), "x.yaml:0") {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// Siblings are not inside each other, and an alias may be used as often as people write it.
func TestUsualFilesAreInBounds(t *testing.T) {
	var text strings.Builder
	text.WriteString("base: &base { a: [1, { b: 2 }] }\n")
	for i := range 500 {
		fmt.Fprintf(&text, "k%d:\n  - x: *base\n    y:\n      z: [1, 2]\n  - w\n", i)
	}
	if _, err := Parse([]byte(text.String())); err != nil {
		t.Error(err)
	}
}

func TestReadIsBounded(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.yaml")
	if err := os.WriteFile(name, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(name); err == nil || err.Error() != name+":1:1: the file is larger than 128 KiB" {
		t.Errorf("a megabyte: %v", err)
	}
	if _, err := Read("/dev/zero"); err == nil {
		t.Error("an endless file is taken")
	}
}

// Whatever is repeated, the parser's trouble is an error with a place.
func TestHostileFilesAreErrors(t *testing.T) {
	for _, text := range []string{"---\n", "%YAML 1.2\n", "&a ", "!a ", "]", "}", ": ", "*a ", "<<: ", "'", "\"", "|", ">", "\x00", "...\n", "? a\n", "a: 1, ", "!!binary ", "# a\n"} {
		for _, before := range []string{"", "a: ", "- ", "[", "{", "&a [b, "} {
			_, err := Parse([]byte(before + strings.Repeat(text, 300)))
			if err = InFile("x.yaml", err); err != nil && (!strings.HasPrefix(err.Error(), "x.yaml:") || len(err.Error()) > 400) {
				t.Errorf("%q, %q: %.200v", before, text, err)
			}
		}
	}
}
