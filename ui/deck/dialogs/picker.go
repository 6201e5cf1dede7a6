package dialogs

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
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
}

// Pick opens a list to choose from.
func Pick(d *component.Deck, title, prompt string, choices []Choice) {
	o := &picker{title: title, prompt: prompt, input: screen.NewInput(""), choices: choices}
	o.search()
	o.input.Focused = true
	d.Open(o)
}

// String and Len make a picker a fuzzy.Source.
func (o *picker) String(i int) string { return o.choices[i].Name }

// Len implements fuzzy.Source.
func (o *picker) Len() int { return len(o.choices) }

// search finds the choices for what is typed; all when nothing is. Those that have it in their name come first, then
// those that have it in what they are about, then those that have its letters in that order in their name.
func (o *picker) search() {
	o.list, o.found = screen.List{}, nil
	typed := strings.ToLower(strings.TrimSpace(o.input.Value()))
	var about []fuzzy.Match
	found := make([]bool, len(o.choices))
	for i, c := range o.choices {
		name := strings.ToLower(c.Name)
		switch at := strings.Index(name, typed); {
		case at >= 0:
			o.found = append(o.found, fuzzy.Match{Index: i, MatchedIndexes: span(at, len(typed))})
		case strings.Contains(strings.ToLower(c.About), typed):
			about = append(about, fuzzy.Match{Index: i})
		default:
			continue
		}
		found[i] = true
	}
	o.found = append(o.found, about...)
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

func (o *picker) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	t := d.Theme
	b := d.Layout().Centred(84, min(len(o.choices)+4, max(d.Layout().Height*2/3, 10)))
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: o.title, Info: []string{screen.Grouped(uint64(len(o.found)))}}
	l := screen.NewLine(width, "")
	l.Put(t.Accent, " "+o.prompt+" ")
	o.input.Draw(l, t, "")
	p.Lines = append(p.Lines, l.String(), screen.NewLine(width, "").String())
	rows := height - 2
	from, to := o.list.Scroll(len(o.found), rows)
	p.Total, p.Top, p.Visible = len(o.found), from, rows
	names := 0
	for _, c := range o.choices {
		names = max(names, screen.Cells(c.Name))
	}
	names = min(names, width/2) + 2
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, o.row(t, i, names, width))
	}
	if len(o.found) == 0 {
		p.Lines = append(p.Lines, screen.Note(t, width, "nothing by that name")...)
	}
	return p, b
}

func (o *picker) row(t *screen.Theme, i, names, width int) string {
	match := o.found[i]
	c := o.choices[match.Index]
	l := screen.NewRow(t, width, i == o.list.At, true)
	marked := map[int]bool{}
	for _, at := range match.MatchedIndexes {
		marked[at] = true
	}
	room := names
	for at, r := range screen.Cut(c.Name, names-1) {
		k := t.Text
		if marked[at] {
			k = t.Accent.With(t.Bright)
		}
		l.Put(k, string(r))
		room -= screen.Cells(string(r))
	}
	l.Gap(room)
	l.Left(t.Dim, screen.Cut(c.About, l.Free()-screen.Cells(c.Note)-2), max(l.Free()-screen.Cells(c.Note)-1, 0))
	l.Put(t.Key, c.Note)
	return l.String()
}

// Click implements component.Clickable: it chooses a row, and the second click takes it.
func (o *picker) Click(d *component.Deck, row int, again bool) tea.Cmd {
	row -= 3 // the border, and what is typed
	if row < 0 || o.list.Top+row >= len(o.found) {
		return nil
	}
	o.list.Move(o.list.Top+row-o.list.At, len(o.found), o.key)
	if again {
		return o.take(d)
	}
	return nil
}
