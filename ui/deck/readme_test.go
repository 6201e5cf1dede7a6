package deck

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"signalbox/ui/screen"
)

var (
	codeSpan = regexp.MustCompile("`([^`]+)`")
	plainKey = regexp.MustCompile(`\b(?:PgUp|PgDn|End|Home|arrows)\b`)
)

// readmeNames are keys as Bubble Tea names them, where the README writes them otherwise.
var readmeNames = map[string][]string{
	"PgUp": {"pgup"}, "PgDn": {"pgdown"}, "End": {"end"}, "Home": {"home"}, "arrows": {"up", "down"}, "→": {"right"}, "←": {"left"},
}

func readReadme(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(readme)
}

// anyShell is a shell that there is.
type anyShell struct{ Job }

// Each key of the README is one of the deck's, which its help lists.
func TestReadmeKeysExist(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	var listed []string
	withShell := &model{job: anyShell{}}
	for _, key := range append(s.model.keys.All(), withShell.shellKeys()...) {
		listed = append(listed, key.Names...)
	}
	check := func(written string) {
		names := []string{written}
		if other, ok := readmeNames[written]; ok {
			names = other
		}
		for _, name := range names {
			if !slices.Contains(listed, name) {
				t.Errorf("the README has the key %s, which the deck's help does not list", written)
			}
		}
	}
	_, table, found := strings.Cut(readReadme(t), "| key | |\n| --- | --- |\n")
	if !found {
		t.Fatal("the README has no table of keys")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	rows := slices.Collect(strings.Lines(table))
	if len(rows) < 8 {
		t.Fatalf("only %d rows of keys were found in the README", len(rows))
	}
	for _, row := range rows {
		first := strings.Split(row, "|")[1]
		for _, key := range codeSpan.FindAllStringSubmatch(first, -1) {
			check(key[1])
		}
		for _, key := range plainKey.FindAllString(first, -1) {
			check(key)
		}
	}
	inText := []string{"enter", "esc", "tab"} // and letters alone
	for _, span := range codeSpan.FindAllStringSubmatch(strings.Replace(readReadme(t), table, "", 1), -1) {
		if letter := regexp.MustCompile(`^[A-Za-z]$`).MatchString(span[1]); letter || slices.Contains(inText, span[1]) {
			check(span[1])
		}
	}
}

// [ goes back in time whatever pane has the focus, but for the state, whose versions it steps through.
func TestReadmeSaysWhatStepsInTime(t *testing.T) {
	for _, pane := range []string{"1", "2", "3", "4"} {
		s := drive(t, demo(), 120, 36)
		s.key(pane, "[")
		if s.model.Time.At() == 0 {
			t.Errorf("[ in pane %s is not back in time", pane)
		}
		if s.key("esc"); s.model.Time.At() != 0 {
			t.Errorf("esc in pane %s is not now", pane)
		}
	}
	s := drive(t, demo(), 120, 36)
	s.key("5", "[")
	if s.model.Time.At() != 0 {
		t.Error("[ in the state is back in time: the README says that it steps through versions")
	}
}

// The picture in the README is the deck's: as wide, with its panes, the headings of their columns and its footer.
func TestReadmePicture(t *testing.T) {
	_, picture, _ := strings.Cut(readReadme(t), "\n```\n")
	picture, _, found := strings.Cut(picture, "\n```\n")
	if !found {
		t.Fatal("the README has no picture")
	}
	lines := strings.Split(picture, "\n")
	for i, line := range lines[1 : len(lines)-1] {
		if cells := screen.Cells(line); cells != 120 {
			t.Errorf("line %d of the picture has %d cells: %s", i+2, cells, line)
		}
	}
	s := drive(t, demo(), 120, 36)
	drawn := strings.Split(s.screen(), "\n")
	if footer := strings.TrimRight(drawn[len(drawn)-1], " "); lines[len(lines)-1] != footer {
		t.Errorf("the picture's footer is\n%s\nand the deck's\n%s", lines[len(lines)-1], footer)
	}
	for _, words := range []string{"1 Stations", "2 Events", "3 Consumers", "4 Entities", "5 ", "lag  unacked", "given up", "[ ] step"} {
		if !strings.Contains(picture, words) || !strings.Contains(s.screen(), words) {
			t.Errorf("%q is not in both the README's picture and the deck", words)
		}
	}
}
