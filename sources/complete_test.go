package sources

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"signalbox/bus"
)

// archiveBus is a bus whose stations keep what was sent.
type archiveBus struct {
	mu     sync.Mutex
	rows   []bus.Station
	kept   map[string][]bus.Message
	feeds  map[string][]*archiveFeed
	next   uint64
	opened int // feeds that were ever opened
	notice chan bus.Notice
	hold   chan struct{} // feeds from the beginning deliver nothing before it is closed; nil: they do
}

func newArchiveBus(names ...string) *archiveBus {
	b := &archiveBus{kept: map[string][]bus.Message{}, feeds: map[string][]*archiveFeed{}, notice: make(chan bus.Notice)}
	for _, name := range names {
		b.rows = append(b.rows, bus.Station{Name: name, Kind: bus.Stream, Readable: true, Replayable: true, Traits: bus.Traits{Separators: "."}})
	}
	return b
}

func (b *archiveBus) Info() bus.Info                { return bus.Info{Name: "kept", Link: bus.Live} }
func (b *archiveBus) Notices() <-chan bus.Notice    { return b.notice }
func (b *archiveBus) Close() error                  { return nil }
func (b *archiveBus) all(name string) []bus.Message { return b.kept[name] }

func (b *archiveBus) Stations(context.Context, ...string) ([]bus.Station, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := append([]bus.Station(nil), b.rows...)
	for i := range out {
		all := b.all(out[i].Name)
		if out[i].Messages = uint64(len(all)); len(all) > 0 {
			out[i].Last = all[len(all)-1].Position
		}
	}
	return out, nil
}

// put keeps a message, and delivers it to all feeds. Each comes a second after the one before, of any station.
func (b *archiveBus) put(station, subject, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next++
	m := message(int(b.next), text)
	m.Subject, m.Position.Major = subject, uint64(len(b.kept[station])+1)
	b.kept[station] = append(b.kept[station], m)
	for _, f := range b.feeds[station] {
		f.batches <- batchOf(m)
	}
}

func (b *archiveBus) Open(_ context.Context, s bus.Station, from bus.From) (bus.Feed, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.all(s.Name)
	switch from.Start {
	case bus.FromNew:
		all = nil
	case bus.FromLast:
		all = all[max(0, len(all)-int(from.Last)):]
	case bus.FromAt:
		for len(all) > 0 && all[0].Position.Less(from.Position) {
			all = all[1:]
		}
	}
	f := &archiveFeed{bus: b, station: s.Name, batches: make(chan *bus.Batch, 1000), closed: make(chan struct{})}
	if from.Start == bus.FromAll {
		f.hold = b.hold
	}
	first := batchOf(all...)
	first.CaughtUp = true
	f.batches <- first
	b.feeds[s.Name] = append(b.feeds[s.Name], f)
	b.opened++
	return f, nil
}

// open is how many feeds are.
func (b *archiveBus) open() (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, all := range b.feeds {
		n += len(all)
	}
	return n
}

type archiveFeed struct {
	bus     *archiveBus
	station string
	batches chan *bus.Batch
	once    sync.Once
	closed  chan struct{}
	hold    chan struct{}
}

