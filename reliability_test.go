package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What docs/reliability.md names as proof is there: each test in the folder that is said.
func TestReliabilityNamesTestsThatAreThere(t *testing.T) {
	text, err := os.ReadFile("docs/reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)\\w+)`").FindAllStringSubmatch(string(text), -1)
	placed := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)\\w+)` in\\s+`([\\w./-]+)`").FindAllStringSubmatch(string(text), -1)
	if len(placed) != len(named) || len(named) < 20 {
		t.Errorf("%d tests are named, and of %d the folder is said: want both the same, and many", len(named), len(placed))
	}
	for _, one := range placed {
		name, folder := one[1], one[2]
		if !tests(t, folder, "func "+name+"(") {
			t.Errorf("there is no %s in %s", name, folder)
		}
	}
	for _, one := range regexp.MustCompile("`([\\w-]+\\.txtar)`").FindAllStringSubmatch(string(text), -1) {
		if _, err := os.Stat(filepath.Join("ui/cli/testdata/script", one[1])); err != nil {
			t.Error(err)
		}
	}
}

// tests tells whether the test files of a folder hold a text.
func tests(t *testing.T, folder, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(source), text) {
			return true
		}
	}
	return false
}
