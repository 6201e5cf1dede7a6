package sources

import (
	"context"
	"errors"
	"fmt"
	"io"

	"signalbox/bus"
)

// errEnough ends reading: what follows is held.
var errEnough = errors.New("enough")

// read reads what is to be read of one station.
func (c *completing) read(ctx context.Context, p *completePart, progress func(CompleteProgress)) error {
	told := CompleteProgress{Station: p.station.Name, Of: p.row.Messages}
	if p.subject != "" {
		told.Of = 0
	}
	add := func(messages []bus.Message) error {
		last := messages[len(messages)-1].Position
		var err error
		doErr := c.engine.requests.do(ctx, func() { err = c.add(p, messages) })
		told.Read, told.Found = p.read, c.x.Found
		progress(told)
		switch {
		case doErr != nil || err != nil:
			return errors.Join(doErr, err)
		case last.Partition == p.until.Partition && p.row.Partitions == 0 && !last.Less(p.until):
			return errEnough
		}
		return nil
	}
	progress(told)
	err := c.readSubject(ctx, p, add)
	if p.subject == "" {
		err = c.readAll(ctx, p, add)
	}
	if errors.Is(err, errEnough) {
		err = nil
	}
	return err
}

// add takes messages, on the engine's goroutine.
func (c *completing) add(p *completePart, messages []bus.Message) error {
	if c.x.Gone() {
		return errors.New("it has left meanwhile, for want of memory")
	}
	for i := range messages {
		m := &messages[i]
		if !p.before(m.Position) {
			continue
		}
		if p.read++; p.row.Partitions == 0 && !p.from.IsZero() && !p.from.Less(m.Position) {
			continue // it came before what was read last
		}
		c.x.Add(&p.station.Place, m)
		if p.row.Partitions == 0 {
			p.from = m.Position
		}
	}
	switch {
	case p.read > mostCompleteRead:
		return fmt.Errorf("%s has more than %d messages before what is held, and no more are looked at for one entity; signalbox state %s reads all", p.station.Name, uint64(mostCompleteRead), c.of)
	case c.x.Taken > c.x.Most:
		return fmt.Errorf("its events take more than %d KiB, which is all that one entity may have of --memory; more memory holds more", c.x.Most>>10)
	}
	return nil
}

// readSubject reads the messages of one subject.
func (c *completing) readSubject(ctx context.Context, p *completePart, add func([]bus.Message) error) error {
	reader, ok := bus.As[bus.SubjectReader](p.bus)
	if !ok || p.subject == "" {
		p.subject = ""
		return nil
	}
	var some []bus.Message
	var failed error
	err := reader.MessagesOn(ctx, p.row, p.subject, p.from, func(m *bus.Message) bool {
		if some = append(some, *m); len(some) >= addAtOnce || !p.before(m.Position) {
			failed, some = add(some), nil
		}
		return failed == nil
	})
	if err == nil && failed == nil && len(some) > 0 {
		failed = add(some)
	}
	return errors.Join(err, failed)
}

// readAll reads a station from its beginning, as a session that attaches to it does, up to what is held.
func (c *completing) readAll(ctx context.Context, p *completePart, add func([]bus.Message) error) error {
	from := bus.From{Start: bus.FromAll}
	if !p.from.IsZero() && p.row.Partitions == 0 {
		from = bus.From{Start: bus.FromAt, Position: p.from, Form: p.row.Positions}
	}
	feed, err := p.bus.Open(ctx, p.row, from)
	if err != nil {
		return err
	}
	defer feed.Close() // reading is over: there is nobody to tell
	for {
		batch, err := feed.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		messages, over := batch.Messages(), batch.CaughtUp || batch.Ended
		for len(messages) > 0 && err == nil {
			n := min(len(messages), addAtOnce)
			err, messages = add(messages[:n]), messages[n:]
		}
		batch.Release()
		if err != nil || over {
			return err
		}
	}
}
