package sources

import (
	"cmp"
	"slices"

	"signalbox/bus"
)

// Progress is how far one consumer is with the events of the chosen entity, as of when the broker was last asked.
type Progress struct {
	Bus, Station, Consumer string // the station by its key
	Stands                 []Stand
}

// Stand is how far a consumer is with one step of the entity's history. Its Standing is "" for an event of another
// station, and for one that is older than the newest MaxJudged.
type Stand struct {
	Standing bus.Standing
	Who      string // the member that holds a delivered message, or ""
}

// MaxJudged bounds the steps that are judged.
const MaxJudged = 250

// progressRows keeps what was last judged until the history or the consumers are others.
type progressRows struct {
	detail    *EntityDetail
	then      *Then
	consumers *ConsumerRow // the first of those it was judged by: the rows are replaced as a whole
	rows      []Progress
}

// progress is that of all consumers of the stations that the entity's events lie in, at the moment that a snapshot shows.
func (j *progressRows) progress(e *Engine, s *Snapshot) []Progress {
	d, consumers := s.Entity, s.Consumers
	if s.Then != nil && s.Then.Sampled.IsZero() {
		consumers = e.attached.consumers
	}
	if d == nil || len(consumers) == 0 {
		*j = progressRows{}
		return nil
	}
	if j.detail != d || j.then != s.Then || j.consumers != &consumers[0] {
		*j = progressRows{d, s.Then, &consumers[0], progressOf(d.History, consumers, e.attached.byKey)}
		if s.Then != nil {
			j.lookBack(s)
		}
	}
	return j.rows
}

// lookBack makes of what is known of now what is known of an earlier moment.
func (j *progressRows) lookBack(s *Snapshot) {
	for i := range j.rows {
		p := &j.rows[i]
		at := slices.IndexFunc(s.Consumers, func(c ConsumerRow) bool {
			return c.Bus == p.Bus && c.Name == p.Consumer && j.station(s, p.Station) == c.Station
		})
		for n := range p.Stands {
			step, x := &j.detail.History[n], &p.Stands[n]
			switch {
			case x.Standing == "" || x.Standing == bus.Filtered:
			case step.Number > s.Then.Number:
				*x = Stand{}
			case at < 0:
				*x = Stand{Standing: bus.Unknown}
			default:
				x.Standing = standingThen(x.Standing, &s.Consumers[at], step.Position)
			}
			if x.Standing != bus.Delivered {
				x.Who = ""
			}
		}
	}
}

// station is the name of a station by its key.
func (j *progressRows) station(s *Snapshot, key string) string {
	for i := range s.Stations {
		if s.Stations[i].Key == key {
			return s.Stations[i].Station.Name
		}
	}
	return ""
}

// standingThen is how far a consumer was with a message, by how far it is now and how it was then.
func standingThen(now bus.Standing, c *ConsumerRow, at bus.Position) bus.Standing {
	switch {
	case at.Partition != c.Delivered.Partition:
		return bus.Unknown
	case c.Delivered.Less(at):
		return bus.Waiting
	case now == bus.Unknown, now == bus.GivenUp, now == bus.Terminated: // since when, the broker does not tell
		return bus.Unknown
	case !c.AckFloor.IsZero() && !c.AckFloor.Less(at), c.Unacked == 0 && now == bus.Done:
		return bus.Done
	case now == bus.Delivered:
		return bus.Delivered
	}
	return bus.Unknown
}

// progressOf asks the buses, which answer from what they have told of their consumers.
func progressOf(history []HistoryStep, consumers []ConsumerRow, stations map[string]*station) []Progress {
	older := max(0, len(history)-MaxJudged)
	var out []Progress
	for i := range consumers {
		c := &consumers[i]
		var tracker bus.Tracker
		var h *Progress
		for n := older; n < len(history); n++ {
			step := &history[n]
			s := stations[step.Station]
			if c.Session || s == nil || s.Name != c.Station || s.Bus != c.Bus {
				continue
			}
			if h == nil {
				out = append(out, Progress{Bus: c.Bus, Station: s.Key, Consumer: c.Name, Stands: make([]Stand, len(history))})
				h = &out[len(out)-1]
				tracker, _ = bus.As[bus.Tracker](s.bus.bus)
			}
			h.Stands[n].Standing = bus.Unknown
			if tracker != nil {
				h.Stands[n].Standing, h.Stands[n].Who = tracker.Standing(c.Consumer, step.Subject, step.Position)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Progress) int {
		return cmp.Or(cmp.Compare(a.Bus, b.Bus), cmp.Compare(a.Station, b.Station), cmp.Compare(a.Consumer, b.Consumer))
	})
	return out
}
