package recording

import (
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/bus/recording/internal/blocks"
	"signalbox/bus/recording/internal/content"
)

// write writes pages until the recording is closed: each as soon as it is full, or has waited for long enough.
func (r *Recorder) write() {
	ticker := time.NewTicker(flushAfter)
	defer ticker.Stop()
	for {
		closing := false
		select {
		case <-r.wake:
		case <-ticker.C:
		case <-r.closed:
			closing = true
		}
		for {
			p := r.next(closing)
			if p == nil {
				break
			}
			err := r.writePage(p)
			r.wrote(p, err)
		}
		if closing {
			break
		}
	}
	failed := r.Counts().Err
	r.err = r.writer.Close(failed == nil)
	if failed != nil {
		r.err = failed
	}
}

// next takes the page that is to be written; nil for none yet.
func (r *Recorder) next(closing bool) *page {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.full) > 0 {
		p := r.full[0]
		r.full = r.full[1:]
		return p
	}
	if p := r.filling; p.size() > 0 && (closing || time.Since(p.begun) >= flushAfter) {
		r.filling = r.empty()
		return p
	}
	return nil
}

// writePage writes the blocks of a page: what they are about before what passed.
func (r *Recorder) writePage(p *page) error {
	if r.Counts().Err != nil {
		return r.Counts().Err
	}
	if len(p.stations) > 0 {
		if err := r.writer.Append(blocks.Stations, nil, p.stations, false); err != nil {
			return err
		}
	}
	if len(p.messages) > 0 {
		body, err := r.parts.of(p.messages, r.masked())
		if err == nil {
			err = r.writer.Append(blocks.Messages, r.parts.parts, body, p.quickly)
		}
		if err != nil {
			return err
		}
	}
	if len(p.notes) > 0 {
		return r.writer.Append(blocks.Notes, nil, p.notes, false)
	}
	return nil
}

// masked is what changes messages before they are written; nil for nothing.
func (r *Recorder) masked() func(*bus.Message) {
	if r.rules == nil {
		return nil
	}
	return r.rules.Message
}

// wrote accounts for a page. After a failure nothing more is taken.
func (r *Recorder) wrote(p *page, err error) {
	r.mu.Lock()
	fresh := err != nil && r.counts.Err == nil
	if err == nil {
		for i := range r.parts.parts {
			r.counts.Messages += r.parts.parts[i].Messages
			r.counts.Payload += r.parts.parts[i].Bytes
		}
		r.counts.Bytes, r.counts.Until = r.writer.Size(), time.Now()
	} else {
		r.over, r.counts.Err = true, err
		r.counts.Lost += countIn(p.messages)
	}
	r.parts.parts = r.parts.parts[:0]
	r.held -= p.size()
	r.keep(p)
	close(r.freed)
	r.freed = make(chan struct{})
	r.mu.Unlock()
	if fresh && r.options.Over != nil {
		r.options.Over()
	}
}

// countIn is how many messages sections hold.
func countIn(sections []byte) (n uint64) {
	var s content.Section
	for rest := sections; len(rest) > 0; {
		var err error
		if rest, err = s.Next(rest); err != nil {
			break
		}
		n += uint64(s.Packed.Count)
	}
	return n
}

// summary is what a block has of each station.
type summary struct {
	parts   []blocks.Part
	place   map[int]int // of a station in parts
	message bus.Message
	body    []byte
}

// of goes through sections. Where something changes messages, they are written anew.
func (x *summary) of(sections []byte, change func(*bus.Message)) (body []byte, err error) {
	x.parts, x.place, x.body = x.parts[:0], map[int]int{}, x.body[:0]
	var s content.Section
	for rest := sections; len(rest) > 0; {
		if rest, err = s.Next(rest); err != nil {
			return nil, err
		}
		p := x.part(s.Station)
		switch s.Sort {
		case content.Gap:
			p.Gaps++
			p.Lost += s.Gap.Missed
		case content.Drop:
			p.Lost += s.Dropped
		case content.Batch:
			batch := s.Packed.Own()
			if change != nil {
				batch = x.changed(batch, change)
				s.Packed = batch.Packed()
			}
			x.count(p, batch)
		}
		if change != nil {
			x.body = s.Append(x.body)
		}
	}
	if change != nil {
		return x.body, nil
	}
	return sections, nil
}

func (x *summary) part(station int) *blocks.Part {
	at, known := x.place[station]
	if !known {
		at = len(x.parts)
		x.place[station] = at
		x.parts = append(x.parts, blocks.Part{Station: station})
	}
	return &x.parts[at]
}

// changed is a copy of a batch in which messages are changed.
func (x *summary) changed(batch *bus.Batch, change func(*bus.Message)) *bus.Batch {
	to := bus.NewBatch(batch.End())
	for at := 0; at < batch.End(); {
		at = batch.Read(at, &x.message)
		x.message.Headers = slices.Clone(x.message.Headers)
		change(&x.message)
		to.Add(&x.message)
	}
	return to
}

// count adds messages to what is known of their station.
func (x *summary) count(p *blocks.Part, batch *bus.Batch) {
	m := &x.message
	for at := 0; at < batch.End(); {
		at = batch.Read(at, m)
		if p.Messages == 0 {
			p.First, p.Last, p.From = m.UnixNano, m.UnixNano, m.Position
		}
		p.First, p.Last, p.To = min(p.First, m.UnixNano), max(p.Last, m.UnixNano), m.Position
		p.Bytes += uint64(m.Size)
		p.Messages++
	}
}
