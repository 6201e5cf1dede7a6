package pipe_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"signalbox/bus"
	"signalbox/bus/pipe"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// received is a message as tests compare it.
type received struct {
	Subject, Data string
	Headers       bus.Headers
	Line          uint64
	Size          int
}

// writer is another program, and what reads it.
func writer(t *testing.T, o pipe.Options) (*os.File, *pipe.Bus) {
	t.Helper()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	o.Lines = in
	b := pipe.New(o)
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		_ = out.Close()
		_ = in.Close()
	})
	return out, b
}

func open(t *testing.T, b *pipe.Bus) bus.Feed {
	t.Helper()
	stations, err := b.Stations(t.Context())
	if err != nil || len(stations) != 1 {
		t.Fatalf("stations %+v, %v", stations, err)
	}
	f, err := b.Open(t.Context(), stations[0], bus.From{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// until reads a feed until so many messages came, or to its end.
func until(t *testing.T, f bus.Feed, most int) (all []received, last bus.Batch) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for len(all) < most {
		batch, err := f.Next(ctx)
		if err != nil {
			t.Fatalf("after %d messages: %v", len(all), err)
		}
		for _, m := range batch.Messages() {
			all = append(all, received{strings.Clone(m.Subject), string(m.Data), cloned(m.Headers), m.Position.Major, m.Size})
		}
		last = *batch
		batch.Release()
		if last.Ended {
			break
		}
	}
	return all, last
}

func cloned(headers bus.Headers) (all bus.Headers) {
	for _, h := range headers {
		all = append(all, bus.Header{Name: strings.Clone(h.Name), Value: strings.Clone(h.Value)})
	}
	return all
}

// Each line is a message, whatever ends it; nothing is left out but lines with nothing on them.
func TestLines(t *testing.T) {
	out, b := writer(t, pipe.Options{Whole: true, Body: 100_000})
	f := open(t, b)
	long, longer := strings.Repeat("x", 99_999), strings.Repeat("y", 250_000)
	go func() {
		_, _ = io.WriteString(out, "{\"a\":1}\n\nplain\r\n"+long+"\n"+longer+"\n\"no end\"")
		_ = out.Close()
	}()
	all, last := until(t, f, 100)
	want := []received{
		{pipe.Name, `{"a":1}`, nil, 1, 7}, {pipe.Name, "plain", nil, 2, 5}, {pipe.Name, long, nil, 3, len(long)},
		{pipe.Name, longer[:100_000], nil, 4, len(longer)}, {pipe.Name, `"no end"`, nil, 5, 8},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
	if !last.CaughtUp || !last.Ended {
		t.Errorf("the last batch %+v", last)
	}
	if info := b.Info(); info.Link != bus.Closed {
		t.Errorf("info %+v", info)
	}
	if n := <-b.Notices(); n.Level != bus.Say || !strings.Contains(n.Text, "after 5 lines") {
		t.Errorf("notice %+v", n)
	}
}

// What is live has caught up before anything comes; what is wanted whole has not before its end.
func TestCaughtUp(t *testing.T) {
	for _, whole := range []bool{false, true} {
		out, b := writer(t, pipe.Options{Whole: whole})
		f := open(t, b)
		if !whole {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			first, err := f.Next(ctx)
			cancel()
			if err != nil || !first.CaughtUp || first.Len() != 0 {
				t.Fatalf("%+v, %v", first, err)
			}
		}
		if _, err := io.WriteString(out, "1\n"); err != nil {
			t.Fatal(err)
		}
		if _, last := until(t, f, 1); last.CaughtUp || last.Ended {
			t.Errorf("whole %v: %+v", whole, last)
		}
	}
}

// A line comes as soon as it is whole, also where the beginning of the next came with it.
func TestALineDoesNotWaitForTheNext(t *testing.T) {
	out, b := writer(t, pipe.Options{Whole: true})
	f := open(t, b)
	if _, err := io.WriteString(out, "1\n2\nhalf a li"); err != nil {
		t.Fatal(err)
	}
	if all, _ := until(t, f, 2); all[1].Data != "2" {
		t.Errorf("%+v", all)
	}
	if _, err := io.WriteString(out, "ne\n"); err != nil {
		t.Fatal(err)
	}
	if all, _ := until(t, f, 1); all[0].Data != "half a line" {
		t.Errorf("%+v", all)
	}
}

// One feed is open at a time; the next goes on where that was closed, and a bus is closed while nothing comes.
func TestFeedAfterFeed(t *testing.T) {
	out, b := writer(t, pipe.Options{Whole: true})
	first := open(t, b)
	if _, err := b.Open(t.Context(), bus.Station{Name: pipe.Name}, bus.From{}); err == nil {
		t.Error("two feeds are open")
	}
	for i, f := range []bus.Feed{first, nil, nil} {
		if f == nil {
			f = open(t, b)
		}
		if _, err := io.WriteString(out, "line\n"); err != nil {
			t.Fatal(err)
		}
		if all, _ := until(t, f, 1); all[0].Line != uint64(i+1) {
			t.Errorf("feed %d begins with line %d", i, all[0].Line)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if _, err := f.Next(t.Context()); !errors.Is(err, io.EOF) {
			t.Errorf("a closed feed says %v", err)
		}
	}
	_ = out.Close()
	if all, last := until(t, open(t, b), 1); len(all) != 0 || !last.Ended {
		t.Errorf("%+v, %+v", all, last)
	}
}

// Other stations are not there.
func TestOtherStation(t *testing.T) {
	_, b := writer(t, pipe.Options{})
	if _, err := b.Stations(t.Context(), "orders"); !errors.Is(err, bus.ErrMissing) {
		t.Errorf("%v", err)
	}
	if _, err := b.Open(t.Context(), bus.Station{Name: "orders"}, bus.From{}); !errors.Is(err, bus.ErrMissing) {
		t.Errorf("%v", err)
	}
	_ = b.Close()
	if _, err := b.Open(t.Context(), bus.Station{Name: pipe.Name}, bus.From{}); err == nil {
		t.Error("a closed bus opens")
	}
}

// A writer waits while nobody takes what it wrote: nothing is lost.
func TestTheWriterWaits(t *testing.T) {
	out, b := writer(t, pipe.Options{Whole: true, Budget: bus.NewBudget(64 << 10)})
	f := open(t, b)
	const lines = 20_000
	line := strings.Repeat("z", 99) + "\n"
	wrote := make(chan error, 1)
	go func() {
		_, err := io.WriteString(out, strings.Repeat(line, lines))
		wrote <- errors.Join(err, out.Close())
	}()
	if held := bus.WaitingIn(f); held > 1<<20 {
		t.Errorf("%d bytes wait", held)
	}
	if all, _ := until(t, f, lines+1); len(all) != lines || all[lines-1].Line != lines {
		t.Errorf("%d lines of %d", len(all), lines)
	}
	if err := <-wrote; err != nil {
		t.Error(err)
	}
}

// What other programs wrap messages in is opened: as they write it.
func TestEnvelopes(t *testing.T) {
	for _, c := range []struct {
		line string
		want received
		at   string
	}{
		{`{"topic":"orders","partition":0,"offset":7,"tstype":"create","ts":1700000000123,"broker":1,"headers":["a","1","b","2"],"key":"o-1","payload":"{\"type\":\"Placed\"}"}`,
			received{"orders", `{"type":"Placed"}`, bus.Headers{{Name: "key", Value: "o-1"}, {Name: "a", Value: "1"}, {Name: "b", Value: "2"}}, 1, 17}, "2023-11-14T22:13:20.123Z"},
		{`{"topic":"orders","partition":2,"offset":8,"tstype":"unknown","ts":0,"broker":1,"key":null,"payload":null}`,
			received{"orders", "", nil, 1, 0}, ""},
		{`{"time":"2026-01-02T15:04:05.000000006Z","bus":"h:1","station":"loans","subject":"loans.a","position":3,"type":"Lent","headers":{"x":"y"},"data":{"n":1},"payload":{"data":{"n":1}}}`,
			received{"loans", `{"data":{"n":1}}`, bus.Headers{{Name: "x", Value: "y"}}, 1, 16}, "2026-01-02T15:04:05.000000006Z"},
		{`{"time":"2026-01-02T15:04:05Z","bus":"h:1","station":"loans.>","subject":"loans.a","headers":{},"data":"not json"}`,
			received{"loans.a", "not json", nil, 1, 8}, "2026-01-02T15:04:05Z"},
		{`{"station":"north","time":5,"data":{}}`, received{pipe.Name, `{"station":"north","time":5,"data":{}}`, nil, 1, 38}, ""},
		{`{"tstype":`, received{pipe.Name, `{"tstype":`, nil, 1, 10}, ""},
	} {
		var at int64
		out, b := writer(t, pipe.Options{Whole: true, Place: func(m *bus.Message) { at = m.UnixNano }})
		f := open(t, b)
		if _, err := io.WriteString(out, c.line+"\n"); err != nil {
			t.Fatal(err)
		}
		_ = out.Close()
		all, _ := until(t, f, 2)
		if diff := cmp.Diff([]received{c.want}, all); diff != "" {
			t.Errorf("%s: %s", c.line, diff)
		}
		if have := time.Unix(0, at).UTC().Format(time.RFC3339Nano); c.at != "" && have != c.at {
			t.Errorf("%s: at %s", c.line, have)
		}
	}
}
