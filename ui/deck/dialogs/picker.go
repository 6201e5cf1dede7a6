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
	Also  string // a word for it that is found, and not shown
	Pick  func(*component.Deck) tea.Cmd

	// Run does what the rest of the line says where the name alone says too little, or why it cannot; nil where the name is
	// all there is to type.
	Run  func(d *component.Deck, rest string) (tea.Cmd, error)
	Form string // of the rest, for people: "KIND when EXPRESSION"
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
	room    int   // how many lines there are
	widths  pickerColumns
	fault   string // why the line that was typed could not be done
}

// Pick opens a list to choose from.
func Pick(d *component.Deck, title, prompt string, choices []Choice) {
	PickFrom(d, title, prompt, "", choices)
}

// PickFrom is Pick with something typed already.
func PickFrom(d *component.Deck, title, prompt, typed string, choices []Choice) {
	o := &picker{title: title, prompt: prompt, input: screen.NewInput(typed), choices: choices}
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
	if i, _, ok := o.line(); ok {
		o.found = []fuzzy.Match{{Index: i, MatchedIndexes: span(0, len(o.choices[i].Name))}}
		return
	}
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
		case strings.Contains(strings.ToLower(c.About), typed), strings.Contains(strings.ToLower(c.Note), typed),
			c.Also != "" && strings.Contains(strings.ToLower(c.Also), typed):
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

// line is the choice whose name begins what is typed, where more belongs behind it, and the rest.
func (o *picker) line() (choice int, rest string, ok bool) {
	name, rest, _ := strings.Cut(strings.TrimLeft(o.input.Value(), " "), " ")
	for i := range o.choices {
		if o.choices[i].Run != nil && strings.EqualFold(o.choices[i].Name, name) {
			return i, strings.TrimSpace(rest), true
		}
	}
	return 0, "", false
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

func (o *picker) Move(_ *component.Deck, by int) { o.list.Move(o.page(by), len(o.found), o.key) }

// page is how far a move down leads: no further than that all that comes next is seen, however many lines each choice has.
func (o *picker) page(by int) int {
	if by < 2 || by == screen.ToEnd || len(o.drawn) == 0 || o.drawn[len(o.drawn)-1] >= len(o.found) {
		return by
	}
	last := o.drawn[len(o.drawn)-1]
	to, taken := last, 0
	for i := last; i < len(o.found); i++ {
		if taken += len(o.widths.lines(&o.choices[o.found[i].Index])); taken > o.room {
			break
		}
		to = i
	}
	return min(by, max(to-o.list.At, 1))
}

func (o *picker) Update(_ *component.Deck, msg tea.Msg) tea.Cmd {
	if o.input.Update(msg) {
		o.fault = ""
		o.search()
	}
	return nil
}

// take does what the chosen line is for.
func (o *picker) take(d *component.Deck) tea.Cmd {
	if len(o.found) == 0 {
		return nil
	}
	choice := &o.choices[o.found[o.list.At].Index]
	if choice.Run != nil {
		return o.run(d, choice)
	}
	d.Close()
	return choice.Pick(d)
}

// run does the line that was typed, or says what is wrong with it; a name that was only chosen is typed.
func (o *picker) run(d *component.Deck, choice *Choice) tea.Cmd {
	_, rest, ok := o.line()
	if !ok || rest == "" {
		o.input.Set(choice.Name + " ")
		o.search()
		return nil
	}
	cmd, err := choice.Run(d, rest)
	if err != nil {
		o.fault = component.OneLine(err)
		return nil
	}
	return cmd
}

// complete types the rest of the chosen name.
func (o *picker) complete(*component.Deck) tea.Cmd {
	if len(o.found) > 0 {
		text := o.key(o.list.At)
		if o.choices[o.found[o.list.At].Index].Run != nil {
			if _, _, typed := o.line(); typed {
				return nil
			}
			text += " "
		}
		o.input.Set(text)
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
