package deadletters

import (
	"context"
	"errors"
	"strings"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/memphisbus/internal/stations"
)

// Headers that a copy in a dead-letter station has besides those of its message.
const (
	copyOf  = "station"
	copyWhy = "type"
)

// Why there is a copy, as Memphis writes it, and in words.
var whyCopied = map[string]struct {
	standing bus.Standing
	words    string
}{
	"unacked":       {bus.GivenUp, "a group of %s gave it up, or refused it: this is the copy, which does not say which group"},
	"failed_schema": {bus.Terminated, "it did not fit the schema of %s, which has never had it: this is the copy"},
	"functions":     {bus.Terminated, "a function of %s failed with it: this is the copy"},
}

// room is a stream that was looked at for copies.
type room struct {
	plain  bool   // there are none: the first message that was looked at is something else
	next   uint64 // the first sequence that was not looked at
	copies []bus.DeadLetter
}

// addCopies adds the copies of which nothing else is known, and says of the others where their copies are.
func (l *Log) addCopies(ctx context.Context, letters []bus.DeadLetter, all []stations.Station, left *int) []bus.DeadLetter {
	known := map[string][]int{}
	for i := range letters {
		if letters[i].Message != nil {
			mark := fingerprint(letters[i].Station, letters[i].Message)
			known[mark] = append(known[mark], i)
		}
	}
	here := map[string]bool{}
	for i := range all {
		for _, p := range all[i].Partitions {
			here[p.Stream()] = true
			x := l.look(ctx, partition{&all[i], p}, left)
			for _, c := range x.copies {
				same := known[fingerprint(names.Station(c.Message.Headers.Get(copyOf)), c.Message)]
				for _, at := range same {
					if copied := ", copied to " + c.Station; !strings.HasSuffix(letters[at].Why, copied) {
						letters[at].Why += copied
					}
				}
				if len(same) == 0 {
					letters = append(letters, c)
				}
			}
		}
	}
	for stream := range l.copies {
		if !here[stream] {
			delete(l.copies, stream)
		}
	}
	return letters
}

// fingerprint is the same for a message of a station and for its copy.
func fingerprint(station string, m *bus.Message) string {
	var b strings.Builder
	b.WriteString(station)
	for _, h := range m.Headers {
		if h.Name != copyOf && h.Name != copyWhy {
			b.WriteString("\x00" + h.Name + "\x00" + h.Value)
		}
	}
	b.WriteByte(0)
	b.Write(m.Data)
	return b.String()
}

// look looks for copies in a stream, unless what it looked at first is none: at the newest, and so many at one time.
func (l *Log) look(ctx context.Context, p partition, left *int) *room {
	x := l.copies[p.Stream()]
	if x == nil {
		x = &room{}
		l.copies[p.Stream()] = x
	}
	state := p.Info.State
	if x.plain || state.Msgs == 0 {
		return x
	}
	if state.LastSeq+1 < x.next { // another stream of that name
		*x = room{}
	}
	x.next = max(x.next, state.FirstSeq, 1)
	if state.LastSeq >= x.next+mostCopies {
		x.next = state.LastSeq - mostCopies + 1
	}
	for ; x.next <= state.LastSeq && *left > 0; x.next++ {
		*left--
		m, err := l.Server.Message(ctx, p.Info, x.next)
		if errors.Is(err, bus.ErrMissing) {
			continue
		}
		if err != nil {
			break
		}
		if d, ok := p.copied(&m); ok {
			x.copies = append(x.copies, d)
		} else if x.plain = len(x.copies) == 0; x.plain {
			break
		}
	}
	if n := len(x.copies); n > mostCopies {
		x.copies = append([]bus.DeadLetter(nil), x.copies[n-mostCopies:]...)
	}
	return x
}

// copied is a message as the copy of a dead letter that it is.
func (p partition) copied(m *bus.Message) (bus.DeadLetter, bool) {
	of := m.Headers.Get(copyOf)
	why, known := whyCopied[m.Headers.Get(copyWhy)]
	if of == "" || !known {
		return bus.DeadLetter{}, false
	}
	d := bus.DeadLetter{Standing: why.standing, Position: m.Position, Deliveries: -1, Why: strings.Replace(why.words, "%s", of, 1),
		UnixNano: m.UnixNano, Message: m}
	p.translate(&d)
	return d, true
}
