package screen

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// pressed is a key as Bubble Tea sends it.
func pressed(name string) tea.KeyPressMsg {
	rest, ctrl := strings.CutPrefix(name, "ctrl+")
	k := tea.KeyPressMsg{Text: rest}
	switch rest {
	case "enter":
		k = tea.KeyPressMsg{Code: tea.KeyEnter}
	case "left":
		k = tea.KeyPressMsg{Code: tea.KeyLeft}
	case "up":
		k = tea.KeyPressMsg{Code: tea.KeyUp}
	case "home":
		k = tea.KeyPressMsg{Code: tea.KeyHome}
	case "delete":
		k = tea.KeyPressMsg{Code: tea.KeyDelete}
	default:
		k.Code = []rune(rest)[0]
	}
	if ctrl {
		k.Mod, k.Text = tea.ModCtrl, ""
	}
	return k
}

func TestInputEdits(t *testing.T) {
	tests := []struct {
		name string
		many bool
		keys []string
		want string
		at   int
	}{
		{"types", false, []string{"a", "b"}, "one twoab", 9},
		{"deletes words", false, []string{"ctrl+w", "x"}, "one x", 5},
		{"deletes to the start and goes on", false, []string{"ctrl+u", "z"}, "z", 1},
		{"deletes one part of a subject", false, []string{"ctrl+u", "a", ".", "b", ".", "c", "d", "ctrl+w"}, "a.b.", 4},
		{"moves by words", false, []string{"ctrl+left", "ctrl+left", "X"}, "Xone two", 1},
		{"deletes forward", false, []string{"home", "delete", "ctrl+k"}, "", 0},
		{"takes no line break", false, []string{"enter", "!"}, "one two!", 8},
		{"takes line breaks", true, []string{"enter", "a", "up", "home", "-"}, "-one two\na", 1},
		{"keeps the column", true, []string{"enter", "a", "b", "up", "X"}, "onXe two\nab", 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := Input{Many: test.many}
			in.Set("one two")
			for _, k := range test.keys {
				in.Update(pressed(k))
			}
			if in.Value() != test.want || in.At != test.at {
				t.Errorf("got %q with the cursor at %d, want %q at %d", in.Value(), in.At, test.want, test.at)
			}
		})
	}
}

// What was there is sent as it was, whatever it is.
func TestInputKeepsWhatItWasGiven(t *testing.T) {
	for _, text := range []string{"a\tb", "a\x00\x1b[31mb", "user\u202etxt.exe", "a\u200bb", "👩\u200d💻"} {
		in := NewInput(text)
		if in.Value() != text {
			t.Errorf("%q is kept as %q", text, in.Value())
		}
		for at := range len([]rune(text)) + 1 {
			in.At, in.Focused = at, true
			l := NewLine(12, "")
			in.Draw(l, NewTheme(true), "hint")
			row := ansi.Strip(l.String())
			checkClean(t, text, row)
			if Cells(row) != 12 {
				t.Errorf("%q with the cursor before rune %d takes %d cells of 12: %q", text, at, Cells(row), row)
			}
		}
	}
}

func TestInputTakesPastes(t *testing.T) {
	for _, test := range []struct {
		many bool
		want string
	}{{false, "x{  1 }"}, {true, "x{\n\n1\n}"}} {
		in := Input{Many: test.many}
		in.Set("x")
		if !in.Update(tea.PasteMsg{Content: "{\r\n\r1\n}"}) || in.Value() != test.want {
			t.Errorf("with many lines %t a paste gives %q, want %q", test.many, in.Value(), test.want)
		}
	}
	in := NewInput("x")
	in.Update(tea.PasteMsg{Content: strings.Repeat("y", 2*mostTyped)})
	if n := len(in.Value()); n != mostTyped {
		t.Errorf("%d bytes are held, %d may be", n, mostTyped)
	}
	if in.Update(tea.PasteMsg{}) {
		t.Error("an empty paste has changed the text")
	}
}

// A row shows where the cursor is, however long the text before it is.
func TestInputShowsTheCursor(t *testing.T) {
	in := NewInput(strings.Repeat("日本", 1000) + "end")
	in.Focused = true
	l := NewLine(10, "")
	in.Draw(l, NewTheme(true), "")
	if row := ansi.Strip(l.String()); row != "日本end   " {
		t.Errorf("the row is %q", row)
	}
	in.At = 0
	l = NewLine(10, "")
	in.Draw(l, NewTheme(true), "")
	if row := l.String(); !strings.Contains(row, "7m日") {
		t.Errorf("the cursor is not on the first letter: %q", row)
	}
}
