package deck

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// graveyard is what the deck knows of dead letters beside the letters themselves: which ones somebody has seen.
type graveyard struct {
	seen    map[sources.DeadKey]bool
	counted *sources.DeadLetterRow // the first of those that unseen was counted of
	unseen  int
}

// count counts the unseen ones again when the letters are others.
func (g *graveyard) count(rows []sources.DeadLetterRow) {
	if len(rows) == 0 {
		*g = graveyard{}
		return
	}
	if g.counted == &rows[0] {
		return
	}
	seen := make(map[sources.DeadKey]bool, len(g.seen))
	g.counted, g.unseen = &rows[0], 0
	for i := range rows {
		if key := rows[i].Key(); g.seen[key] {
			seen[key] = true // those that are no longer listed are forgotten
		} else {
			g.unseen++
		}
	}
	g.seen = seen
}

// markDead marks letters as seen, or not.
func (d *deck) markDead(seen bool, keys ...sources.DeadKey) {
	g := &d.dead
	if g.seen == nil {
		g.seen = map[sources.DeadKey]bool{}
	}
	for _, key := range keys {
		if g.seen[key] = seen; !seen {
			delete(g.seen, key)
		}
	}
	g.counted = nil
	g.count(d.snap.Dead)
}

// deadView lists the dead letters, the newest first.
type deadView struct{ list screen.List }

// deadKeys work in the list of dead letters.
func deadKeys() []binding {
	return []binding{
		{keys: []string{"enter"}, label: "enter", short: "open", help: "open the message", group: groupLook, quiet: true,
			where: over[*deadView], do: on((*deadView).enter)},
		{keys: []string{"space", "m"}, label: "space", short: "seen", help: "mark a dead letter as seen, or not", group: groupLook,
			quiet: true, where: over[*deadView], do: on((*deadView).see)},
		{keys: []string{"M", "shift+m"}, label: "M", short: "all seen", help: "mark all dead letters as seen", group: groupLook,
			quiet: true, where: over[*deadView], do: on((*deadView).seeAll)},
	}
}

func (d *deck) openDead() { d.open(&deadView{}) }

func (v *deadView) typing() bool                  { return false }
func (v *deadView) moves() bool                   { return true }
func (v *deadView) update(*deck, tea.Msg) tea.Cmd { return nil }

// row is the letter on a line.
func (v *deadView) row(d *deck, i int) *sources.DeadLetterRow {
	return &d.snap.Dead[len(d.snap.Dead)-1-i]
}

// key is what a line is known by while letters come.
func (v *deadView) key(d *deck) func(int) string {
	return func(i int) string {
		r := v.row(d, i)
		return r.Bus + "\x00" + r.Station + "\x00" + r.Consumer + "\x00" + r.Positions.Format(r.Position)
	}
}

func (v *deadView) move(d *deck, by int) { v.list.Move(by, len(d.snap.Dead), v.key(d)) }

func (v *deadView) chosen(d *deck) *sources.DeadLetterRow {
	n := len(d.snap.Dead)
	v.list.Restore(n, v.key(d))
	if n == 0 {
		return nil
	}
	return v.row(d, v.list.At)
}

// chosenLetter is the key of the dead letter that is open or chosen; nil when there is none.
func (d *deck) chosenLetter() *sources.DeadKey {
	var r *sources.DeadLetterRow
	switch o := d.top().(type) {
	case *eventView:
		r = o.letter
	case *deadView:
		r = o.chosen(d)
	}
	if r == nil {
		return nil
	}
	key := r.Key()
	return &key
}

// enter opens the message as the event it was.
func (v *deadView) enter(d *deck) tea.Cmd {
	r := v.chosen(d)
	if r == nil {
		return nil
	}
	if r.Event == nil {
		d.say(bus.Say, "this message is no longer kept where it was")
		return nil
	}
	d.markDead(true, r.Key())
	letter := *r
	o := &eventView{event: &sources.EventDetail{Event: r.Event, Held: len(r.Event.Data)}, letter: &letter}
	d.open(o)
	return o.layOut(d)
}

// see marks the chosen letter and goes on to the next.
func (v *deadView) see(d *deck) tea.Cmd {
	if r := v.chosen(d); r != nil {
		d.markDead(!d.dead.seen[r.Key()], r.Key())
		v.move(d, 1)
	}
	return nil
}

func (v *deadView) seeAll(d *deck) tea.Cmd {
	keys := make([]sources.DeadKey, len(d.snap.Dead))
	for i := range d.snap.Dead {
		keys[i] = d.snap.Dead[i].Key()
	}
	d.markDead(true, keys...)
	return nil
}

func (v *deadView) draw(d *deck) (screen.Panel, box) {
	n, b := len(d.snap.Dead), d.large()
	b = d.centred(b.w, min(b.h, max(n+3, 8)))
	width, height := b.w-2, b.h-2
	p := screen.Panel{Title: "dead letters", Info: []string{screen.Grouped(uint64(d.dead.unseen)) + " unseen of " + screen.Grouped(uint64(n))}}
	if n == 0 {
		p.Lines = screen.Note(d.theme, width, "none: no consumer has given a message up while this session watched",
			"what was given up before it began is not told")
		return p, b
	}
	v.list.Restore(n, v.key(d))
	rows := height - 1
	from, to := v.list.Scroll(n, rows)
	p.Total, p.Top, p.Visible = n, from, rows
	c := newDeadColumns(d, from, to, v, width)
	p.Lines = append(p.Lines, c.head(d.theme))
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, c.row(d, v.row(d, i), i == v.list.At))
	}
	return p, b
}

// deadFacts stand over the message of a dead letter.
func deadFacts(d *deck, r *screen.Text, x *sources.DeadLetterRow) {
	r.Fault("given up", x.Why)
	r.Fact("by", x.Consumer+" of "+x.Station)
	if x.Deliveries > 0 {
		r.Fact("delivered", screen.Plural(uint64(x.Deliveries), "time"))
	}
	if x.UnixNano > 0 {
		r.Fact("when", d.clock(time.Unix(0, x.UnixNano), true))
	}
}

// mourning is what the header says of dead letters that nobody has seen.
func (d *deck) mourning() []part {
	if d.dead.unseen == 0 {
		return nil
	}
	return []part{{d.theme.Bad, "  " + screen.Plural(uint64(d.dead.unseen), "dead letter"), 0, false}, {d.theme.Dim, " (D)", 2, false}}
}
