package deck

import (
	"context"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// eventView is an open event: what the broker said of it, its headers, what it changed, and its payload as a tree, raw,
// or in hex.
type eventView struct {
	number uint64
	event  *sources.EventDetail   // nil until it is here, and when it has left the window
	letter *sources.DeadLetterRow // when it is a dead letter's message; then it has no number
	asked  bool                   // a snapshot has come since it was opened
	view   screen.PayloadView
	width  int // that the payload was laid out for
	facts  screen.Text
	text   [screen.PayloadViews]screen.Text // the payload, laid out once a view and width
	ready  [screen.PayloadViews]bool
	top    int
}

// openEvent opens the event of that number; it comes with one of the next snapshots.
func (d *deck) openEvent(number uint64) tea.Cmd {
	o := &eventView{number: number}
	d.open(o)
	return o.renew(d)
}

// renew takes the event from the snapshot, and has its payload laid out.
func (o *eventView) renew(d *deck) tea.Cmd {
	if o.event != nil {
		return nil
	}
	if d.snap.View.Open == o.number {
		o.asked = true
	}
	if e := d.snap.Open; e != nil && e.Number == o.number {
		o.event, o.width = e, 0
		return o.layOut(d)
	}
	return nil
}

// layOut makes the lines of the payload in a command, since a payload may be megabytes.
func (o *eventView) layOut(d *deck) tea.Cmd {
	width := d.large().w - 4
	if o.width != width {
		o.width, o.ready = width, [screen.PayloadViews]bool{}
		if o.event != nil {
			o.facts = screen.Text{}
			if o.letter != nil {
				deadFacts(d, &o.facts, o.letter)
				o.facts.Heading("message")
			}
			d.factsOf(&o.facts, o.event)
			o.facts.Wrap(width + 2)
		}
	}
	if o.event == nil || o.ready[o.view] || o.view == screen.Hex {
		return nil
	}
	event, view := o.event, o.view
	return func() tea.Msg {
		lines := screen.LayOutPayload(event.Data, view, width)
		return resultMsg(func(*deck) tea.Cmd {
			if o.width == width {
				o.text[view].Lines, o.ready[view] = lines, true
			}
			return nil
		})
	}
}

// next shows the payload in the next way.
func (o *eventView) next(d *deck) tea.Cmd {
	o.view = (o.view + 1) % screen.PayloadViews
	return o.layOut(d)
}

func (o *eventView) typing() bool { return false }
func (o *eventView) moves() bool  { return true }

func (o *eventView) update(d *deck, msg tea.Msg) tea.Cmd {
	if _, ok := msg.(tea.WindowSizeMsg); ok {
		return o.layOut(d)
	}
	return nil
}

// lines is how many lines there are in all.
func (o *eventView) lines() int {
	n := len(o.facts.Lines)
	if o.event != nil && o.view == screen.Hex {
		return n + screen.HexLines(o.event.Data)
	}
	return n + len(o.text[o.view].Lines)
}

func (o *eventView) move(d *deck, by int) {
	o.top = min(max(o.top+by, 0), max(o.lines()-(d.large().h-2), 0))
}

func (o *eventView) draw(d *deck) (screen.Panel, box) {
	b := d.large()
	width, height := b.w-2, b.h-2
	p := screen.Panel{Title: "event " + screen.Grouped(o.number), Info: []string{o.view.String()}, Visible: height}
	if o.event == nil {
		text := "fetching…"
		if o.asked {
			text = "this event has left the window: it is no longer held"
		}
		p.Lines = screen.Note(d.theme, width, text)
		return p, b
	}
	if o.letter != nil {
		p.Title = "dead letter"
	}
	p.Title += " · " + screen.CleanUpTo(typeOf(o.event.Event), width)
	o.move(d, 0)
	p.Total, p.Top = o.lines(), o.top
	for i := o.top; i < min(o.top+height, o.lines()); i++ {
		p.Lines = append(p.Lines, o.line(d.theme, i, width))
	}
	return p, b
}

func (o *eventView) line(t *screen.Theme, i, width int) string {
	if i < len(o.facts.Lines) {
		return o.facts.DrawLine(t, o.facts.Lines[i], width)
	}
	i -= len(o.facts.Lines)
	if o.view == screen.Hex {
		return screen.HexLine(t, o.event.Data, i, width)
	}
	return o.facts.DrawLine(t, o.text[o.view].Lines[i], width)
}

// factsOf is what stands over the payload.
func (d *deck) factsOf(r *screen.Text, e *sources.EventDetail) {
	at := e.Time().In(d.opt.Now().Location())
	r.Fact("time", at.Format("2006-01-02 15:04:05.000"))
	station := e.Station
	if e.Bus != "" {
		station += " on " + e.Bus
	}
	r.Fact("station", station)
	r.Fact("subject", e.Subject)
	r.Fact("position", e.StationTraits().Positions.Format(e.Position))
	if e.Kind != nil {
		entity := e.Kind.Name() + " " + e.ID
		if e.Version > 0 {
			entity += " · v" + strconv.FormatUint(e.Version, 10)
		}
		r.Fact("entity", entity)
	}
	r.Fact("correlation", e.Correlation)
	r.Fact("size", payloadSize(e))
	r.Fault("refused", e.Rejected)
	r.Fault("not folded", e.Failed)
	r.Fault("problem", e.Problem)
	if len(e.Headers) > 0 {
		r.Heading("headers")
		for _, h := range e.Headers {
			r.Fact(h.Name, h.Value)
		}
	}
	changesOf(r, e.Changes)
	r.Heading("payload")
}

// changesOf lists what an event changed.
func changesOf(r *screen.Text, changes []sources.FieldChange) {
	if len(changes) == 0 {
		return
	}
	r.Heading("changed")
	for _, c := range changes {
		r.Fact(pathName(c.Name), changed(c, 200))
	}
}

func payloadSize(e *sources.EventDetail) string {
	text := screen.Size(uint64(max(e.Size, len(e.Data))))
	if e.Held < e.Size && e.Held > 0 {
		text += ", of which the first " + screen.Size(uint64(e.Held)) + " are held"
	}
	return text
}

// newValueView opens a field of a state.
func newValueView(d *deck, f *sources.StateField) overlay {
	v := &textView{title: screen.Clean(d.entities.chosen.Kind+" "+d.entities.chosen.ID) + " · " + screen.Clean(f.Name), copied: f.Value.String()}
	if f.SetBy != "" {
		v.reader.Fact("set by", f.SetBy+" v"+strconv.FormatUint(f.SetAt, 10))
	}
	if f.Was.Kind() != sources.Absent {
		v.reader.Fact("was", valueText(f.Was))
	}
	v.reader.Heading("value")
	data := []byte(f.Value.String())
	if f.Value.Kind() == sources.Text {
		v.reader.Lines = append(v.reader.Lines, screen.LayOutPayload(data, screen.Raw, d.large().w-4)...)
	} else {
		v.reader.Lines = append(v.reader.Lines, screen.LayOutPayload(data, screen.Tree, d.large().w-4)...)
	}
	return v
}

// textView is a text to read that does not change while it is open.
type textView struct {
	title  string
	reader screen.Text
	copied string // what y copies
	box    func(*deck) box
}

func (v *textView) typing() bool { return false }
func (v *textView) moves() bool  { return true }

func (v *textView) place(d *deck) box {
	if v.box != nil {
		return v.box(d)
	}
	return d.large()
}

func (v *textView) move(d *deck, by int)          { v.reader.Move(by, v.place(d).h-2) }
func (v *textView) update(*deck, tea.Msg) tea.Cmd { return nil }

func (v *textView) draw(d *deck) (screen.Panel, box) {
	b := v.place(d)
	p := v.reader.Panel(d.theme, b.w-2, b.h-2)
	p.Title = v.title
	return p, b
}

// fetch runs a question to the source in a command and hands its answer back to the deck.
func fetch[T any](d *deck, ask func(context.Context) (T, error), then func(*deck, T) tea.Cmd) tea.Cmd {
	ctx := d.ctx
	return func() tea.Msg {
		got, err := ask(ctx)
		return resultMsg(func(d *deck) tea.Cmd {
			if err != nil {
				d.say(bus.Fail, err.Error())
				return nil
			}
			return then(d, got)
		})
	}
}
