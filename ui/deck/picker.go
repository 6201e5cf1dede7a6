package deck

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"signalbox/ui/screen"
)

// choice is a line of a picker.
type choice struct {
	name  string // what typing is compared with, and what is shown first
	about string
	note  string // at the right: a key
	pick  func(*deck) tea.Cmd
}

// picker is a list to choose from by typing some letters of a name.
type picker struct {
	title   string
	prompt  string
	input   screen.Input
	choices []choice
	found   []fuzzy.Match
	list    screen.List
}

// openPicker opens a list to choose from.
func (d *deck) openPicker(title, prompt string, choices []choice) tea.Cmd {
	o := &picker{title: title, prompt: prompt, input: screen.NewInput(""), choices: choices}
	o.search()
	o.input.Focused = true
	d.open(o)
	return nil
}

// String and Len make a picker a fuzzy.Source.
func (o *picker) String(i int) string { return o.choices[i].name }

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
		name := strings.ToLower(c.name)
		switch at := strings.Index(name, typed); {
		case at >= 0:
			o.found = append(o.found, fuzzy.Match{Index: i, MatchedIndexes: span(at, len(typed))})
		case strings.Contains(strings.ToLower(c.about), typed):
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

func (o *picker) typing() bool { return true }
func (o *picker) moves() bool  { return true }

func (o *picker) key(i int) string { return o.choices[o.found[i].Index].name }

func (o *picker) move(_ *deck, by int) { o.list.Move(by, len(o.found), o.key) }

func (o *picker) update(_ *deck, msg tea.Msg) tea.Cmd {
	if o.input.Update(msg) {
		o.search()
	}
	return nil
}

// take does what the chosen line is for.
func (o *picker) take(d *deck) tea.Cmd {
	if len(o.found) == 0 {
		return nil
	}
	d.shut()
	return o.choices[o.found[o.list.At].Index].pick(d)
}

// complete types the rest of the chosen name.
func (o *picker) complete(*deck) tea.Cmd {
	if len(o.found) > 0 {
		o.input.Set(o.key(o.list.At))
		o.search()
	}
	return nil
}

func (o *picker) draw(d *deck) (screen.Panel, box) {
	t := d.theme
	b := d.centred(84, min(len(o.choices)+4, max(d.layout.height*2/3, 10)))
	width, height := b.w-2, b.h-2
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
		names = max(names, screen.Cells(c.name))
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
	for at, r := range screen.Cut(c.name, names-1) {
		k := t.Text
		if marked[at] {
			k = t.Accent.With(t.Bright)
		}
		l.Put(k, string(r))
		room -= screen.Cells(string(r))
	}
	l.Gap(room)
	l.Left(t.Dim, screen.Cut(c.about, l.Free()-screen.Cells(c.note)-2), max(l.Free()-screen.Cells(c.note)-1, 0))
	l.Put(t.Key, c.note)
	return l.String()
}