func (f *archiveFeed) Next(ctx context.Context) (*bus.Batch, error) {
	if f.hold != nil {
		select {
		case <-f.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	select {
	case b := <-f.batches:
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-f.closed:
		return nil, io.EOF
	}
}

func (f *archiveFeed) Close() error {
	f.once.Do(func() {
		close(f.closed)
		f.bus.mu.Lock()
		defer f.bus.mu.Unlock()
		all := f.bus.feeds[f.station]
		for i := range all {
			if all[i] == f {
				f.bus.feeds[f.station] = append(all[:i:i], all[i+1:]...)
				return
			}
		}
	})
	return nil
}

// subjectBus tells the messages of a subject, too.
type subjectBus struct {
	*archiveBus
	asked []string
}

func (b *subjectBus) MessagesOn(_ context.Context, s bus.Station, subject string, from bus.Position, yield func(*bus.Message) bool) error {
	b.mu.Lock()
	b.asked = append(b.asked, subject)
	all := b.all(s.Name)
	b.mu.Unlock()
	wanted := strings.Split(subject, ".")
	for i := range all {
		words, matches := strings.Split(all[i].Subject, "."), true
		for n := range wanted {
			matches = matches && len(words) == len(wanted) && (wanted[n] == "*" || wanted[n] == words[n])
		}
		if matches && !all[i].Position.Less(from) && !yield(&all[i]) {
			return nil
		}
	}
	return nil
}

// took waits until an engine has taken in so many events.
func took(ctx context.Context, t tester, e *Engine, events uint64) {
	t.Helper()
	for last := e.Last(); last < events; last = e.Last() {
		if _, err := e.AwaitEvent(ctx, last, nil); err != nil {
			t.Fatalf("waiting for event %d: %v", events, err)
		}
	}
}

// entityOf is what an entity is at a version, without what tells where its events are held.
func entityOf(t tester, e *Engine, id string, version uint64) *EntityDetail {
	t.Helper()
	d, err := e.Entity(context.Background(), Entity{Kind: "thing", ID: id}, version)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	if d != nil {
		for i := range d.History {
			d.History[i].Number = 0
		}
	}
	return d
}

// drawKept puts texts as drawText draws them; of each entity the first one, and no other, is CLEAR, by which it begins.
func drawKept(t *rapid.T, b *archiveBus, seen map[string]bool, stations, events int, put func()) {
	for range events {
		text := drawText(t, false)
		words := strings.Fields(text)
		if words[1] == "CLEAR" {
			words[1] = "SET"
		}
		if !seen[words[2]] {
			words[1], seen[words[2]] = "CLEAR", true
		}
		station := rapid.SampledFrom([]string{"one", "two"}[:stations]).Draw(t, "station")
		b.put(station, station+"."+words[2]+".x", strings.Join(words, " "))
		put()
	}
}

// An entity that was completed is what it would be had all been read from the beginning: each version, each step, each refusal,
// at every moment; also after further events.
func TestACompletedEntityIsAsFoldedAtOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newArchiveBus("one", "two")
		var attached bus.Bus = b
		if rapid.Bool().Draw(rt, "by subject") {
			attached = &subjectBus{archiveBus: b}
		}
		seen := map[string]bool{}
		stations := rapid.IntRange(1, 2).Draw(rt, "stations")
		drawKept(rt, b, seen, stations, rapid.IntRange(1, 20).Draw(rt, "before"), func() {})
		late, ctx := running(rt, Options{Domains: homed{newPlainDomain(), []string{"one", "two"}}})
		from := bus.From{Start: bus.FromLast, Last: rapid.Uint64Range(1, 8).Draw(rt, "last")}
		if rapid.Bool().Draw(rt, "new") {
			from = bus.From{Start: bus.FromNew}
		}
		if err := late.Attach(ctx, attached, Selection{From: from}); err != nil {
			rt.Fatal(err)
		}
		if err := late.CaughtUp(ctx); err != nil {
			rt.Fatal(err)
		}
		sum, _, err := late.Ledger(ctx) // Last may still be that of before
		if err != nil {
			rt.Fatal(err)
		}
		number := sum.Received
		more := func() {
			drawKept(rt, b, seen, stations, rapid.IntRange(0, 10).Draw(rt, "after"), func() { // in this order: feeds have none among them
				number++
				took(ctx, rt, late, number)
			})
		}
		more()
		for _, id := range []string{"a", "b", "c"} {
			if d := entityOf(rt, late, id, 0); d == nil {
				continue
			}
			received, _, _ := late.Ledger(ctx)
			c, err := late.Complete(ctx, Entity{Kind: "thing", ID: id}, nil)
			if err != nil || c.Lack != Whole || c.Why != "" {
				rt.Fatalf("completing %s: %+v, %v", id, c, err)
			}
			after, _, _ := late.Ledger(ctx)
			if after.Received != received.Received || after.Held != received.Held || after.Decoded != after.Folded+after.Rejected+after.Failed+after.Unfolded {
				rt.Fatalf("the ledger: %+v, and after completing %+v", received, after)
			}
		}
		if rapid.Bool().Draw(rt, "twice") {
			if _, err := late.Complete(ctx, Entity{Kind: "thing", ID: "a"}, nil); err != nil && !strings.Contains(err.Error(), "there is no") {
				rt.Fatal(err)
			}
		}
		known := map[string]bool{}
		for _, id := range []string{"a", "b", "c"} {
			known[id] = entityOf(rt, late, id, 0) != nil
		}
		more()
		early, _ := running(rt, Options{})
		attach(ctx, rt, early, b)
		if err := early.CaughtUp(ctx); err != nil {
			rt.Fatal(err)
		}
		for id := range known {
			if known[id] {
				if entityOf(rt, late, id, 0).Partial { // what came of another station since says that something may have been missed
					if c, err := late.Complete(ctx, Entity{Kind: "thing", ID: id}, nil); err != nil || c.Lack != Whole {
						rt.Fatalf("completing %s again: %+v, %v", id, c, err)
					}
				}
				sameEntity(rt, late, early, id)
				sameBisection(rt, late, early, id)
			}
		}
	})
}

