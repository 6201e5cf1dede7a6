package panes

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/overlays"
	"signalbox/ui/deck/wording"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// entityState is the pane of the chosen entity: what is true of it, where each field comes from, and how it got there.
type entityState struct {
	entity sources.Entity // the one that at and top are for
	at     int            // the chosen line: first the fields, then who has handled it, then the history, the newest step first
	top    int

	completing completing
}

func (s *entityState) Title() string       { return "State" }
func (s *entityState) Place() layout.Place { return layout.Detail }

// Want asks for the chosen entity, at the version that the time cursor stands at.
func (s *entityState) Want(d *component.Deck, v *sources.View) {
	v.Entity, v.First = d.Selection.Entity, true
	v.Version = d.Time.Version(v.Entity)
}

// Wish is a row for each field and each step, the heading between them and the versions.
func (s *entityState) Wish(d *component.Deck) layout.Size {
	e := d.Detail()
	if e == nil {
		return layout.Size{Height: leastWish}
	}
	return layout.Size{Height: len(e.State) + len(e.Unknown) + len(e.History) + 3}
}

// detail is the chosen entity, nil while its state is not here. Another entity than before is shown from its first field on.
func (s *entityState) detail(d *component.Deck) *sources.EntityDetail {
	if e := d.Entity(); s.entity != e {
		*s = entityState{entity: e, completing: s.completing}
	}
	return d.Detail()
}

// above is how many lines stand above the history: the fields, and one for who has handled it where that is known.
func (s *entityState) above(d *component.Deck) int {
	e := s.detail(d)
	switch {
	case e == nil:
		return 0
	case len(d.Progress()) == 0:
		return len(e.State) + len(e.Unknown)
	}
	return len(e.State) + len(e.Unknown) + 1
}

func (s *entityState) Move(d *component.Deck, by int) {
	d.HoldEntity()
	if e := s.detail(d); e != nil {
		s.at = min(max(s.at+by, 0), max(s.above(d)+len(e.History)-1, 0))
	}
}

// step shows another version, so many later.
func (s *entityState) step(by int) func(*component.Deck) tea.Cmd {
	return component.Plain(func(d *component.Deck) {
		d.HoldEntity()
		switch e := s.detail(d); {
		case e == nil:
			d.Say(bus.Say, "no entity is shown whose versions could be stepped through")
		case !d.Time.StepVersion(e, by):
			d.Say(bus.Say, map[bool]string{true: "this is the newest version", false: "no older version is known"}[by > 0])
		}
	})
}

func (s *entityState) Keys() []component.Key {
	return []component.Key{
		{Names: []string{"["}, Label: "[ ]", Short: "version", Help: "the version before", Rank: component.RankOpen,
			For: component.In(s), Do: s.step(-1)},
		{Names: []string{"]"}, Help: "the version after", Rank: component.RankOpen, For: component.In(s), Do: s.step(+1)},
	}
}

// field is the chosen field, nil when a step of the history is chosen.
func (s *entityState) field(d *component.Deck) *sources.StateField {
	if e := s.detail(d); e != nil && s.at < len(e.State) {
		return &e.State[s.at]
	}
	return nil
}

// past is the chosen step of the history, nil when a field is chosen.
func (s *entityState) past(d *component.Deck) *sources.HistoryStep {
	e := s.detail(d)
	if e == nil {
		return nil
	}
	if i := s.at - s.above(d); i >= 0 && i < len(e.History) {
		return stepAt(e, i)
	}
	return nil
}

// stepAt is the step on a line of the history, which has the newest first.
func stepAt(e *sources.EntityDetail, i int) *sources.HistoryStep {
	return &e.History[len(e.History)-1-i]
}

func (s *entityState) Draw(d *component.Deck, width, height int, focused bool) screen.Panel {
	p := screen.Panel{Title: s.Title()}
	e := s.detail(d)
	going := d.Going()
	switch {
	case e == nil && going != "" && d.Time.At() != 0:
		p.Lines = screen.Note(d.Theme, width, going)
		return p
	case d.Entity().IsZero():
		p.Lines = screen.Note(d.Theme, width, "no entity yet ─ the newest is shown here until one is chosen in pane 4, or by e on an event")
		return p
	case e == nil:
		p.Title = screen.Clean(d.Selection.Entity.Kind + " " + d.Selection.Entity.ID)
		p.Lines = screen.Note(d.Theme, width, "it is not held: it has left for want of memory, or none of its events has come")
		return p
	}
	columns := newStateColumns(e, width)
	if fields, path, ok := d.Drift.Copy(e.Entity); ok && e.Shown == e.Newest {
		columns.copied, columns.drift = fields, d.Drift.Of(e.Entity)
		p.Title = s.heading(d, e, width-leastCopyInfo)
		p.Info = append(p.Info, copyInfo(path, width-screen.Cells(p.Title)))
	} else {
		p.Title = s.heading(d, e, width)
		if d.Drift.Mark(e.Entity) != "" {
			p.Info = append(p.Info, d.Drift.Mark(e.Entity))
		}
	}
	above := s.above(d)
	rows := above + len(e.History)
	room := max(height-1, 1) // the last line is the versions
	divided := s.dividedAt(e, above, room)
	if divided >= 0 {
		room--
	}
	s.at = min(max(s.at, 0), max(rows-1, 0))
	s.top = screen.ScrollTo(s.top, s.at, rows, room)
	p.Total, p.Top, p.Visible = rows, s.top, room
	for i := s.top; i < min(s.top+room, rows); i++ {
		chosen := focused && i == s.at
		if i == above && divided >= 0 {
			p.Lines = append(p.Lines, screen.Heading(d.Theme, width, s.historyTitle(e)))
		}
		switch {
		case i < len(e.State):
			p.Lines = append(p.Lines, columns.field(d.Theme, &e.State[i], chosen))
		case i < len(e.State)+len(e.Unknown):
			p.Lines = append(p.Lines, columns.unknown(d.Theme, e.Unknown[i-len(e.State)], chosen))
		case i < above:
			p.Lines = append(p.Lines, columns.handled(d.Theme, e, d.Progress(), chosen))
		default:
			p.Lines = append(p.Lines, columns.step(d, e, stepAt(e, i-above), chosen))
		}
	}
	for len(p.Lines) < height-1 {
		p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	}
	p.Lines = append(p.Lines[:height-1], versions(d.Theme, e, width))
	return p
}

