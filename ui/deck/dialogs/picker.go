package dialogs

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// Choice is a line of a picker.
type Choice struct {
	Name  string // what typing is compared with, and what is shown first
	About string
	Note  string // at the right: a key
	Pick  func(*component.Deck) tea.Cmd
}

// picker is a list to choose from by typing some letters of a name.
type picker struct {
	title   string
	prompt  string
	input   screen.Input
	choices []Choice
	found   []fuzzy.Match
	list    screen.List
	drawn   []int // which of those found each line shows
}

// Pick opens a list to choose from.
func Pick(d *component.Deck, title, prompt string, choices []Choice) {
	o := &picker{title: title, prompt: prompt, input: screen.NewInput(""), choices: choices}
	o.search()
	o.input.Focused = true
	d.Open(o)
}

// String and Len make a picker a fuzzy.Source.
func (o *picker) String(i int) string { return o.choices[i].Name + " " + o.choices[i].Note }

// Len implements fuzzy.Source.
func (o *picker) Len() int { return len(o.choices) }

// search finds the choices for what is typed; all when nothing is. The one whose key it is comes first, then those that have
// it in their name, those that have it in what they are about or in their key, and those that have its letters in that order.
func (o *picker) search() {
	o.list, o.found = screen.List{}, nil
	exact := strings.TrimSpace(o.input.Value())
	typed := strings.ToLower(exact)
	var keys, names, about []fuzzy.Match
	found := make([]bool, len(o.choices))
	for i, c := range o.choices {
		at := strings.Index(strings.ToLower(c.Name), typed)
		m := fuzzy.Match{Index: i}
		if at >= 0 {
			m.MatchedIndexes = span(at, len(typed))
		}
		switch {
		case exact != "" && slices.Contains(strings.Fields(c.Note), exact):
			keys = append(keys, m)
		case at >= 0:
			names = append(names, m)
		case strings.Contains(strings.ToLower(c.About), typed), strings.Contains(strings.ToLower(c.Note), typed):
			about = append(about, m)
		default:
			continue
		}
		found[i] = true
	}
	o.found = slices.Concat(keys, names, about)
	for _, m := range fuzzy.FindFrom(typed, o) {
		if !found[m.Index] {
			o.found = append(o.found, m)
		}
	}
}

// span is so many indexes from one on.
func span(from, n int) []int {
	indexes := make([]int, n)
	for i := range indexes {
		indexes[i] = from + i
	}
	return indexes
}

// Name implements component.Overlay.
func (o *picker) Name() string { return "a list to choose from" }

// Field implements component.Writing.
func (o *picker) Field() *screen.Input { return &o.input }

func (o *picker) Typing() bool { return true }
func (o *picker) Moves() bool  { return true }

func (o *picker) key(i int) string { return o.choices[o.found[i].Index].Name }

func (o *picker) Move(_ *component.Deck, by int) { o.list.Move(by, len(o.found), o.key) }

func (o *picker) Update(_ *component.Deck, msg tea.Msg) tea.Cmd {
	if o.input.Update(msg) {
		o.search()
	}
	return nil
}

// take does what the chosen line is for.
func (o *picker) take(d *component.Deck) tea.Cmd {
	if len(o.found) == 0 {
		return nil
	}
	d.Close()
	return o.choices[o.found[o.list.At].Index].Pick(d)
}

// complete types the rest of the chosen name.
func (o *picker) complete(*component.Deck) tea.Cmd {
	if len(o.found) > 0 {
		o.input.Set(o.key(o.list.At))
		o.search()
	}
	return nil
}

// Click implements component.Clickable: it chooses a row, and the second click takes it.
func (o *picker) Click(d *component.Deck, row int, again bool) tea.Cmd {
	row -= 3 // the border, and what is typed
	if row < 0 || row >= len(o.drawn) {
		return nil
	}
	o.list.Move(o.drawn[row]-o.list.At, len(o.found), o.key)
	if again {
		return o.take(d)
	}
	return nil
}
