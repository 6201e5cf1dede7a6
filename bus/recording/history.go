package recording

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"signalbox/bus"
	"signalbox/bus/recording/internal/blocks"
	"signalbox/bus/recording/internal/content"
)

// eachNote hands out the notes of blocks, forward from the first or back from the last, until yield returns false. What cannot be
// read is left out.
func (b *Bus) eachNote(ctx context.Context, back bool, yield func(*content.Note) bool) error {
	for i := range b.blocks.Heads {
		if back {
			i = len(b.blocks.Heads) - 1 - i
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if b.blocks.Heads[i].Kind != blocks.Notes {
			continue
		}
		body, err := b.blocks.Body(&b.blocks.Heads[i])
		if err != nil {
			b.tellDamage()
			continue
		}
		var notes []*content.Note
		content.EachNote(body, func(n *content.Note) bool { notes = append(notes, n); return true })
		if back {
			slices.Reverse(notes)
		}
		for _, n := range notes {
			if !yield(n) {
				return nil
			}
		}
	}
	return nil
}

// History implements bus.Historian.
func (b *Bus) History(ctx context.Context, yield func(bus.Figures) bool) error {
	stations := map[int]content.StationFigures{}
	consumers := map[int][]bus.Consumer{}
	return b.eachNote(ctx, false, func(n *content.Note) bool {
		if n.Figures == nil {
			return true
		}
		for _, s := range n.Figures.Stations {
			stations[s.Number] = s
		}
		if n.Figures.Consumers != nil {
			consumers[n.Bus] = b.named(n.Bus, n.Figures.Consumers)
		}
		all := bus.Figures{Time: n.Time}
		for _, s := range b.stations {
			all.Stations = append(all.Stations, s.row)
		}
		for number, f := range stations {
			if i := slices.Index(b.stations, b.byNumber[number]); i >= 0 {
				row := &all.Stations[i]
				row.Messages, row.Bytes, row.Consumers, row.First, row.Last = f.Messages, f.Bytes, f.Consumers, f.First, f.Last
			}
		}
		for number := range b.buses {
			all.Consumers = append(all.Consumers, consumers[number]...)
		}
		return yield(all)
	})
}

// Hides implements what bus.As asks: what is played is as it is now, and has no history, nor is it read again; dead letters are told where they were.
func (b *Bus) Hides(capability any) bool {
	switch capability.(type) {
	case *bus.Historian, *bus.Rereader:
		return b.player != nil
	case *bus.DeadLetterLister:
		return len(b.lettersTold()) == 0
	}
	return false
}

// named are consumers of stations as they are called here.
func (b *Bus) named(of int, all []bus.Consumer) []bus.Consumer {
	for i := range all {
		all[i].Station = b.called(of, all[i].Station)
	}
	return all
}

// called is what a station of a bus is called here.
func (b *Bus) called(of int, name string) string {
	plain := b.buses[of].Name + "/" + name
	for _, s := range b.stations {
		if s.bus == of && s.row.Name == plain {
			return plain
		}
	}
	return name
}

// Consumers implements bus.ConsumerLister: as they were at the end, or at the time up to which the recording was played.
func (b *Bus) Consumers(ctx context.Context) ([]bus.Consumer, error) {
	found := map[int][]bus.Consumer{}
	err := b.eachNote(ctx, true, func(n *content.Note) bool {
		if n.Figures != nil && n.Figures.Consumers != nil && found[n.Bus] == nil && n.Time.UnixNano() <= b.until && (b.player == nil || !n.Time.After(b.player.now())) {
			found[n.Bus] = b.named(n.Bus, n.Figures.Consumers)
		}
		return len(found) < len(b.buses)
	})
	var all []bus.Consumer
	for number := range b.buses {
		all = append(all, found[number]...)
	}
	return all, err
}

// Standing implements bus.Tracker, as far as positions tell.
func (b *Bus) Standing(c bus.Consumer, _ string, at bus.Position) (bus.Standing, string) {
	s := b.byName[c.Station]
	if s == nil || s.counts || at.IsZero() || at.Partition != c.Delivered.Partition {
		return bus.Unknown, ""
	}
	for _, p := range c.Pending {
		if p.Position == at {
			return bus.Delivered, p.Member
		}
	}
	switch {
	case !c.AckFloor.IsZero() && !c.AckFloor.Less(at):
		return bus.Done, ""
	case !c.Delivered.IsZero() && c.Delivered.Less(at):
		return bus.Waiting, ""
	}
	return bus.Unknown, ""
}

// Get implements bus.Getter.
func (b *Bus) Get(ctx context.Context, row bus.Station, at bus.Position) (bus.Message, error) {
	s := b.byName[row.Name]
	missing := fmt.Errorf("get %s of %s: %w in the recording %s", row.Positions.Format(at), row.Name, bus.ErrMissing, b.name)
	if s == nil || at.IsZero() {
		return bus.Message{}, missing
	}
	f := &feed{bus: b, station: s, closed: make(chan struct{}), wants: func(m *bus.Message) bool { return m.Position == at }}
	if s.counts {
		f.startAt(bus.From{Start: bus.FromAt, Position: at})
	} else if s.row.Partitions == 0 { // in the order of their positions, but for what was read again
		f.block = sort.Search(len(s.parts), func(i int) bool { return s.parts[i].Messages > 0 && !s.parts[i].To.Less(at) })
	}
	for to := bus.NewBatch(0); ; {
		if err := ctx.Err(); err != nil {
			return bus.Message{}, err
		}
		found, err := f.find(to)
		switch {
		case err != nil:
			return bus.Message{}, err
		case !found:
			return bus.Message{}, missing
		case f.message.Position == at:
			m := f.message
			m.Subject, m.Data = string([]byte(m.Subject)), append([]byte(nil), m.Data...)
			headers := m.Headers
			m.Headers = nil
			for _, h := range headers {
				m.Headers = append(m.Headers, bus.Header{Name: string([]byte(h.Name)), Value: string([]byte(h.Value))})
			}
			return m, nil
		default:
			f.readable = false
		}
	}
}

// Mark is a moment that somebody named while it was recorded.
type Mark struct {
	At   time.Time
	Name string
	Sent bool // something was sent then
	Told bool // people were told this then
}

// Marks are the moments with names, those at which something was sent, and what people were told, by time.
func (b *Bus) Marks(ctx context.Context) (all []Mark, err error) {
	err = b.eachNote(ctx, false, func(n *content.Note) bool {
		switch {
		case n.Mark != nil:
			all = append(all, Mark{At: n.Mark.At, Name: n.Mark.Name})
		case n.Injected != nil && n.Injected.Error == "":
			all = append(all, Mark{At: n.Time, Name: n.Injected.Station, Sent: true})
		case n.Notice != nil:
			all = append(all, Mark{At: n.Time, Name: b.words(n).Text, Told: true})
		}
		return true
	})
	slices.SortStableFunc(all, func(x, y Mark) int { return x.At.Compare(y.At) })
	return all, err
}
