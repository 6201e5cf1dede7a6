package recording

import (
	"context"
	"errors"
	"testing"
	"time"

	"signalbox/bus"
)

// fake is a bus whose answers the test gives.
type fake struct {
	notices   *bus.NoticeBuffer
	stations  []bus.Station
	consumers []bus.Consumer
	feed      *fakeFeed
}

func (f *fake) Info() bus.Info { return about }

func (f *fake) Stations(context.Context, ...string) ([]bus.Station, error) { return f.stations, nil }

func (f *fake) Open(context.Context, bus.Station, bus.From) (bus.Feed, error) { return f.feed, nil }

func (f *fake) Notices() <-chan bus.Notice { return f.notices.Notices() }

func (f *fake) Close() error { f.notices.Close(); return nil }

func (f *fake) Consumers(context.Context) ([]bus.Consumer, error) { return f.consumers, nil }

func (f *fake) Publish(_ context.Context, out bus.Outgoing) (bus.Receipt, error) {
	if out.Subject == "refused" {
		return bus.Receipt{}, errors.New("no")
	}
	return bus.Receipt{Text: "stored"}, nil
}

type fakeFeed struct{ batches chan *bus.Batch }

func (f *fakeFeed) Next(context.Context) (*bus.Batch, error) { return <-f.batches, nil }

func (f *fakeFeed) Close() error { return nil }

// What passes while there is a recorder is in the file, and nothing else: also what a feed brings that was open before.
func TestTap(t *testing.T) {
	inner := &fake{notices: bus.NewNoticeBuffer(), stations: []bus.Station{orders}, feed: &fakeFeed{make(chan *bus.Batch, 8)}}
	tap := &Tap{}
	b := tap.Around(inner)
	ctx := t.Context()
	f, err := b.Open(ctx, orders, bus.From{Start: bus.FromAll})
	if err != nil {
		t.Fatal(err)
	}
	next := func(batch *bus.Batch) {
		t.Helper()
		inner.feed.batches <- batch
		if _, err := f.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	lister, ok := bus.As[bus.ConsumerLister](b)
	if !ok {
		t.Fatal("it lists no consumers")
	}
	if _, ok := bus.As[bus.Keeper](b); ok {
		t.Error("it can what the bus inside cannot")
	}
	look := func(lag int64) {
		t.Helper()
		inner.consumers = []bus.Consumer{{Station: "orders", Name: "mailer", Lag: lag, AckFloor: bus.Position{Major: 5}, Delivered: bus.Position{Major: 8}}}
		inner.stations[0].Messages = uint64(100 + lag)
		if _, err := lister.Consumers(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Stations(ctx); err != nil {
			t.Fatal(err)
		}
	}
	send := func(subject string) {
		_, _ = bus.Publish(ctx, b, bus.Outgoing{Station: "orders", Subject: subject, Data: []byte(`{"pin":1}`)})
	}

	next(batch(1, 5))
	look(1)
	send("before")
	r, name := recordTo(t, Options{Mask: []string{"data.pin"}})
	tap.Record(r)
	next(batch(5, 10))
	look(2)
	look(2)
	look(3)
	send("orders.1")
	send("refused")
	r.Mark(time.Unix(0, at(7)), "deploy")
	inner.notices.Add(bus.Warn, "orders", "something")
	if n := <-b.Notices(); n.Text != "something" {
		t.Errorf("%+v", n)
	}
	tap.Record(nil)
	next(batch(10, 15))
	look(4)
	if err := errors.Join(f.Close(), b.Close(), b.Close(), r.Close()); err != nil {
		t.Fatal(err)
	}

	opened := openFile(t, name, Reading{})
	if all := readAll(t, opened, "orders", bus.From{Start: bus.FromAll}).Messages; len(all) != 5 || all[0].Position.Major != 5 {
		t.Errorf("%+v", all)
	}
	if row := opened.byName["orders"].row; !row.Removed {
		t.Error("what was before is not told")
	}
	var lags []int64
	var last bus.Figures
	if err := opened.History(ctx, func(f bus.Figures) bool {
		if len(f.Consumers) > 0 {
			lags = append(lags, f.Consumers[0].Lag)
		}
		last = f
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if len(lags) < 2 || lags[0] != 2 || lags[len(lags)-1] != 3 || last.Stations[0].Messages != 103 {
		t.Errorf("lags %v, at last %+v", lags, last.Stations)
	}
	now, err := opened.Consumers(ctx)
	if err != nil || len(now) != 1 || now[0].Lag != 3 {
		t.Fatalf("%+v, %v", now, err)
	}
	for major, want := range map[uint64]bus.Standing{5: bus.Done, 6: bus.Unknown, 9: bus.Waiting} {
		if have, _ := opened.Standing(now[0], "", bus.Position{Major: major}); have != want {
			t.Errorf("the standing of %d is %s, want %s", major, have, want)
		}
	}
	marks, err := opened.Marks(ctx)
	if err != nil || len(marks) != 3 || marks[2].Name != "something" || !marks[2].Told || marks[0].Name != "deploy" || !marks[0].At.Equal(time.Unix(0, at(7))) || marks[1].Name != "orders" || !marks[1].Sent {
		t.Errorf("%+v, %v", marks, err)
	}
}

// Stations of one name on two buses are told apart by the names of the buses.
func TestTwoBuses(t *testing.T) {
	r, name := recordTo(t, Options{})
	other := about
	other.Name, other.URL = "other:6379", "redis://other:6379"
	for n, info := range []bus.Info{about, other} {
		id := r.station(info, &orders, bus.From{Start: bus.FromAll})
		r.take(t.Context(), id, batch(n*10, n*10+5), true)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	b := openFile(t, name, Reading{})
	for n, station := range []string{"127.0.0.1:4222/orders", "other:6379/orders"} {
		if all := readAll(t, b, station, bus.From{Start: bus.FromAll}).Messages; len(all) != 5 || all[0].UnixNano != at(n*10) {
			t.Errorf("%s: %+v", station, all)
		}
	}
	for names, want := range map[string]int{"*": 2, "other*": 1, ">": 2} {
		if rows, err := b.Stations(t.Context(), names); err != nil || len(rows) != want {
			t.Errorf("%s: %d stations, %v", names, len(rows), err)
		}
	}
	if _, err := b.Stations(t.Context(), "ordres"); !errors.Is(err, bus.ErrMissing) {
		t.Errorf("%v", err)
	}
}
