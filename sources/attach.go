package sources

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/sources/diagnosis"
)

// Selection chooses the stations of a bus.
type Selection struct {
	Names []string // none: what the bus has, and what appears there later
	From  bus.From
}

// attached is a bus that the engine takes from.
type attached struct {
	bus       bus.Bus
	name      string
	again     bool // the bus was attached before, for other stations
	selection Selection
	life      context.Context     // until it is detached, or the engine ends
	leave     context.CancelFunc  // ends it
	stations  map[string]*station // by their names on the bus
	consumers *diagnosis.Consumers
	listsDead bool // it has told of its dead letters
	recalled  bool // it told how its consumers were at earlier times
	searched  bool // all of the bus was looked through for whose events its keys are

	noticing chan chan struct{} // asks the reader of notices to take in those that are there, and close what it is given; nil for none
	silent   chan struct{}      // closed when it has ended
}

// IsAll tells whether all that a bus has is selected: nothing is named, or what takes everything.
func (s *Selection) IsAll(b bus.Bus) bool {
	everything := b.Info().Everything
	return len(s.Names) == 0 || everything != "" && slices.Contains(s.Names, everything)
}

func (a *attached) view() BusRow {
	i := a.bus.Info()
	return BusRow{Name: i.Name, Link: i.Link, Since: i.Since, Product: i.Product}
}

// opening is a station that has been opened, or why it could not be.
type opening struct {
	row     bus.Station
	from    bus.From
	source  bus.Feed
	took    time.Duration
	refused error
	told    bool // whoever attaches is told why it could not be

	resumed bool     // it goes on where reading ended when it was detached
	gap     *bus.Gap // what was or may have been missed since; nil for nothing
}

// openAtOnce bounds the stations that are being opened at the same time: each waits for its broker a few times, and there may be
// thousands.
const openAtOnce = 32

// Attach opens the selected stations of a bus and returns once they are subscribed to; Run must be running. Stations
// that appear later are opened too where the selection has no names. A station that cannot be opened is listed with the
// reason and does not stop the others; it is an error when none of those named can be. Stations that were detached go on where
// reading them ended, whatever the selection says, and elsewhere with a gap.
func (e *Engine) Attach(ctx context.Context, b bus.Bus, s Selection) error {
	name := b.Info().Name
	stations, err := b.Stations(ctx, s.Names...)
	if err != nil && len(stations) == 0 && !errors.Is(err, bus.ErrUnfinished) {
		return fmt.Errorf("listing the stations of %s: %w", name, err)
	}
	a := &attached{bus: b, name: name, selection: s, stations: map[string]*station{}, consumers: diagnosis.Of(name)}
	if doErr := e.requests.do(ctx, func() { e.addBus(a) }); doErr != nil {
		return doErr
	}
	if err != nil {
		e.requests.post(func() { e.notices.add(bus.Warn, name, "", err.Error()) })
	}
	opened := openings(stations, s.From)
	if err := e.requests.do(ctx, func() { e.attached.resume(name, opened) }); err != nil {
		return err
	}
	if err := e.recall(ctx, a, opened); err != nil {
		return err
	}
	openEach(ctx, b, opened)
	refused := allRefused(s, opened)
	if err := e.addOpened(ctx, a, opened); err != nil {
		return err
	}
	e.find(ctx, a)
	e.requests.post(func() { e.poll(a) })
	return refused
}

// openAll opens the stations that can be read.
func openAll(ctx context.Context, b bus.Bus, stations []bus.Station, from bus.From) []opening {
	out := openings(stations, from)
	openEach(ctx, b, out)
	return out
}

// openings are stations that are to be read from a place, as far as they can.
func openings(stations []bus.Station, from bus.From) []opening {
	out := make([]opening, len(stations))
	for i, row := range stations {
		out[i] = opening{row: row, from: from}
		if !row.Replayable {
			out[i].from = bus.From{}
		}
	}
	return out
}

// openEach opens stations that can be read, each from its own place.
func openEach(ctx context.Context, b bus.Bus, stations []opening) {
	places := make(chan struct{}, openAtOnce)
	var all goroutine.Group
	for i := range stations {
		o := &stations[i]
		if !o.row.Readable {
			continue
		}
		places <- struct{}{}
		all.Go("what opens a station", func() {
			defer func() { <-places }()
			began := time.Now()
			defer func() { o.took = time.Since(began) }()
			if o.refused = o.from.Fits(&o.row); o.refused == nil {
				o.source, o.refused = b.Open(ctx, o.row, o.from)
			}
		})
	}
	all.Wait()
}

// addOpened gives the engine what was opened, or closes it when the engine is not there to take it.
func (e *Engine) addOpened(ctx context.Context, a *attached, opened []opening) error {
	err := e.requests.do(ctx, func() { e.addStations(a, opened) })
	if err != nil {
		for _, o := range opened {
			if o.source != nil {
				err = errors.Join(err, o.source.Close())
			}
		}
	}
	return err
}

// begin has what is asked of a bus go on until it is detached.
func (e *Engine) begin(a *attached) {
	a.life, a.leave = context.WithCancel(e.running)
	e.attached.add(a)
	e.revisits.attach(a.bus)
}

func (e *Engine) addBus(a *attached) {
	if e.begin(a); !a.again {
		a.noticing, a.silent = make(chan chan struct{}), make(chan struct{})
		e.work.Go("the reader of notices", func() { e.readNotices(a) })
	}
}

