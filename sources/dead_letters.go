package sources

import (
	"cmp"
	"slices"

	"signalbox/bus"
)

// DeadLetterRow is one message that a consumer failed with, or several of which it is not known which they are.
type DeadLetterRow struct {
	Bus string
	bus.DeadLetter
	Unlisted int64 // so many messages, or at least so many, that it is not known which they are; 0: the one message
	AtLeast  bool
	Kind     bus.Kind // of its station
	Traits   *bus.Traits
	Event    *Event // the message, understood; nil when it is no longer kept
}

// MaxDeadLetters bounds the dead letters of one bus that are kept, the newest.
const MaxDeadLetters = 1000

// DeadKey tells dead letters apart.
type DeadKey struct {
	Bus, Station, Consumer string
	Position               bus.Position
	Unlisted               int64
}

// Key is what the row is known by as long as it is listed.
func (r *DeadLetterRow) Key() DeadKey {
	return DeadKey{r.Bus, r.Station, r.Consumer, r.Position, r.Unlisted}
}

// Messages is how many messages the row is about.
func (r *DeadLetterRow) Messages() int64 { return max(1, r.Unlisted) }

// listDeadLetters takes in what a bus said of its dead letters. Rows that are known stay as they are; those of stations
// that nobody asked for are left out.
func (x *attachments) listDeadLetters(a *attached, list []bus.DeadLetter) {
	if a.life.Err() != nil { // it was detached meanwhile
		return
	}
	a.listsDead = true
	list = slices.DeleteFunc(slices.Clone(list), func(l bus.DeadLetter) bool { return !x.concerns(a.bus, l.Station) })
	list = list[max(0, len(list)-MaxDeadLetters):]
	known := make(map[DeadKey]DeadLetterRow, len(x.letters))
	rows := make([]DeadLetterRow, 0, len(x.letters)+len(list))
	for _, r := range x.letters {
		if r.Bus == a.name {
			known[r.Key()] = r
		} else {
			rows = append(rows, r)
		}
	}
	fresh := len(known) != len(list)
	for _, letter := range list {
		next := DeadLetterRow{Bus: a.name, DeadLetter: letter}
		r, ok := known[next.Key()]
		if !ok || r.Deliveries != letter.Deliveries || r.UnixNano != letter.UnixNano || r.Why != letter.Why || r.Standing != letter.Standing ||
			r.Event == nil && letter.Message != nil {
			x.explain(a, &next)
			r, fresh = next, true
		}
		rows = append(rows, r)
	}
	if !fresh {
		return
	}
	slices.SortStableFunc(rows, func(x, y DeadLetterRow) int { return cmp.Compare(x.UnixNano, y.UnixNano) })
	x.letters = rows
	x.agreeOnGivenUp()
}

// explain completes the row of a dead letter: its message is understood, and not folded.
func (x *attachments) explain(a *attached, row *DeadLetterRow) {
	if s := a.stations[row.Station]; s != nil {
		row.Kind, row.Traits = s.Kind, s.Traits
	}
	m := row.Message
	if m == nil {
		return
	}
	ev := &Event{Received: Received{
		UnixNano: m.UnixNano, Bus: a.name, Station: row.Station, Source: row.Kind, Traits: row.Traits,
		Subject: m.Subject, Position: m.Position, Headers: m.Headers, Data: m.Data, Size: max(m.Size, len(m.Data)),
	}}
	x.store.Identify(ev)
	row.Event = ev.Clone()
}
