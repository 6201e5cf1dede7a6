package screen

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Theme names the styles by what they mean. Colour is never the only sign: whatever is good, bad or chosen also says so
// in letters.
type Theme struct {
	Text, Bright, Dim, Faint Style // the terminal's own text, stronger, weaker, weakest
	Accent, Good, Warn, Bad  Style
	Frame, FrameOn           Style // borders: of a pane, of the focused pane
	Title, TitleOn           Style
	Tab, Reverse             Style // of the focused pane; of what enter would press
	Chosen, ChosenOn         Style // backgrounds of the chosen row: in a pane without focus, with it
	Spark                    Style
	Key                      Style // keys in the footer and in help
	Name, Number, Word       Style // JSON: names, numbers and texts
	Flag                     Style // a state that one must not overlook: frozen, at an earlier time
	Hues                     [6]Style

	past *Theme // for the borders of what shows an earlier moment
}

// OfPast is the theme with other borders, for what shows an earlier moment.
func (t *Theme) OfPast() *Theme {
	if t.past == nil {
		return t
	}
	return t.past
}

// NewTheme makes the theme for a dark or a light background.
func NewTheme(dark bool) *Theme {
	either := lipgloss.LightDark(dark)
	plain := lipgloss.NewStyle()
	pick := func(light, onDark string) Style {
		return styleOf(plain.Foreground(either(lipgloss.Color(light), lipgloss.Color(onDark))))
	}
	back := func(light, onDark string) Style {
		return styleOf(plain.Background(either(lipgloss.Color(light), lipgloss.Color(onDark))))
	}
	bold, reverse := styleOf(plain.Bold(true)), styleOf(plain.Reverse(true))
	t := &Theme{
		Bright: bold, Reverse: reverse, Dim: pick("#5f5f5f", "#9a9a9a"), Faint: pick("#757575", "#6c6c6c"),
		Accent: pick("#0b66c3", "#5cb8ff"), Good: pick("#1a7f37", "#6fd08c"),
		Warn: pick("#9a6700", "#e8b84a"), Bad: pick("#c42b1c", "#ff7f73"),
		Frame: pick("#c3ccd5", "#444b54"), FrameOn: pick("#0b66c3", "#5cb8ff"),
		Chosen: back("#eeeeee", "#24272c"), ChosenOn: back("#d6e8fb", "#303a46"),
		Number: pick("#9a4b00", "#f0a868"), Word: pick("#1a7f37", "#97d59b"), Spark: pick("#4a8fc7", "#3f7fb5"),
	}
	t.Title, t.TitleOn = t.Dim, t.Accent.With(bold)
	t.Tab = t.TitleOn.With(reverse)
	t.Key, t.Name = t.Accent, t.Accent
	t.Flag = t.Warn.With(bold).With(reverse)
	t.Hues = [6]Style{pick("#0b66c3", "#6cb6ff"), pick("#8250df", "#c3a1ff"), pick("#0f766e", "#5fd3c4"),
		pick("#9a6700", "#e3c06a"), pick("#b0307a", "#f59ac8"), pick("#3f7d20", "#a5d36b")}
	past := *t
	past.Frame, past.FrameOn, past.TitleOn = pick("#d9b45b", "#8a6a24"), t.Warn, t.Warn.With(bold)
	t.past = &past
	return t
}

// styleOf takes from a style the parameters of the sequence that it begins text with. A frame puts hundreds of texts on
// the screen; rendering each through its style would take most of the frame's time.
func styleOf(from lipgloss.Style) Style {
	before, _, _ := strings.Cut(from.Render("x"), "x")
	return Style(strings.TrimSuffix(strings.TrimPrefix(before, "\x1b["), "m"))
}

// PlainTheme has no styles at all: what lies behind an overlay is drawn with it, so that it can be cut by cells.
var PlainTheme = &Theme{}

// Hue gives a name its colour, always the same one.
func (t *Theme) Hue(name string) Style {
	hash := uint32(2166136261)
	for i := 0; i < len(name); i++ {
		hash = (hash ^ uint32(name[i])) * 16777619
	}
	return t.Hues[hash%uint32(len(t.Hues))]
}
