package deck

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/subjects"
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
func (d *deck) stationLines() int {
	s := d.calm()
	n := len(s.Stations)
	for i := range s.Subjects {
		n += len(s.Subjects[i].Rows)
	}
	return n
}

func (d *deck) stationLine(i int) stationLine {
	s := d.calm()
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
func (s *stationList) line(d *deck) (x stationLine, ok bool) {
	n := d.stationLines()
	s.Restore(n, d.stationKey)
	if n == 0 {
		return x, false
	}
	return d.stationLine(s.At), true
}

// subject is the chosen subject; nil when a station is chosen, or nothing.
func (s *stationList) subject(d *deck) *subjects.Row {
	x, _ := s.line(d)
	return x.subject()
}

// open is the place of a branch among those unfolded; -1 when it is folded.
func (s *stationList) open(station, path string) int {
	return slices.IndexFunc(s.unfolded, func(u subjects.Branch) bool { return u.Station == station && u.Path == path })
}

// inTree is a place: there are subjects here, or can be.
func inTree(d *deck) bool {
	if !inPane(stationsPane)(d) {
		return false
	}
	x, ok := d.stations.line(d)
	return ok && x.station.Unfolds
}

// unfold shows what is under the chosen line, or more of what is beside it; where that is shown already, it goes there.
func (d *deck) unfold() {
	s := &d.stations
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
		s.move(d, 1)
	case len(s.unfolded) >= mostUnfolded:
		d.say(bus.Say, "so much is unfolded that no more is: fold some of it with ←")
	default:
		s.unfolded = append(slices.Clip(s.unfolded), subjects.Branch{Station: key, Path: path, Most: firstSubjects})
		s.reveal = true
	}
}

// scrollToUnfolded moves the chosen line up as soon as there is something under it that was unfolded last.
func (s *stationList) scrollToUnfolded(d *deck, n, height int) {
	if !s.reveal || s.At+1 >= n {
		return
	}
	r, below := s.subject(d), d.stationLine(s.At+1).subject()
	if below != nil && (r == nil || below.Depth > r.Depth) {
		s.Top, s.reveal = max(s.Top, s.At-height/3), false
	}
}

// fold hides what is under the chosen line; where nothing is, it goes to the line that this one is under.
func (d *deck) fold() {
	s := &d.stations
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
	s.move(d, up-x.at)
}

// toggleFold unfolds or folds what is under the chosen line.
func (d *deck) toggleFold() {
	x, ok := d.stations.line(d)
	if !ok {
		return
	}
	if path, _ := x.branch(); d.stations.open(x.station.Key, path) >= 0 {
		d.fold()
		return
	}
	d.unfold()
}

// enterSubject shows the events of the chosen subject, or unfolds what stands for several.
func (d *deck) enterSubject(r *subjects.Row) tea.Cmd {
	switch {
	case r.Kind == subjects.MoreRow:
		d.unfold()
	case d.onlySubject(r):
		d.focusOn(eventsPane)
	}
	return nil
}

// onlySubject narrows the events to those of the chosen subject, or of all under a branch; false when it cannot.
func (d *deck) onlySubject(r *subjects.Row) bool {
	text, ok := subjectFilter(r)
	if !ok {
		d.say(bus.Say, "these subjects are not told apart: narrow the events with / and subject:")
		return false
	}
	if err := d.narrow(eventsPane, text); err != nil {
		d.sayError(err)
		return false
	}
	d.remember(text)
	d.events.subject, d.events.cursor = text, 0
	if x, ok := d.stations.line(d); ok {
		d.events.station = x.station.Key
	}
	return true
}

// subjectFilter is the filter for a subject, or all under a branch, as one would type it.
func subjectFilter(r *subjects.Row) (string, bool) {
	plain := !strings.ContainsFunc(r.Path, func(c rune) bool { return c <= ' ' || c == 0x7f || strings.ContainsRune("\"`*?", c) })
	switch {
	case r.Kind == subjects.LeafRow && plain && r.Path != "":
		return "subject:" + r.Path, true
	case r.Kind == subjects.LeafRow:
		return "subject == " + strconv.Quote(r.Path), true
	case r.Kind == subjects.BranchRow && plain:
		return "subject:" + r.Path + "*", true
	case r.Kind == subjects.BranchRow:
		return "subject startsWith " + strconv.Quote(r.Path), true
	}
	return "", false
}

// onSubject is the filter for the subject that was chosen; "" when none was, or another has been typed since.
func (e *eventList) onSubject() string {
	if e.subject == e.filter.text {
		return e.subject
	}
	return ""
}

// thaw gives a frozen view what has been unfolded since it was frozen.
func (d *deck) thaw() {
	if d.still == nil || d.still.View.Subjects == d.snap.View.Subjects {
		return
	}
	still := *d.still
	still.View.Subjects, still.Subjects = d.snap.View.Subjects, d.snap.Subjects
	d.still = &still
}
