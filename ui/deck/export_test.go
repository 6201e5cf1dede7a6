package deck

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// linesOf are the lines of a file.
func linesOf(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// E writes the events that the list has to a file whose name says the form, or those alone that were picked.
func TestEventsAreWrittenToAFile(t *testing.T) {
	f := demo()
	s := drive(t, f, 120, 36)
	dir := t.TempDir()
	write := func(name string) *driver {
		s.key("E").shows("write events to a file", "events-")
		return s.key("ctrl+u").write("export " + filepath.Join(dir, name)).key("enter")
	}
	s.key("2")
	write("all.ndjson").shows("wrote " + strconv.Itoa(len(f.events)) + " events")
	if n := len(linesOf(t, filepath.Join(dir, "all.ndjson"))); n != len(f.events) {
		t.Errorf("%d lines of %d events", n, len(f.events))
	}
	s.key("/").write("type:PICKUP_PRODUCTS").key("enter")
	write("some.csv")
	lines := linesOf(t, filepath.Join(dir, "some.csv"))
	wanted := 0
	for _, e := range f.events {
		if e.Type == "PICKUP_PRODUCTS" {
			wanted++
		}
	}
	if !strings.HasPrefix(lines[0], "time,bus,station,") || len(lines) != wanted+1 {
		t.Errorf("%d lines of %d events:\n%s", len(lines), wanted, strings.Join(lines, "\n"))
	}

	s.key("esc", "up", "up", "p", "p").shows(" 2 picked ")
	write("some.csv").shows("some.csv is there already", " 2 picked ")
	write("none.txt").shows("want a name that ends in .ndjson or .csv")
	s.key("esc")
	write("two.jsonl").shows("wrote 2 events")
	s.hides(" picked ")
	if n := len(linesOf(t, filepath.Join(dir, "two.jsonl"))); n != 2 {
		t.Errorf("%d lines of 2 events", n)
	}
	s.key("up", "p").shows(" 1 picked ")
	s.key("up", "p").hides(" picked ")
}
