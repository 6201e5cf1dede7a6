package panes

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/subjects"
	"signalbox/ui/deck/component"
)

// Subjects of a station are unfolded in its pane as a tree of tokens, below the station itself.

const (
	firstSubjects = 20  // rows under what is unfolded
	moreSubjects  = 100 // further ones that are asked for at once
	mostUnfolded  = 200
)

// stationLine is a line of the stations pane: a station or, below it, one of its subjects.
type stationLine struct {
	station *sources.StationRow
	tree    *sources.SubjectTree // nil when the line is the station itself
	at      int                  // of its row in the tree
}

// stationLines is how many lines there are.
func stationLines(d *component.Deck) int {
	s := d.Steady()
	n := len(s.Stations)
	for i := range s.Subjects {
		n += len(s.Subjects[i].Rows)
	}
	return n
}

// lineAt is the line of that number.
func lineAt(d *component.Deck, i int) stationLine {
	s := d.Steady()
	for k := range s.Subjects {
		t := &s.Subjects[k]
		if i <= t.Station {
			break
		}
		if at := i - t.Station - 1; at < len(t.Rows) {
			return stationLine{&s.Stations[t.Station], t, at}
		}
		i -= len(t.Rows)
	}
	return stationLine{station: &s.Stations[i]}
}

// keyOfLine tells what a line is known by while others come and go.
func keyOfLine(d *component.Deck) func(int) string {
	return func(i int) string { return lineAt(d, i).key() }
}

// subject is the row of a subject; nil when the line is a station.
func (x stationLine) subject() *subjects.Row {
	if x.tree == nil {
		return nil
	}
	return &x.tree.Rows[x.at]
}

func (x stationLine) key() string {
	r := x.subject()
	if r == nil {
		return x.station.Key
	}
	return x.station.Key + "\x00" + strconv.Itoa(int(r.Kind)) + r.Path
}

// branch is what can be unfolded here; ok is false on a single subject.
func (x stationLine) branch() (path string, ok bool) {
	r := x.subject()
	if r == nil {
		return "", x.station.Unfolds
	}
	return r.Path, r.Kind == subjects.BranchRow
}

// line is the chosen line; ok is false when there is none.
func (s *stations) line(d *component.Deck) (x stationLine, ok bool) {
	n := stationLines(d)
	s.Restore(n, keyOfLine(d))
	if n == 0 {
		return x, false
	}
	return lineAt(d, s.At), true
}

// subject is the chosen subject; nil when a station is chosen, or nothing.
func (s *stations) subject(d *component.Deck) *subjects.Row {
	x, _ := s.line(d)
	return x.subject()
}

// open is the place of a branch among those unfolded; -1 when it is folded.
func (s *stations) open(station, path string) int {
	return slices.IndexFunc(s.unfolded, func(u subjects.Branch) bool { return u.Station == station && u.Path == path })
}

// unfold shows what is under the chosen line, or more of what is beside it; where that is shown already, it goes there.
func (s *stations) unfold(d *component.Deck) {
	x, ok := s.line(d)
	if !ok {
		return
	}
	key := x.station.Key
	if r := x.subject(); r != nil && r.Kind == subjects.MoreRow {
		if i := s.open(key, r.Path); i >= 0 {
			s.unfolded = slices.Clone(s.unfolded)
			s.unfolded[i].Most += moreSubjects
		}
		return
	}
	switch path, ok := x.branch(); {
	case !ok:
	case s.open(key, path) >= 0:
		s.Move(d, 1)
	case len(s.unfolded) >= mostUnfolded:
		d.Say(bus.Say, "so much is unfolded that no more is: fold some of it with ←")
	default:
		s.unfolded = append(slices.Clip(s.unfolded), subjects.Branch{Station: key, Path: path, Most: firstSubjects})
		s.reveal = true
	}
}

