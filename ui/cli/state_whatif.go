package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/nearest"
	"signalbox/sources"
	"signalbox/ui/output"
)

// addition is a line of the file of --with: an event that is imagined.
type addition struct {
	place   string  // "FILE:LINE", for errors
	after   *uint64 // the version after which it comes; nil is the end
	repeat  *uint64 // the event that made this version comes again, with what else is said
	event   sources.Received
	data    []byte // in the place of what the domain calls data; nil: as it was
	payload []byte // all of it; nil: as it was
}

// mostWith bounds the file of --with.
const mostWith = 64 << 20

// withKeys are what a line of --with may say, and what else tail --json writes, which says nothing here.
var (
	withKeys  = []string{"after", "repeat", "time", "bus", "station", "subject", "headers", "data", "payload"}
	tailsKeys = []string{"position", "type", "entity", "version", "partial", "correlation", "size", "rejected", "problem"}
)

// whatIf prints what would be true of an entity if other events had come.
func (c *state) whatIf(ctx context.Context, s *session, of sources.Entity) error {
	refs, err := s.engine.EventsOf(ctx, of)
	if err != nil {
		return fmt.Errorf("asking for the events of %s: %w", of, err)
	}
	if len(refs) == 0 {
		return failf("no %s: %s", of, whatWasRead(ctx, s, of.Kind))
	}
	without, err := versionsOf(c.without)
	if err != nil {
		return err
	}
	with, err := c.additions(ctx, s, of, refs)
	if err != nil {
		return err
	}
	list, err := imagine(of, refs, without, with)
	if err != nil {
		return err
	}
	w, err := s.engine.WhatIf(ctx, of, list, refs[len(refs)-1].Number)
	switch {
	case err != nil:
		return fmt.Errorf("imagining another history of %s: %w", of, err)
	case c.json:
		return output.WriteJSON(c.out, output.WhatIfJSON(w, c.history))
	}
	return output.ShowWhatIf(c.out, w, c.history)
}

// imagine puts a history together: real events but for those that made versions which are left out, and additions after others.
func imagine(of sources.Entity, refs []sources.EventRef, without map[uint64]bool, with []placed) ([]sources.Imagined, error) {
	var list []sources.Imagined
	first, newest := refs[0].Version, refs[len(refs)-1].Version
	if refs[0].Folded {
		first--
	}
	put := func(after uint64) {
		for i := range with {
			if a := &with[i]; !a.done && a.after != nil && *a.after == after {
				list, a.done = append(list, a.imagined), true
			}
		}
	}
	put(first)
	for i, r := range refs {
		if !r.Folded || !without[r.Version] {
			list = append(list, sources.Imagined{Number: r.Number})
		}
		delete(without, r.Version)
		if i+1 == len(refs) || refs[i+1].Folded { // those that were refused in this version stay in it
			put(r.Version)
		}
	}
	for v := range without {
		return nil, fmt.Errorf("--without %d: %s has no such version here: its versions go from %d to %d", v, of, first+1, newest)
	}
	for _, a := range with {
		switch {
		case a.done:
		case a.after != nil:
			return nil, fmt.Errorf("%s: after %d: %s has no such version here: want one from %d to %d", a.place, *a.after, of, first, newest)
		default:
			list = append(list, a.imagined)
		}
	}
	return list, nil
}

// placed is an addition as the engine takes it.
type placed struct {
	place    string
	after    *uint64
	imagined sources.Imagined
	done     bool
}

// versionsOf reads what --without says: versions, and stretches of them, as in 3,5-7.
func versionsOf(text string) (map[uint64]bool, error) {
	versions := map[uint64]bool{}
	if text == "" {
		return versions, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		from, to, stretch := strings.Cut(strings.TrimSpace(part), "-")
		first, err := strconv.ParseUint(from, 10, 64)
		last := first
		if err == nil && stretch {
			last, err = strconv.ParseUint(to, 10, 64)
		}
		if err != nil || first == 0 || last < first || last-first > 1_000_000 {
			return nil, fmt.Errorf("--without %s: want versions, such as 3,5 or 3-7", text)
		}
		for v := first; v <= last; v++ {
			versions[v] = true
		}
	}
	return versions, nil
}

