package overlays

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// deadLetters lists the dead letters, the newest first.
type deadLetters struct {
	component.ReadOnly
	list screen.List
}

// Name implements component.Overlay.
func (v *deadLetters) Name() string { return "dead letters" }

func openDeadLetters(d *component.Deck) { d.Open(&deadLetters{}) }

// row is the letter on a line.
func (v *deadLetters) row(d *component.Deck, i int) *sources.DeadLetterRow {
	return &d.Snapshot().Dead[len(d.Snapshot().Dead)-1-i]
}

// key is what a line is known by while letters come.
func (v *deadLetters) key(d *component.Deck) func(int) string {
	return func(i int) string {
		r := v.row(d, i)
		key := r.Bus + "\x00" + r.Station + "\x00" + r.Consumer + "\x00"
		if r.Unlisted > 0 {
			return key
		}
		return key + r.Positions.Format(r.Position)
	}
}

func (v *deadLetters) Move(d *component.Deck, by int) {
	v.list.Move(by, len(d.Snapshot().Dead), v.key(d))
}

func (v *deadLetters) chosen(d *component.Deck) *sources.DeadLetterRow {
	n := len(d.Snapshot().Dead)
	v.list.Restore(n, v.key(d))
	if n == 0 {
		return nil
	}
	return v.row(d, v.list.At)
}

// ChosenLetter implements component.LetterHolder.
func (v *deadLetters) ChosenLetter(d *component.Deck) *sources.DeadLetterRow { return v.chosen(d) }

// ChosenEvent implements component.EventHolder.
func (v *deadLetters) ChosenEvent(d *component.Deck) *sources.Event {
	if r := v.chosen(d); r != nil {
		return r.Event
	}
	return nil
}

// enter opens the message as the event it was.
func (v *deadLetters) enter(d *component.Deck) tea.Cmd {
	r := v.chosen(d)
	if r == nil {
		return nil
	}
	if r.Event == nil {
		d.Say(bus.Say, whyNone(r))
		return nil
	}
	d.Selection.Letters.Mark(d.Snapshot().Dead, true, r.Key())
	letter := *r
	o := &event{detail: &sources.EventDetail{Event: r.Event, Held: len(r.Event.Data)}, letter: &letter}
	d.Open(o)
	return tea.Batch(o.layOut(d), o.findLetter(d))
}

// findLetter looks for the event that a dead letter was, so that the state of its entity then is told.
func (o *event) findLetter(d *component.Deck) tea.Cmd {
	r := o.letter
	return func() tea.Msg {
		found, err := d.Engine.Find(d.Life, r.Bus, r.Station, r.Position)
		return component.Result(func() tea.Cmd {
			if err != nil || found.Moment == nil { // the message itself is here
				return nil
			}
			o.detail, o.width = found, 0
			return o.layOut(d)
		})
	}
}

// see marks the chosen letter and goes on to the next.
func (v *deadLetters) see(d *component.Deck) tea.Cmd {
	if r := v.chosen(d); r != nil {
		letters := &d.Selection.Letters
		letters.Mark(d.Snapshot().Dead, !letters.Seen(r.Key()), r.Key())
		v.Move(d, 1)
	}
	return nil
}

func (v *deadLetters) seeAll(d *component.Deck) tea.Cmd {
	rows := d.Snapshot().Dead
	keys := make([]sources.DeadKey, len(rows))
	for i := range rows {
		keys[i] = rows[i].Key()
	}
	d.Selection.Letters.Mark(rows, true, keys...)
	return nil
}

