package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	version = regexp.MustCompile(`/v[0-9]+$`)
	quoted  = regexp.MustCompile("`([^`]+)`")
	fenced  = regexp.MustCompile("(?ms)^```.*?^```$")
	link    = regexp.MustCompile(`\]\(([^)]+)\)`)
	ours    = regexp.MustCompile(`^(\.ci|bus|docs|scenarios|sources|ui)(/[\w.-]+)*$`)
)

// Files and folders that the texts for people name are there.
func TestDocumentsNameFilesThatExist(t *testing.T) {
	for _, document := range []string{"README.md", "CONTRIBUTING.md", "docs/buses.md"} {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		var names []string
		text = fenced.ReplaceAll(text, nil)
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(match[1], "://") {
				names = append(names, match[1])
			}
		}
		for _, match := range quoted.FindAllStringSubmatch(string(text), -1) {
			if ours.MatchString(match[1]) {
				names = append(names, match[1])
			}
		}
		for _, name := range names {
			found++
			if _, err := os.Stat(name); err != nil {
				t.Errorf("%s names %s: %v", document, name, err)
			}
		}
		if found < 5 {
			t.Errorf("only %d files were found in %s", found, document)
		}
	}
}

// The table of dependencies in the README names the modules that go.mod requires directly, and no others.
func TestReadmeNamesTheDependencies(t *testing.T) {
	module, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	required := map[string]bool{} // and whether the README names it
	for line := range strings.Lines(string(module)) {
		fields := strings.Fields(line)
		if len(fields) == 2 && strings.HasPrefix(line, "\t") {
			required[version.ReplaceAllString(fields[0], "")] = false
		}
	}
	if len(required) < 10 {
		t.Fatalf("only %d modules were found in go.mod", len(required))
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(readme), "| dependency | for |\n")
	if !found {
		t.Fatal("the README has no table of dependencies")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	for row := range strings.Lines(table) {
		first, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
		for _, name := range quoted.FindAllStringSubmatch(first, -1) {
			path := version.ReplaceAllString(name[1], "")
			if _, ok := required[path]; !ok {
				path = "github.com/" + path
			}
			if _, ok := required[path]; !ok {
				t.Errorf("the README names %s, which go.mod does not require directly", name[1])
			}
			required[path] = true
		}
	}
	for path, named := range required {
		if !named {
			t.Errorf("go.mod requires %s, which the README does not name", path)
		}
	}
}

// The blocks of Go in docs/buses.md are parts of the files that they name.
func TestBusesQuotesTheTree(t *testing.T) {
	page, err := os.ReadFile("docs/buses.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```go\n// (\\S+)\n(.*?)^```$").FindAllStringSubmatch(string(page), -1)
	if all := strings.Count(string(page), "```go"); len(blocks) != all || all < 5 {
		t.Errorf("%d of %d blocks begin with the name of their file", len(blocks), all)
	}
	for _, block := range blocks {
		file, err := os.ReadFile(block[1])
		if err != nil {
			t.Error(err)
		} else if !strings.Contains(string(file), block[2]) {
			t.Errorf("%s has no such part:\n%s", block[1], block[2])
		}
	}
}
