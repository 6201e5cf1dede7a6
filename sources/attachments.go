package sources

import (
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/bus/glob"
	"signalbox/sources/internal/store"
	"signalbox/sources/subjects"
)

// attachments are the buses that are attached, their stations, and what they tell of consumers and dead letters.
type attachments struct {
	store *store.Store
	space subjects.Space // for the subjects of all stations
	now   func() time.Time
	news  func() // something changed that a snapshot shows

	buses     []*attached
	stations  []*station // by their index
	byKey     map[string]*station
	consumers []ConsumerRow   // worst first; never changed, only replaced
	letters   []DeadLetterRow // as the buses list them, oldest first
	dead      []DeadLetterRow // letters, and what is not among them; never changed, only replaced
}

// add adds a bus.
func (x *attachments) add(a *attached) {
	a.again = slices.ContainsFunc(x.buses, func(other *attached) bool { return other.bus == a.bus })
	x.buses = append(x.buses, a)
	x.news()
}

// rows are the buses as a snapshot shows them.
func (x *attachments) rows() (rows []BusRow) {
	for _, a := range x.buses {
		if !a.again {
			row := a.view()
			row.Recognised = x.recognised(a)
			rows = append(rows, row)
		}
	}
	return rows
}

// concerns tells whether what a bus says of one of its stations is to be shown: where all attachments of the bus name
// their stations, only these.
func (x *attachments) concerns(b bus.Bus, name string) bool {
	return slices.ContainsFunc(x.buses, func(a *attached) bool {
		s := a.stations[name]
		return a.bus == b && (a.selection.IsAll(b) || s != nil && s.detached.IsZero())
	})
}

// station finds a station of a bus, or adds it.
func (x *attachments) station(a *attached, row bus.Station) *station {
	if s := a.stations[row.Name]; s != nil {
		s.be(row)
		s.gone, s.unlisted = false, false
		if s.subjects == nil {
			s.subjects = subjects.New(row, &x.space)
		}
		return s
	}
	if s := x.detachedOf(a.name, row.Name); s != nil {
		s.be(row)
		s.bus, s.detached, s.gone, s.unlisted, a.stations[row.Name] = a, time.Time{}, false, false, s
		return s
	}
	key := row.Name
	if x.byKey[key] != nil {
		key = a.name + "/" + row.Name
	}
	s := &station{Place: store.Place{Key: key, Index: uint16(len(x.stations)), Bus: a.name}, bus: a, subjects: subjects.New(row, &x.space)}
	s.be(row)
	x.stations, x.store.Places = append(x.stations, s), append(x.store.Places, &s.Place)
	x.byKey[key], a.stations[row.Name] = s, s
	return s
}

// place finds a station by its key, as far as its events need it; nil when it is not known.
func (x *attachments) place(key string) *store.Place {
	if s := x.byKey[key]; s != nil {
		return &s.Place
	}
	return nil
}

// placeOf finds a station by names.
func (x *attachments) placeOf(busName, name string) (*attached, *stationPlace) {
	for _, a := range x.buses {
		if s := a.stations[name]; s != nil && a.name == busName {
			return a, &stationPlace{s.Index, s.row, s.Traits}
		}
	}
	return nil, nil
}

// gap notes a stretch that was or may have been missed: entities that began before its end are not surely whole.
func (x *attachments) gap(s *station, g bus.Gap) {
	s.gap(g)
	if !s.row.Keyed {
		x.store.Unseen(&s.Place, g.Until.UnixNano())
	}
}

// takesPast tells whether stations are read of what they held.
func (x *attachments) takesPast() bool {
	for _, s := range x.stations {
		if s.past > 0 || s.feed != nil && !s.feed.caughtUp {
			return true
		}
	}
	return false
}

// lookElsewhere notes, in a store, which kinds have events at stations that are not read: because others of a bus were chosen, or
// because they were detached.
func (x *attachments) lookElsewhere(st *store.Store) {
	chosen := slices.ContainsFunc(x.buses, func(a *attached) bool { return !a.selection.IsAll(a.bus) })
	st.Elsewhere(func(pattern string) bool { return x.isRead(pattern) || !chosen && !x.isDetached(pattern) })
}

// isDetached tells whether a station that a glob matches was detached.
func (x *attachments) isDetached(pattern string) bool {
	return slices.ContainsFunc(x.stations, func(s *station) bool { return !s.detached.IsZero() && glob.Match(pattern, s.Name) })
}

// lookLate notes which stations are read from a place that is not known before their first message comes.
func (x *attachments) lookLate() {
	late := map[string]int64{}
	for _, s := range x.stations {
		if s.late && s.feed != nil {
			late[s.Name] = max(late[s.Name], s.lateUntil)
		}
	}
	x.store.Late(late)
}

// isRead tells whether a station that a glob matches is read.
func (x *attachments) isRead(pattern string) bool {
	for _, s := range x.stations {
		if s.feed != nil && glob.Match(pattern, s.Name) {
			return true
		}
	}
	return false
}

// evicted accounts for events that leave the window.
func (x *attachments) evicted(byStation []uint32) {
	for i, n := range byStation {
		l := &x.stations[i].ledger
		l.Held -= uint64(n)
		l.Evicted += uint64(n)
	}
}

// subjectTrees are the trees that a view has unfolded, in the order of the stations.
func (x *attachments) subjectTrees(v *View) []SubjectTree {
	byStation := map[string][]subjects.Branch{}
	for _, b := range v.Subjects.Branches() {
		byStation[b.Station] = append(byStation[b.Station], b)
	}
	var out []SubjectTree
	for i, s := range x.stations {
		branches := byStation[s.Key]
		if whole := slices.ContainsFunc(branches, func(b subjects.Branch) bool { return b.Path == "" }); whole && s.subjects != nil {
			rows, events := s.subjects.Rows(branches, v.HoldSubjects)
			out = append(out, SubjectTree{Station: i, Events: events, Rows: rows})
		}
	}
	return out
}