// scrollToUnfolded moves the chosen line up as soon as there is something under it that was unfolded last.
func (s *stations) scrollToUnfolded(d *component.Deck, n, height int) {
	if !s.reveal || s.At+1 >= n {
		return
	}
	r, below := s.subject(d), lineAt(d, s.At+1).subject()
	if below != nil && (r == nil || below.Depth > r.Depth) {
		s.Top, s.reveal = max(s.Top, s.At-height/3), false
	}
}

// fold hides what is under the chosen line; where nothing is, it goes to the line that this one is under.
func (s *stations) fold(d *component.Deck) {
	x, ok := s.line(d)
	if !ok {
		return
	}
	if path, ok := x.branch(); ok && s.open(x.station.Key, path) >= 0 {
		s.unfolded = slices.DeleteFunc(slices.Clone(s.unfolded), func(u subjects.Branch) bool {
			return u.Station == x.station.Key && strings.HasPrefix(u.Path, path)
		})
		return
	}
	if x.tree == nil {
		return
	}
	up := x.at
	for up >= 0 && x.tree.Rows[up].Depth >= x.tree.Rows[x.at].Depth {
		up--
	}
	s.Move(d, up-x.at)
}

// toggleFold unfolds or folds what is under the chosen line.
func (s *stations) toggleFold(d *component.Deck) {
	x, ok := s.line(d)
	if !ok {
		return
	}
	if path, _ := x.branch(); s.open(x.station.Key, path) >= 0 {
		s.fold(d)
		return
	}
	s.unfold(d)
}

// narrowTo narrows the events to those of a subject, or of all under a branch.
func (s *stations) narrowTo(d *component.Deck, r *subjects.Row) error {
	text, ok := subjectFilter(r)
	if !ok {
		return errors.New("these subjects are not told apart: narrow the events by subject: with /")
	}
	station := d.Selection.Events.Station
	if x, ok := s.line(d); ok {
		station = x.station.Key
	}
	if err := d.Selection.Events.OnSubject(station, text); err != nil {
		return err
	}
	d.Selection.Remember(text)
	d.Time.Follow()
	return nil
}

// only narrows the events to the chosen station or subject, or shows again what was shown before. One takes the place of
// another.
func (s *stations) only(d *component.Deck) {
	holder, ok := component.Find[component.EventHolder](d)
	pane, filtered := any(holder).(component.Filtered)
	if !ok || !filtered {
		return
	}
	events, mark := &d.Selection.Events, pane.Mark(d)
	r, x, was, station := s.subject(d), s.ChosenStation(d), events.Subject(), events.Station
	switch {
	case x == nil:
		return
	case r == nil && was == "" && station == x.Key, r != nil && was != "" && was == onlyText(r):
		if !d.Trail.Back(pane) {
			pane.Widen(d)
		}
		return
	case was != "":
		events.Widen()
	}
	if r == nil {
		events.Station = x.Key
		d.Time.Follow()
	} else if err := s.narrowTo(d, r); err != nil {
		mark()
		d.Say(bus.Say, component.OneLine(err))
		return
	}
	if was == "" && station == "" {
		d.Narrowing(pane, mark)
	}
}

// onlyText is the filter for a subject; "" where there is none.
func onlyText(r *subjects.Row) string {
	text, _ := subjectFilter(r)
	return text
}

// subjectFilter is the filter for a subject, or all under a branch, as one would type it.
func subjectFilter(r *subjects.Row) (string, bool) {
	plain := !strings.ContainsFunc(r.Path, func(c rune) bool { return c <= ' ' || c == 0x7f || strings.ContainsRune("\"`*?", c) })
	switch {
	case r.Kind == subjects.LeafRow && plain && r.Path != "":
		return `subject:"` + r.Path + `"`, true // without quotes it is what the subject begins with
	case r.Kind == subjects.LeafRow:
		return "subject == " + strconv.Quote(r.Path), true
	case r.Kind == subjects.BranchRow && plain:
		return "subject:" + r.Path + "*", true
	case r.Kind == subjects.BranchRow:
		return "subject startsWith " + strconv.Quote(r.Path), true
	}
	return "", false
}
