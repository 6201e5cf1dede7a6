package screen

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
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
