package streams

import (
	"fmt"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/resp"
)

// readAnswer reads one answer to XREAD: nil, or some streams with their entries, in the order in which they were asked for. It
// returns the number of entries.
func (r *reader) readAnswer(in *resp.Reader, s step) (int, error) {
	streams, err := in.Array()
	if err != nil {
		return 0, err
	}
	came, next := 0, 0
	for range streams {
		if err := in.Pair(); err != nil {
			return came, err
		}
		key, err := in.Word()
		if err != nil {
			return came, err
		}
		for next < len(s.feeds) && s.feeds[next].key != string(key) {
			s.feeds[next].nothing()
			next++
		}
		if next == len(s.feeds) {
			return came, fmt.Errorf("%w: an answer about %.40q, which was not asked for", resp.ErrProtocol, key)
		}
		n, err := r.readStream(in, s.feeds[next], s.count)
		if err != nil {
			return came, err
		}
		came += n
		next++
	}
	for _, f := range s.feeds[next:] {
		f.nothing()
	}
	return came, nil
}

// nothing notes that nothing follows in the stream. Of those that are read together that is known already.
func (f *feed) nothing() {
	f.suspect, f.more = false, f.skip
	if f.skip {
		f.skip = false
		return
	}
	if !f.caughtUp {
		if f.next.Less(f.target) { // the newest entries were deleted meanwhile
			f.target = f.next
		}
		f.noteCaughtUp()
	}
}

// readStream reads the entries of one stream, and returns how many there are. Those that its queue has no room for are read
// past: they are asked for again once there is.
func (r *reader) readStream(in *resp.Reader, f *feed, most int) (int, error) {
	n, err := in.Array()
	if err != nil {
		return 0, err
	}
	skip, before, taken := f.skip, f.next, 0
	f.skip = false
	for range n {
		if f.full || skip {
			err = in.SkipNext()
		} else if err = r.readEntry(in, f); err == nil && !f.full {
			if taken++; taken == 1 {
				f.audit.answer(before, f.next)
			}
		}
		if err != nil {
			return taken, err
		}
	}
	f.suspect, f.more = false, int(n) >= most || f.full || skip
	if skip {
		return taken, nil
	}
	f.adapt(taken, most)
	if taken > 0 {
		f.Queue.Flush()
		f.Recovered()
	}
	f.noteCaughtUp()
	f.settle()
	return taken, nil
}

// adapt asks for more the next time where the answer was too short, and for less where there was no room for all of it.
func (f *feed) adapt(taken, most int) {
	switch {
	case f.full:
		f.count, f.filled = max(taken, 16), true
	case taken < most || f.count > most:
	case f.filled:
		f.count = min(f.count+f.count/4+1, readEntries)
	default:
		f.count = min(2*f.count, readEntries)
	}
}

// entryStart is what an entry begins with, before the length of its ID.
var entryStart = []byte("*2\r\n$")

func (r *reader) readEntry(in *resp.Reader, f *feed) error {
	id, ok := in.BulkAfter(entryStart)
	if !ok {
		if err := in.Pair(); err != nil {
			return err
		}
		var err error
		if id, err = in.Word(); err != nil {
			return err
		}
	}
	at, err := entries.ParseID(id)
	if err != nil {
		return err
	}
	r.fields = r.fields[:0]
	r.builder.Reset()
	if value, ok := in.BulkAfter(r.alike.start); ok { // of most streams each entry has one field, and the same
		keep := min(int64(len(value)), f.session.Body)
		r.fields = append(r.fields, entries.Field{Name: r.alike.name, Value: value[:keep], Size: len(value)})
	} else if err := r.readFields(in, f.session.Body); err != nil {
		return err
	}
	bytes := 0
	for _, x := range r.fields {
		bytes += len(x.Name) + x.Size
	}
	f.average += (bytes - f.average) / 8
	f.average = max(f.average, 1)
	if f.again.there && f.wasRead(at) {
		f.next = at
		f.audit.count(at, in.Arrived)
		return nil
	}
	m := r.builder.Message(f.key, at, r.fields, in.Arrived)
	if f.full = !f.Queue.Try(&m); f.full {
		return nil
	}
	f.next = at
	f.audit.count(at, in.Arrived)
	return nil
}

// wasRead tells whether an entry was read before the stream was found to be another one, and is read from its beginning.
func (f *feed) wasRead(at bus.Position) bool {
	f.again.there = at.Less(f.again.to)
	return !at.Less(f.again.from) && !f.again.to.Less(at)
}

// oneField is how the fields of an entry begin that has only one: with its name, up to the length of its value.
type oneField struct{ name, start []byte }

// fieldCost is what a field is counted as, besides its bytes.
const fieldCost = 64

// readFields reads the fields of an entry, and keeps at most so many bytes of them all: of names and values that come when
// there are as many, no more is known than how large they are.
func (r *reader) readFields(in *resp.Reader, most int64) error {
	count, err := in.Array()
	if err != nil {
		return err
	}
	for range count / 2 {
		x, err := r.readField(in, most)
		if err != nil {
			return err
		}
		if most <= 0 && len(r.fields) > 0 {
			last := &r.fields[len(r.fields)-1]
			last.Size += x.Size
			continue
		}
		r.fields = append(r.fields, x)
		most -= int64(len(x.Name) + len(x.Value) + fieldCost)
	}
	if count == 2 {
		name := r.fields[0].Name
		r.alike.name = append(r.alike.name[:0], name...)
		r.alike.start = append(resp.AppendWords(append(r.alike.start[:0], "*2\r\n"...), name), '$')
	}
	return nil
}

func (r *reader) readField(in *resp.Reader, most int64) (x entries.Field, err error) {
	var named int
	if x.Name, named, err = r.readString(in, min(resp.MaxWord, max(most, 0))); err != nil {
		return x, err
	}
	x.Value, x.Size, err = r.readString(in, max(most, 0))
	x.Size += named - len(x.Name)
	return x, err
}

// readString reads a string, keeps at most so many bytes of it, and tells its true size.
func (r *reader) readString(in *resp.Reader, keep int64) ([]byte, int, error) {
	t, err := in.Next()
	if err != nil {
		return nil, 0, err
	}
	if t.Kind != '$' || t.N < 0 {
		return nil, 0, fmt.Errorf("%w: %q where a field belongs", resp.ErrProtocol, t.Kind)
	}
	data, own, err := in.Bulk(t.N, keep)
	if !own {
		data = r.builder.Copy(data)
	}
	return data, int(t.N), err
}