// sameEntity compares an entity of two engines, at each version.
func sameEntity(t *rapid.T, late, early *Engine, id string) {
	t.Helper()
	newest := entityOf(t, early, id, 0)
	for version := range newest.Newest + 1 {
		want, got := entityOf(t, early, id, version), entityOf(t, late, id, version)
		if diff := cmp.Diff(describe(want), describe(got)); diff != "" {
			t.Fatalf("%s at version %d, -read from the beginning +completed:\n%s", id, version, diff)
		}
	}
}

// sameBisection compares the first event of an entity after which something held, and the states before and after it, also where
// all entities are asked about.
func sameBisection(t *rapid.T, late, early *Engine, id string) {
	t.Helper()
	first := func(e *Engine, of Entity) (lines []string) {
		holds := NewFilter(func(ev *Event) bool {
			s := ev.Past.States(ev)
			slot, ok := ev.Kind.Find("budget")
			return s != nil && ok && s.Is(slot).String() == "2"
		}).AskStates()
		b, err := e.Bisect(context.Background(), of, holds, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range b.Found {
			if m.Event.ID != id {
				continue
			}
			lines = append(lines, fmt.Sprintf("%s %v of %s, v%d", m.Event.Type, m.Event.Position, m.Event.Station, m.Event.Version))
			if of.ID != "" {
				lines = append(lines, fmt.Sprintf("%d were looked at", b.Looked))
			}
			for _, f := range m.Before {
				lines = append(lines, "before "+f.Name+"="+f.Value.String())
			}
			for _, f := range m.After {
				lines = append(lines, "after "+f.Name+"="+f.Value.String())
			}
		}
		slices.Sort(lines)
		return lines
	}
	for _, of := range []Entity{{Kind: "thing", ID: id}, {Kind: "thing"}} {
		if diff := cmp.Diff(first(early, of), first(late, of)); diff != "" {
			t.Fatalf("bisecting %s of %v, -read from the beginning +completed:\n%s", id, of, diff)
		}
	}
}

// describe is all that an entity is, as lines.
func describe(d *EntityDetail) (lines []string) {
	lines = append(lines, fmt.Sprintf("%s v%d of %d, %q, %d rejected, partial %v, missing %d, since %s, until %s", d.Entity, d.Version, d.Newest, d.Status, d.Rejected, d.Partial, d.Missing,
		d.First.UTC().Format(time.TimeOnly), d.Touched.UTC().Format(time.TimeOnly)))
	for _, f := range d.State {
		lines = append(lines, fmt.Sprintf("%s = %s, was %s, by %s %d %v", f.Name, f.Value.String(), f.Was.String(), f.SetBy, f.SetAt, f.Changed))
	}
	slices.Sort(lines) // fields stand in the order in which they were first seen of any entity
	for _, h := range d.History {
		lines = append(lines, fmt.Sprintf("%d %s %v %v %s%s %v", h.Version, h.Type, h.Position, h.Folded, h.Rejected, h.Failed, h.Changes))
	}
	return lines
}

// What keeps no history says so, and nothing is read.
func TestWhatKeepsNothingCompletesNothing(t *testing.T) {
	e, ctx := running(t, Options{Now: func() time.Time { return time.Unix(1, 0) }})
	b := newMemoryBus("heard")
	attach(ctx, t, e, b)
	b.send(ctx, t, e, "heard", batchOf(message(1, "thing SET a n=1")))
	c, err := e.Complete(ctx, Entity{Kind: "thing", ID: "a"}, nil)
	if err != nil || c.Lack != Began || !strings.Contains(c.Why, "heard (subject) keeps no history") {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := e.Complete(ctx, Entity{Kind: "thing", ID: "nobody"}, nil); err == nil {
		t.Error("an entity that nobody knows was completed")
	}
}

// Reading is by subject where subjects name entities, and from the station's beginning where they do not; it can be left, and
// leaves nothing open.
func TestHowAnEntityIsCompleted(t *testing.T) {
	b := &subjectBus{archiveBus: newArchiveBus("one", "two")}
	for i, typ := range []string{"CLEAR", "SET", "SET"} {
		b.put("one", "one.a.x", fmt.Sprintf("thing %s a n=%d", typ, i))
		b.put("two", "two", fmt.Sprintf("thing %s b n=%d", typ, i))
	}
	e, ctx := running(t, Options{})
	if err := e.Attach(ctx, b, Selection{From: bus.From{Start: bus.FromLast, Last: 1}}); err != nil {
		t.Fatal(err)
	}
	if err := e.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	b.put("one", "one.a.x", "thing SET a n=7")
	b.put("two", "two", "thing SET b n=7")
	took(ctx, t, e, 4)
	c, err := e.Complete(ctx, Entity{Kind: "thing", ID: "a"}, nil)
	if err != nil || c.Found != 2 || c.Read != 2 || len(b.asked) != 1 || b.asked[0] != "*.a.*" {
		t.Errorf("by subject: %+v, %v, asked for %q", c, err, b.asked)
	}
	wantLack(t, e, "a", Whole)
	b.hold = make(chan struct{})
	reading, cancel := context.WithCancel(ctx)
	_, err = e.Complete(reading, Entity{Kind: "thing", ID: "b"}, func(p CompleteProgress) {
		if p.Station == "two" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || b.open() != 2 {
		t.Errorf("left: %v, with %d feeds open", err, b.open())
	}
	close(b.hold)
	wantLack(t, e, "b", Began)
	if c, err = e.Complete(ctx, Entity{Kind: "thing", ID: "b"}, nil); err != nil || c.Found != 2 || b.open() != 2 {
		t.Errorf("from the beginning of the station: %+v, %v, with %d feeds open", c, err, b.open())
	}
	wantLack(t, e, "b", Whole)
}

// A breakpoint that asks for the state of a partial entity has it completed, and is hit by the held event that makes it true; once.
func TestABreakpointCompletesWhatItNeeds(t *testing.T) {
	b := newArchiveBus("one")
	b.put("one", "one", "thing CLEAR a budget=1")
	b.put("one", "one", "thing SET a notes=x")
	e, ctx := running(t, Options{})
	if err := e.Attach(ctx, b, Selection{From: bus.From{Start: bus.FromLast, Last: 1}}); err != nil {
		t.Fatal(err)
	}
	took(ctx, t, e, 1)
	holds := NewFilter(func(ev *Event) bool {
		s := ev.Past.States(ev)
		if s == nil || s.NoAfter {
			return false
		}
		budget, _ := ev.Kind.Find("budget")
		notes, _ := ev.Kind.Find("notes")
		return s.Is(budget).String() == "1" && s.Is(notes).String() == "y"
	}).AskStates()
	list := &BreakList{All: []Breakpoint{{Number: 1, Kind: "thing", Text: "budget and notes", When: holds}}}
	e.Look(View{Breaks: list})
	for e.Snapshot().View.Breaks != list {
		select {
		case <-e.Changed():
		case <-ctx.Done():
			t.Fatal("the breakpoint is not looked at")
		}
	}
	b.put("one", "one", "thing SET a notes=y")
	b.put("one", "one", "thing SET a notes=z")
	for {
		if s := e.Snapshot(); len(s.Breaks) == 1 && s.Breaks[0].Hits > 0 {
			if row := s.Breaks[0]; row.Hits != 1 || row.Events[0].Number != 2 {
				t.Errorf("%d hits: %+v", row.Hits, row.Events)
			}
			break
		}
		select {
		case <-e.Changed():
		case <-ctx.Done():
			t.Fatalf("no hit: %+v", e.Snapshot().Breaks)
		}
	}
	wantLack(t, e, "a", Whole)
}
