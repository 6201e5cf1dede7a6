package deck

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// theme names the styles by what they mean. Colour is never the only sign: whatever is good, bad or chosen also says so
// in letters.
type theme struct {
	text, bright, dim, faint style // the terminal's own text, stronger, weaker, weakest
	accent, good, warn, bad  style
	frame, frameOn           style // borders: of a pane, of the focused pane
	title, titleOn           style
	tab, reverse             style // of the focused pane; of what enter would press
	chosen, chosenOn         style // backgrounds of the chosen row: in a pane without focus, with it
	spark                    style
	key                      style // keys in the footer and in help
	name, number, word       style // JSON: names, numbers and texts
	flag                     style // a state that one must not overlook: frozen, at an earlier time
	hues                     [6]style
}

// newTheme makes the theme for a dark or a light background.
func newTheme(dark bool) *theme {
	either := lipgloss.LightDark(dark)
	plain := lipgloss.NewStyle()
	pick := func(light, onDark string) style {
		return styleOf(plain.Foreground(either(lipgloss.Color(light), lipgloss.Color(onDark))))
	}
	back := func(light, onDark string) style {
		return styleOf(plain.Background(either(lipgloss.Color(light), lipgloss.Color(onDark))))
	}
	bold, reverse := styleOf(plain.Bold(true)), styleOf(plain.Reverse(true))
	t := &theme{
		bright: bold, reverse: reverse, dim: pick("#5f5f5f", "#9a9a9a"), faint: pick("#949494", "#6c6c6c"),
		accent: pick("#0b66c3", "#5cb8ff"), good: pick("#1a7f37", "#6fd08c"),
		warn: pick("#9a6700", "#e8b84a"), bad: pick("#c42b1c", "#ff7f73"),
		frame: pick("#c3ccd5", "#444b54"), frameOn: pick("#0b66c3", "#5cb8ff"),
		chosen: back("#eeeeee", "#24272c"), chosenOn: back("#d6e8fb", "#303a46"),
		number: pick("#9a4b00", "#f0a868"), word: pick("#1a7f37", "#97d59b"), spark: pick("#4a8fc7", "#3f7fb5"),
	}
	t.title, t.titleOn = t.dim, t.accent.with(bold)
	t.tab = t.titleOn.with(reverse)
	t.key, t.name = t.accent, t.accent
	t.flag = t.warn.with(bold).with(reverse)
	t.hues = [6]style{pick("#0b66c3", "#6cb6ff"), pick("#8250df", "#c3a1ff"), pick("#0f766e", "#5fd3c4"),
		pick("#9a6700", "#e3c06a"), pick("#b0307a", "#f59ac8"), pick("#3f7d20", "#a5d36b")}
	return t
}

// styleOf takes from a style the parameters of the sequence that it begins text with. A frame puts hundreds of texts on
// the screen; rendering each through its style would take most of the frame's time.
func styleOf(from lipgloss.Style) style {
	before, _, _ := strings.Cut(from.Render("x"), "x")
	return style(strings.TrimSuffix(strings.TrimPrefix(before, "\x1b["), "m"))
}

// shadow is the theme of what lies behind an overlay: no styles at all, so that lines can be cut by their cells.
var shadow = &theme{}

// hue gives a name its colour, always the same one.
func (t *theme) hue(name string) style {
	hash := uint32(2166136261)
	for i := 0; i < len(name); i++ {
		hash = (hash ^ uint32(name[i])) * 16777619
	}
	return t.hues[hash%uint32(len(t.hues))]
}