func (v *deadLetters) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	n, b := len(d.Snapshot().Dead), d.Layout().Large()
	b = d.Layout().Centred(b.W, min(b.H, max(n+3, 8)))
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: "dead letters", Info: append(d.OfNow(), v.counts(d))}
	if n == 0 {
		p.Lines = screen.Note(d.Theme, width, "none: no consumer has given a message up, as far as the broker tells",
			"what was terminated before this session began is not told; a Redis stream has those that are in NAME:dead-letters")
		return p, b
	}
	v.list.Restore(n, v.key(d))
	rows := height - 1
	from, to := v.list.Scroll(n, rows)
	p.Total, p.Top, p.Visible = n, from, rows
	c := newDeadLetterColumns(d, from, to, v, width)
	p.Lines = append(p.Lines, c.head(d.Theme))
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, c.row(d, v.row(d, i), i == v.list.At))
	}
	return p, b
}

// counts says how many are dead, and how many of the others are in trouble.
func (v *deadLetters) counts(d *component.Deck) string {
	letters, trouble := &d.Selection.Letters, uint64(0)
	for i := range d.Snapshot().Dead {
		if !d.Snapshot().Dead[i].Dead() {
			trouble++
		}
	}
	n, atLeast := letters.Total()
	of := " unseen of "
	if atLeast {
		of += "at least "
	}
	text := screen.Grouped(uint64(letters.Unseen())) + of + screen.Grouped(uint64(n))
	if trouble > 0 {
		text += " · " + screen.Grouped(trouble) + " not dead yet"
	}
	return text
}

// deadLetterFacts stand over the message of a dead letter.
func deadLetterFacts(d *component.Deck, r *screen.Text, x *sources.DeadLetterRow) {
	r.Fault(standingWord(x), x.Why)
	r.Fact("by", x.Consumer+" of "+x.Station)
	if x.Deliveries > 0 {
		r.Fact("delivered", screen.Plural(uint64(x.Deliveries), "time"))
	}
	if x.UnixNano > 0 {
		r.Fact("when", d.Clock(time.Unix(0, x.UnixNano), true))
	}
}

// Copy implements component.Copying.
func (v *deadLetters) Copy(d *component.Deck) (text, what string) {
	switch r := v.chosen(d); {
	case r == nil:
		return "", "there are no dead letters"
	case r.Event == nil:
		return "", whyNone(r)
	case len(r.Event.Data) == 0:
		return "", "the payload is empty"
	default:
		return string(r.Event.Data), "the payload"
	}
}

// Row implements component.CopyingRow.
func (v *deadLetters) Row(d *component.Deck) any {
	if r := v.chosen(d); r != nil && r.Event != nil {
		return r.Event
	}
	return nil
}

// Click implements component.Clickable: it chooses a row, and the second click opens it.
func (v *deadLetters) Click(d *component.Deck, row int, again bool) tea.Cmd {
	at, n := v.list.Top+row-2, len(d.Snapshot().Dead)
	if row < 2 || at >= n {
		return nil
	}
	v.list.Move(at-v.list.At, n, v.key(d))
	if again {
		return v.enter(d)
	}
	return nil
}

// whyNone says why a dead letter has no message.
func whyNone(r *sources.DeadLetterRow) string {
	if r.Unlisted > 0 {
		return "the broker does not tell which messages these are"
	}
	return "this message is no longer kept where it was"
}

// standingWord is what became of a dead letter; one that is not dead is delivered again.
func standingWord(x *sources.DeadLetterRow) string {
	if x.Dead() {
		return string(x.Standing)
	}
	return "not dead yet"
}

func deadLetterKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "open", Help: "open the message, as a double click does"},
			(*deadLetters).enter),
		component.InOverlay(component.Key{Names: []string{"space", "m"}, Label: "space", Short: "seen",
			Help: "mark a dead letter as seen, or not"}, (*deadLetters).see),
		component.InOverlay(component.Key{Names: []string{"M", "shift+m"}, Short: "all seen", Help: "mark all dead letters as seen"},
			(*deadLetters).seeAll),
		{Names: []string{"D", "shift+d"}, Help: "dead letters: messages that consumers gave up", Rank: component.RankReport,
			For: component.AnyPane, Do: component.Plain(openDeadLetters)},
	}
}