// additions reads the file of --with. What a line leaves out is as it was of the event that it repeats or, where it repeats
// none, of the entity's newest event.
func (c *state) additions(ctx context.Context, s *session, of sources.Entity, refs []sources.EventRef) ([]placed, error) {
	if c.with == "" {
		return nil, nil
	}
	lines, err := c.readAdditions()
	if err != nil {
		return nil, err
	}
	var out []placed
	for _, a := range lines {
		like := refs[len(refs)-1].Number
		if a.repeat != nil {
			i := slices.IndexFunc(refs, func(r sources.EventRef) bool { return r.Folded && r.Version == *a.repeat })
			if i < 0 {
				return nil, fmt.Errorf("%s: repeat %d: %s has no such version here", a.place, *a.repeat, of)
			}
			like = refs[i].Number
		}
		d, err := s.engine.Event(ctx, like)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.place, err)
		}
		next := placed{place: a.place, after: a.after}
		if next.imagined.Event, err = a.made(d.Event); err != nil {
			return nil, fmt.Errorf("%s: %w", a.place, err)
		}
		if a.repeat != nil {
			next.imagined.Number, next.imagined.Again = like, true
		}
		out = append(out, next)
	}
	return out, nil
}

// made is the event of an addition.
func (a *addition) made(like *sources.Event) (*sources.Event, error) {
	e := &sources.Event{Received: a.event}
	e.Station, e.Subject = cmp.Or(e.Station, like.Station), cmp.Or(e.Subject, like.Subject)
	e.Bus, e.Source = cmp.Or(e.Bus, like.Bus), like.Source
	if e.Headers == nil {
		e.Headers = like.Headers
	}
	switch {
	case a.payload != nil:
		e.Data = a.payload
	case a.repeat == nil:
		e.Data = a.data
	case like.Size > len(like.Data):
		return nil, errors.New("only the beginning of the event to be repeated is held")
	case a.data == nil:
		e.Data = like.Data
	default:
		e.Data = a.data
		if at := bytes.Index(like.Data, like.Body); len(like.Body) > 0 && at >= 0 {
			e.Data = slices.Concat(like.Data[:at], a.data, like.Data[at+len(like.Body):])
		}
	}
	if e.Data == nil {
		return nil, errors.New("want data, payload or repeat: there is nothing to fold")
	}
	e.Size = len(e.Data)
	return e, nil
}

// readAdditions reads the lines of --with.
func (c *state) readAdditions() ([]addition, error) {
	in := c.in
	if c.with != "-" {
		file, err := os.Open(c.with)
		if err != nil {
			return nil, fmt.Errorf("reading the events of --with: %w", err)
		}
		defer file.Close()
		in = file
	}
	var out []addition
	r := bufio.NewScanner(io.LimitReader(in, mostWith))
	r.Buffer(nil, mostWith)
	for n := 1; r.Scan(); n++ {
		if len(bytes.TrimSpace(r.Bytes())) == 0 {
			continue
		}
		place := fmt.Sprintf("%s:%d", c.with, n)
		a, err := readAddition(r.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		a.place = place
		out = append(out, a)
	}
	if err := r.Err(); err != nil {
		return nil, fmt.Errorf("reading the events of --with: %w", err)
	}
	return out, nil
}

// readAddition reads one line.
func readAddition(line []byte) (a addition, err error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(line, &all); err != nil {
		return a, fmt.Errorf("want an event as one object of JSON, as tail --json writes it: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if !slices.Contains(withKeys, key) && !slices.Contains(tailsKeys, key) {
			return a, fmt.Errorf("unknown %q: %s", key, cmp.Or(meant(key), "want one of "+strings.Join(withKeys, ", ")))
		}
	}
	var known struct {
		After, Repeat         *uint64
		Time                  *time.Time
		Bus, Station, Subject string
		Headers               map[string]string
	}
	if err := json.Unmarshal(line, &known); err != nil {
		return a, fmt.Errorf("reading an event: %w", err)
	}
	a.after, a.repeat = known.After, known.Repeat
	a.event = sources.Received{Bus: known.Bus, Station: known.Station, Subject: known.Subject}
	if known.Time != nil {
		a.event.UnixNano = known.Time.UnixNano()
	}
	if known.Headers != nil {
		a.event.Headers = bus.Headers{}
	}
	for _, name := range slices.Sorted(maps.Keys(known.Headers)) {
		a.event.Headers = append(a.event.Headers, bus.Header{Name: name, Value: known.Headers[name]})
	}
	a.data, a.payload = written(all["data"]), written(all["payload"])
	return a, nil
}

// meant is the key that was probably meant.
func meant(key string) string {
	if name := nearest.Misspelt(key, withKeys); name != "" {
		return "did you mean " + name + "?"
	}
	return ""
}

// written are the bytes of a payload of which this is the JSON: what is no JSON itself stands there as a text.
func written(value json.RawMessage) []byte {
	var text string
	if len(value) > 0 && value[0] == '"' && json.Unmarshal(value, &text) == nil {
		return []byte(text)
	}
	return value
}