// addStations lists stations, and starts to read those that are open; the ones that have a past are merged.
func (e *Engine) addStations(a *attached, opened []opening) {
	if a.life.Err() != nil { // it was detached meanwhile
		e.closeOpened(a, opened)
		return
	}
	var past []*feed
	for _, o := range opened {
		if len(e.attached.stations) == mostStations && a.stations[o.row.Name] == nil {
			e.refuseStation(a, o)
			continue
		}
		if named := len(a.selection.Names) > 0; named && !o.row.Readable && a.stations[o.row.Name] == nil {
			e.notices.add(bus.Warn, a.name, o.row.Name, o.row.Reading)
		}
		s := e.attached.station(a, o.row)
		if o.refused != nil {
			s.refused = o.refused.Error()
			if !o.told {
				e.notices.add(bus.Fail, a.name, o.row.Name, "cannot be read: "+s.refused)
			}
		}
		if o.source == nil {
			continue
		}
		if s.feed != nil && !s.feed.ended { // the bus is attached twice, and the other was faster
			e.closeOpened(a, []opening{o})
			continue
		}
		if e.tellBeginning(a, &o); o.gap != nil {
			e.attached.gap(s, *o.gap)
		}
		f := &feed{station: s, source: o.source, slots: make(chan struct{}, batchesAhead), expected: o.held()}
		f.caughtUp = !o.row.Replayable || o.from.Start == bus.FromNew
		e.feeds.all = slices.DeleteFunc(e.feeds.all, func(old *feed) bool { return old == s.feed })
		s.feed, s.from, s.refused, s.seen = f, o.from, "", 0
		s.late, s.sequence = s.late || !o.resumed && o.startedLate(), 0
		if s.lateUntil = math.MaxInt64; o.from.Start == bus.FromNew {
			s.lateUntil = e.now().Add(-o.took).UnixNano()
		}
		s.begunLate, s.begunUntil = s.late, s.lateUntil
		s.counted = o.row.Positions == bus.Sequences && o.row.Replayable && !o.row.Keyed && o.row.Partitions == 0
		if o.from.Start == bus.FromNew {
			s.newest = o.row.Last
		}
		if !o.row.Replayable && !o.row.Whole {
			e.store.Unseen(&s.Place, max(e.now().Add(-o.took).UnixNano(), 1)) // what has come since it was opened is seen
		}
		e.feeds.all = append(e.feeds.all, f)
		s.subjects.Past(!f.caughtUp)
		if !f.caughtUp {
			past = append(past, f)
		}
		e.work.Go("the reader of a feed", func() { f.read(e.running, e.intake) })
	}
	e.attached.lookElsewhere(e.store)
	e.attached.lookLate()
	if len(past) > 1 {
		g := &group{feeds: past}
		for _, f := range past {
			f.group = g
		}
		e.feeds.groups = append(e.feeds.groups, g)
		e.feeds.dissolve()
	}
	e.dirty = true
}

// tellBeginning says that a station begins behind the number that it was to be read from. That is no gap: nothing was lost
// while it was read.
func (e *Engine) tellBeginning(a *attached, o *opening) {
	asked := a.selection.From
	if asked.Start != bus.FromAt || o.from != asked || o.row.Positions != bus.Sequences || o.row.Partitions > 0 {
		return
	}
	if o.row.First.Major > asked.Position.Major {
		e.notices.add(bus.Warn, a.name, o.row.Name, fmt.Sprintf("begins at %s: nothing is kept from %s up to there",
			o.row.Positions.Format(o.row.First), o.row.Positions.Format(asked.Position)))
	}
}

// mostStations bounds the stations of all buses.
const mostStations = 1<<16 - 1

// refuseStation closes a station that there is no place for.
func (e *Engine) refuseStation(a *attached, o opening) {
	e.notices.add(bus.Fail, a.name, o.row.Name, fmt.Sprintf("is not read: there are %d stations already; name those wanted", mostStations))
	e.closeOpened(a, []opening{o})
}

// closeOpened closes stations that are not to be read after all.
func (e *Engine) closeOpened(a *attached, opened []opening) {
	for _, o := range opened {
		if o.source == nil {
			continue
		}
		e.work.Go("what closes a station", func() {
			if err := o.source.Close(); err != nil {
				e.requests.post(func() { e.notices.add(bus.Warn, a.name, o.row.Name, err.Error()) })
			}
		})
	}
}

// held is how many messages there are to be read at once; 0 when that is not known.
func (o *opening) held() uint64 {
	switch o.from.Start {
	case bus.FromAll:
		return o.row.Messages
	case bus.FromLast:
		return min(o.from.Last, o.row.Messages)
	case bus.FromAt:
		if n, known := o.row.Positions.Distance(o.from.Position, o.row.Last); known {
			return min(n+1, o.row.Messages)
		}
	}
	return 0
}

// startedLate tells whether messages before the first one that is read were lost or left out. What a key was before says
// nothing of an entity that its value is all of.
func (o *opening) startedLate() bool {
	switch {
	case !o.row.Replayable || o.row.Keyed && o.from.Start == bus.FromAll:
		return false
	case o.row.Keyed && o.row.Gathers: // how many keys were there is not known
		return true
	case o.from.Start == bus.FromAll, o.from.Start == bus.FromLast && o.from.Last >= o.row.Messages:
		return o.row.Removed
	}
	return o.row.Messages > 0 || o.row.Removed
}
