package deck

import (
	"strconv"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// stateView is pane 5: what is true of the chosen entity, where each field comes from, and how it got there.
type stateView struct {
	version uint64 // the one shown; 0 is the newest
	at      int    // the chosen line: first the fields, then who has handled it, then the history, the newest step first
	top     int
}

func (s *stateView) reset() { *s = stateView{} }

// detail is the chosen entity, nil while its state is not here.
func (d *deck) detail() *sources.EntityDetail {
	if e := d.snap.Entity; e != nil && e.Entity == d.entities.chosen {
		return e
	}
	return nil
}

// above is how many lines stand above the history: the fields, and one for who has handled it where that is known.
func (s *stateView) above(d *deck) int {
	e := d.detail()
	switch {
	case e == nil:
		return 0
	case len(d.handlings()) == 0:
		return len(e.State)
	}
	return len(e.State) + 1
}

func (s *stateView) move(d *deck, by int) {
	if e := d.detail(); e != nil {
		s.at = min(max(s.at+by, 0), max(s.above(d)+len(e.History)-1, 0))
	}
}

// step shows another version, so many later.
func (s *stateView) step(d *deck, by int) {
	e := d.detail()
	if e == nil || e.Newest == 0 {
		return
	}
	now := s.version
	if now == 0 {
		now = e.Newest
	}
	least := max(e.Missing, 1)
	to := uint64(max(int64(now)+int64(by), int64(least)))
	if s.version = to; to >= e.Newest {
		s.version = 0
	}
}

// field is the chosen field, nil when a step of the history is chosen.
func (s *stateView) field(d *deck) *sources.StateField {
	if e := d.detail(); e != nil && s.at < len(e.State) {
		return &e.State[s.at]
	}
	return nil
}

// past is the chosen step of the history, nil when a field is chosen.
func (s *stateView) past(d *deck) *sources.HistoryStep {
	e := d.detail()
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

func (s *stateView) draw(d *deck, width, height int, focused bool) screen.Panel {
	p := screen.Panel{Number: "5", Title: "State"}
	e := d.detail()
	switch {
	case d.entities.chosen.IsZero():
		p.Lines = screen.Note(d.theme, width, "choose an entity in pane 4, or press e on an event")
		return p
	case e == nil:
		p.Title = screen.Clean(d.entities.chosen.Kind + " " + d.entities.chosen.ID)
		p.Lines = screen.Note(d.theme, width, "its state is not known here")
		return p
	}
	p.Title = s.title(e, width)
	columns := newStateColumns(e, width)
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
			p.Lines = append(p.Lines, screen.Heading(d.theme, width, historyTitle(e)))
		}
		switch {
		case i < len(e.State):
			p.Lines = append(p.Lines, columns.field(d.theme, &e.State[i], chosen))
		case i < above:
			p.Lines = append(p.Lines, columns.handled(d.theme, e, d.handlings(), chosen))
		default:
			p.Lines = append(p.Lines, columns.step(d, e, stepAt(e, i-above), chosen))
		}
	}
	for len(p.Lines) < height-1 {
		p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	}
	p.Lines = append(p.Lines[:height-1], versions(d.theme, e, width))
	return p
}

// dividedAt is the row before which the history's heading stands; -1 when the history is out of sight.
func (s *stateView) dividedAt(e *sources.EntityDetail, above, room int) int {
	if len(e.History) > 0 && above >= s.top && above < s.top+room {
		return above
	}
	return -1
}

// title is "delivery 01HX7Q · v4 · collected".
func (s *stateView) title(e *sources.EntityDetail, width int) string {
	kind, rest := screen.Clean(e.Kind)+" ", " · "+versionName(e.Shown)
	if e.Shown < e.Newest {
		rest += " of " + strconv.FormatUint(e.Newest, 10)
	}
	if e.Status != "" {
		rest += " · " + screen.CleanUpTo(e.Status, 40)
	}
	switch {
	case e.Evicted:
		rest += " · given up for want of memory"
	case e.Partial:
		rest += " · partial"
	}
	return kind + screen.CutID(screen.CleanID(e.ID), max(width-4-screen.Cells(kind)-screen.Cells(rest), 8)) + rest
}

func historyTitle(e *sources.EntityDetail) string {
	if e.Missing > 0 {
		return "history · " + screen.Grouped(e.Missing) + " older left the window"
	}
	return "history"
}
