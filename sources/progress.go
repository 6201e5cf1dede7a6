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
	consumers *ConsumerRow // the first of those it was judged by: the rows are replaced as a whole
	rows      []Progress
}

// progress is that of all consumers of the stations that the entity's events lie in.
func (j *progressRows) progress(e *Engine, d *EntityDetail) []Progress {
	if d == nil || len(e.consumers) == 0 {
		*j = progressRows{}
		return nil
	}
	if j.detail != d || j.consumers != &e.consumers[0] {
		*j = progressRows{d, &e.consumers[0], progressOf(d.History, e.consumers, e.byKey)}
	}
	return j.rows
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
			if s == nil || s.Name != c.Station || s.Bus != c.Bus {
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