// leastCopyInfo is the room that copyInfo needs at the least, with the border around it.
const leastCopyInfo = 19

// copyInfo says over the two columns of values what they are: where the copy lies, where there is room for that.
func copyInfo(path string, room int) string {
	const columns = "fold │ "
	if room -= leastCopyInfo - screen.Cells("copy"); room < 12 {
		return columns + "copy"
	}
	return columns + screen.Cut(screen.CleanUpTo(path, room), room)
}

// dividedAt is the row before which the history's heading stands; -1 when not even one step of it would be seen.
func (s *entityState) dividedAt(e *sources.EntityDetail, above, room int) int {
	if len(e.History) > 0 && above >= s.top && above < s.top+room-1 {
		return above
	}
	return -1
}

// heading is "delivery 01HX7Q · v4 · collected".
func (s *entityState) heading(d *component.Deck, e *sources.EntityDetail, width int) string {
	kind, rest := screen.Clean(e.Kind)+" ", " · "+wording.Version(e.Shown)
	if e.Shown < e.Newest {
		rest += " of " + strconv.FormatUint(e.Newest, 10)
	}
	if e.Status != "" {
		rest += " · " + screen.CleanUpTo(e.Status, 40)
	}
	switch {
	case e.Evicted:
		rest += " · given up for want of memory"
	case s.completing.text(e.Entity) != "":
		rest += " · completing"
	case e.Partial:
		rest += " · " + e.Lack.String()
	}
	if d.Selection.Entity.IsZero() {
		kind = "newest · " + kind // nobody has chosen it
	}
	return kind + screen.CutID(screen.CleanID(e.ID), max(width-5-screen.Cells(kind)-screen.Cells(rest), 8)) + rest
}

func (s *entityState) historyTitle(e *sources.EntityDetail) string {
	if text := s.completing.text(e.Entity); text != "" {
		return text
	}
	if why := s.completing.why[e.Entity]; e.Partial && why != "" {
		return "history · partial: " + screen.CleanUpTo(why, 300)
	}
	if older := output.OlderVersions(e); older != "" {
		return "history · " + older
	}
	return "history"
}

// Click chooses a field or a step by its line; the heading between them is no row.
func (s *entityState) Click(d *component.Deck, _, row, _ int) bool {
	e := s.detail(d)
	if e == nil {
		return false
	}
	at := s.top + row
	above := s.above(d)
	if len(e.History) > 0 && at >= above && s.top <= above {
		if at == above {
			return false
		}
		at--
	}
	if at >= above+len(e.History) {
		return false
	}
	d.HoldEntity()
	s.at = at
	return true
}

// Open opens a step of the history as the event it was, and a field as its value.
func (s *entityState) Open(d *component.Deck) tea.Cmd {
	d.HoldEntity()
	if h := s.past(d); h != nil {
		return overlays.OpenEvent(d, h.Number)
	}
	if f := s.field(d); f != nil {
		return overlays.OpenValue(d, f)
	}
	if e := s.detail(d); e != nil && s.at < len(e.State)+len(e.Unknown) {
		d.Say(bus.Say, e.Unknown[s.at-len(e.State)]+" is unknown: no event that was seen has set it")
		return nil
	}
	if len(d.Progress()) > 0 {
		overlays.OpenProgress(d)
		return nil
	}
	d.Say(bus.Say, "there is nothing to open: no entity is shown")
	return nil
}

// ChosenEntity implements component.EntityHolder.
func (s *entityState) ChosenEntity(d *component.Deck) sources.Entity { return d.Entity() }

// Held implements component.Holding.
func (s *entityState) Held(d *component.Deck) bool { return !d.Selection.Entity.IsZero() }

// Release implements component.Holding.
func (s *entityState) Release(d *component.Deck) { d.Selection.Entity = sources.Entity{} }

// ChosenStep implements component.StateHolder.
func (s *entityState) ChosenStep(d *component.Deck) int { return s.at - s.above(d) }

func (s *entityState) Copy(d *component.Deck) (text, what string) {
	if f := s.field(d); f != nil {
		return f.Value.String(), "the value"
	}
	if h := s.past(d); h != nil {
		return h.Type, "the type"
	}
	if e := s.detail(d); e != nil {
		return e.ID, "the id"
	}
	return "", "no entity is shown"
}

func (s *entityState) Row(d *component.Deck) any { return entityJSON(d.Detail()) }

// entityJSON is an entity as state KIND/ID --json prints it; nil when there is none.
func entityJSON(e *sources.EntityDetail) any {
	if e == nil {
		return nil
	}
	return output.EntityDetailJSON(e, false)
}
