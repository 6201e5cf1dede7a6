package panes

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/subjects"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/overlays"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// stations is the pane of stations: which stations there are and what goes through them and, where that is unfolded, through their
// subjects.
type stations struct {
	screen.List
	offer    *Offer // what to offer while there is no station; nil for nothing
	unfolded []subjects.Branch
	needs    stationNeeds
	columns  stationColumns // as drawn last
	reveal   bool           // what has just been unfolded is to be scrolled to, once it is there
	hold     uint64         // for the order of subjects, which stand still while the cursor is among them; 0 follows
}

func (s *stations) Title() string       { return "Stations" }
func (s *stations) Place() layout.Place { return layout.Side }

// Wish is a row for each line, and all columns.
func (s *stations) Wish(d *component.Deck) layout.Size {
	wish := layout.Size{Height: max(stationLines(d), leastWish)}
	if onlyOffers(d) {
		wish.Height = stationLines(d) + leastWish
		return wish
	}
	wish.Width = 2
	for _, column := range s.needs.measure(d) {
		wish.Width += column.Want
	}
	return wish
}

// Want asks for the subjects that are unfolded, while the pane is on the screen.
func (s *stations) Want(d *component.Deck, v *sources.View) {
	if d.Panes.Rows(s) > 0 {
		v.Subjects = subjects.Unfold(s.unfolded...)
	}
	switch {
	case s.At == 0 || len(s.unfolded) == 0:
		s.hold = 0
	case s.hold == 0:
		s.hold = max(d.Snapshot().Last, 1)
	}
	v.HoldSubjects = s.hold
}

// Move goes so many lines on. At the first line, and by going to the last, subjects are sorted anew.
func (s *stations) Move(d *component.Deck, by int) {
	if by == screen.ToEnd {
		s.hold = 0
	}
	s.List.Move(by, stationLines(d), keyOfLine(d))
}

// Click unfolds or folds where the marker is clicked.
func (s *stations) Click(d *component.Deck, column, row, _ int) bool {
	s.Move(d, s.Top+row-s.At)
	if s.Top+row >= stationLines(d) {
		return false
	}
	if s.onMarker(d, column) {
		s.toggleFold(d)
		return false
	}
	return true
}

// Open shows the events of the chosen subject, or unfolds what stands for several; a station it opens.
func (s *stations) Open(d *component.Deck) tea.Cmd {
	switch r := s.subject(d); {
	case r == nil:
		switch r := s.ChosenStation(d); {
		case r == nil:
			d.Say(bus.Say, "there is nothing to open: no station is here yet")
		case r.Offer != nil:
			return take(d, r.Key)
		default:
			overlays.OpenStation(d, r.Key)
		}
	case r.Kind == subjects.MoreRow:
		s.unfold(d)
	default:
		if err := component.GoNarrowed[component.EventHolder](d, func() error { return s.narrowTo(d, r) }); err != nil {
			d.Say(bus.Say, component.OneLine(err))
		}
	}
	return nil
}

func (s *stations) Copy(d *component.Deck) (text, what string) {
	if r := s.subject(d); r != nil {
		return r.Path, "the subject"
	}
	if r := s.ChosenStation(d); r != nil {
		return r.Station.Name, "the name"
	}
	return "", "no station is here yet"
}

func (s *stations) Row(d *component.Deck) any {
	if r := s.subject(d); r != nil {
		return r
	}
	if r := s.ChosenStation(d); r != nil {
		return output.StationJSON(r.Bus, r.Station)
	}
	return nil
}

func (s *stations) Keys() []component.Key {
	inTree := func(d *component.Deck) bool {
		x, ok := s.line(d)
		return ok && x.station.Unfolds
	}
	const unfolds = "a station with subjects, such as >"
	return []component.Key{
		{Names: []string{"right", "l"}, Label: "→ ←", Short: "unfold", Help: "unfold a station's subjects, or go into them",
			Rank: component.RankOpen, Quiet: true, For: component.In(s), Where: inTree, Needs: unfolds, Do: component.Plain(s.unfold)},
		{Names: []string{"left", "h"}, Help: "fold a station's subjects, or go out of them", Rank: component.RankOpen, Quiet: true,
			For: component.In(s), Where: inTree, Needs: unfolds, Do: component.Plain(s.fold)},
		{Names: []string{"a"}, Short: "accept", Help: "accept the offer: listen to everything", Rank: component.RankOpen,
			For: component.AnyPane, Where: s.offering, Needs: "an offer, which is made here while nothing is found", Do: s.accept},
		{Names: []string{"o"}, Short: "only this", Help: "only events of this station or subject, or all again",
			Rank: component.RankRow, For: component.In(s), Do: component.Plain(s.only)},
	}
}

// ChosenStation is the station chosen, or the one that the chosen subject is of.
func (s *stations) ChosenStation(d *component.Deck) *sources.StationRow {
	x, _ := s.line(d)
	return x.station
}

// sampling is what a pane says of stations or consumers at its right: how many there are, and of an earlier moment when they
// were looked at, where that was not then.
func sampling(d *component.Deck, count string) []string {
	if _, unsampled := d.Unsampled(); unsampled {
		return []string{"not sampled then", count}
	}
	if at := d.SampledAt(); at != "" {
		return []string{at, count}
	}
	return []string{count}
}

func (s *stations) Draw(d *component.Deck, width, height int, focused bool) screen.Panel {
	rows := d.Steady().Stations
	p := screen.Panel{Title: s.Title()}
	if len(rows) > 0 {
		p.Info = sampling(d, screen.Grouped(uint64(len(rows))))
	}
	n := stationLines(d)
	s.Restore(n, keyOfLine(d))
	s.scrollToUnfolded(d, n, height)
	from, to := s.Scroll(n, height)
	p.Total, p.Top, p.Visible = n, from, height
	s.columns = s.needs.fit(d, width, slices.ContainsFunc(rows[:min(len(rows), height)], unfolds))
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, s.row(d, lineAt(d, i), i == s.At, focused, width))
	}
	if onlyOffers(d) {
		p.Lines = append(p.Lines, s.nothingFound(d, width)...)
	}
	return p
}
