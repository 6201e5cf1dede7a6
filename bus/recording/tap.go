package recording

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/recording/internal/content"
)

// Tap is between a session and its buses. While it has a Recorder, what passes is recorded.
type Tap struct {
	recorder atomic.Pointer[Recorder]

	mu    sync.Mutex
	feeds map[*feedAround]bool
}

// Record has what passes from now on recorded; nil ends that, and whoever made the Recorder closes it.
func (t *Tap) Record(r *Recorder) {
	if r != nil {
		for _, f := range t.open() {
			f.number(r) // also what is quiet is in the recording
		}
	}
	t.recorder.Store(r)
}

// Recorder is the one that records now, or nil.
func (t *Tap) Recorder() *Recorder { return t.recorder.Load() }

func (t *Tap) open() (all []*feedAround) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for f := range t.feeds {
		all = append(all, f)
	}
	return all
}

// Around is a bus around a bus, which it closes when it is closed.
func (t *Tap) Around(b bus.Bus) bus.Bus {
	a := &around{Bus: b, tap: t, notices: make(chan bus.Notice, cap(b.Notices())), closed: make(chan struct{})}
	a.work.Go("what passes notices on", a.passNotices)
	return a
}

// around is the bus around another.
type around struct {
	bus.Bus
	tap     *Tap
	notices chan bus.Notice
	closed  chan struct{}
	once    sync.Once
	work    goroutine.Group
}

// Unwrap is the bus inside.
func (a *around) Unwrap() bus.Bus { return a.Bus }

// Hides implements what bus.As asks: what is overridden here is hidden where the bus inside lacks it.
func (a *around) Hides(capability any) bool {
	switch capability.(type) {
	case *bus.ConsumerLister:
		return lacks[bus.ConsumerLister](a.Bus)
	case *bus.DeadLetterLister:
		return lacks[bus.DeadLetterLister](a.Bus)
	case *bus.Publisher:
		return lacks[bus.Publisher](a.Bus)
	case *bus.Requester:
		return lacks[bus.Requester](a.Bus)
	case *bus.Keeper:
		return lacks[bus.Keeper](a.Bus)
	}
	return false
}

func lacks[T any](b bus.Bus) bool {
	_, has := bus.As[T](b)
	return !has
}

// Notices implements bus.Bus.
func (a *around) Notices() <-chan bus.Notice { return a.notices }

func (a *around) passNotices() {
	defer close(a.notices)
	for n := range a.Bus.Notices() {
		if r := a.tap.Recorder(); r != nil {
			r.note(&content.Note{Time: n.Time, Bus: r.busOf(a.Info()), Notice: &content.Notice{Level: n.Level, Station: n.Station, Text: n.Text}})
		}
		select {
		case a.notices <- n:
			continue
		default:
		}
		select {
		case a.notices <- n:
		case <-a.closed:
		}
	}
}

// Close implements bus.Bus.
func (a *around) Close() error {
	err := a.Bus.Close()
	a.once.Do(func() { close(a.closed) })
	a.work.Wait()
	return err
}

// Stations implements bus.Bus.
func (a *around) Stations(ctx context.Context, names ...string) ([]bus.Station, error) {
	rows, err := a.Bus.Stations(ctx, names...)
	if r := a.tap.Recorder(); r != nil {
		var f content.Figures
		open := map[string]*feedAround{}
		for _, f := range a.tap.open() {
			if f.bus == a {
				open[f.station.Name] = f
			}
		}
		for i := range rows {
			if from := open[rows[i].Name]; from != nil {
				row := &rows[i]
				f.Stations = append(f.Stations, content.StationFigures{Number: from.number(r), Messages: row.Messages, Bytes: row.Bytes,
					Consumers: row.Consumers, First: row.First, Last: row.Last})
			}
		}
		if len(f.Stations) > 0 {
			r.figures(a.Info(), "stations", &f)
		}
	}
	return rows, err
}

// Consumers implements bus.ConsumerLister.
func (a *around) Consumers(ctx context.Context) ([]bus.Consumer, error) {
	lister, _ := bus.As[bus.ConsumerLister](a.Bus)
	list, err := lister.Consumers(ctx)
	if r := a.tap.Recorder(); r != nil && (err == nil || len(list) > 0) {
		if list == nil {
			list = []bus.Consumer{}
		}
		r.figures(a.Info(), "consumers", &content.Figures{Consumers: list})
	}
	return list, err
}

// DeadLetters implements bus.DeadLetterLister.
func (a *around) DeadLetters(ctx context.Context) ([]bus.DeadLetter, error) {
	lister, _ := bus.As[bus.DeadLetterLister](a.Bus)
	list, err := lister.DeadLetters(ctx)
	if r := a.tap.Recorder(); r != nil && err == nil {
		r.letters(a.Info(), list)
	}
	return list, err
}

// Publish implements bus.Publisher.
func (a *around) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	sender, _ := bus.As[bus.Publisher](a.Bus)
	receipt, err := sender.Publish(ctx, out)
	a.sent(out, receipt.Text, err)
	return receipt, err
}

// Request implements bus.Requester.
func (a *around) Request(ctx context.Context, out bus.Outgoing) (bus.Message, time.Duration, error) {
	asker, _ := bus.As[bus.Requester](a.Bus)
	answer, took, err := asker.Request(ctx, out)
	a.sent(out, "answered", err)
	return answer, took, err
}

// Put implements bus.Keeper.
func (a *around) Put(ctx context.Context, bucket, key string, value []byte) error {
	keeper, _ := bus.As[bus.Keeper](a.Bus)
	err := keeper.Put(ctx, bucket, key, value)
	a.sent(bus.Outgoing{Station: bucket, Subject: key, Data: value}, "put", err)
	return err
}

// Value implements bus.Keeper.
func (a *around) Value(ctx context.Context, bucket, key string) ([]byte, error) {
	keeper, _ := bus.As[bus.Keeper](a.Bus)
	return keeper.Value(ctx, bucket, key)
}

// sent notes what was sent, without what is masked.
func (a *around) sent(out bus.Outgoing, receipt string, err error) {
	r := a.tap.Recorder()
	if r == nil {
		return
	}
	m := bus.Message{Headers: append(bus.Headers(nil), out.Headers...), Data: out.Data}
	r.rules.Message(&m)
	note := &content.Injected{Station: out.Station, Subject: out.Subject, Headers: m.Headers, Data: m.Data, ID: out.ID, Receipt: receipt}
	if err != nil {
		note.Receipt, note.Error = "", err.Error()
	}
	r.note(&content.Note{Time: time.Now(), Bus: r.busOf(a.Info()), Injected: note})
}

// Open implements bus.Bus.
func (a *around) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	inner, err := a.Bus.Open(ctx, station, from)
	if err != nil {
		return nil, err
	}
	f := &feedAround{Feed: inner, bus: a, station: station, from: from}
	a.tap.mu.Lock()
	if a.tap.feeds == nil {
		a.tap.feeds = map[*feedAround]bool{}
	}
	a.tap.feeds[f] = true
	a.tap.mu.Unlock()
	if r := a.tap.Recorder(); r != nil {
		f.number(r)
	}
	return f, nil
}

// feedAround is a feed around a feed.
type feedAround struct {
	bus.Feed
	bus     *around
	station bus.Station
	from    bus.From
	known   atomic.Pointer[numbered]
}

// numbered is the number of a station in a recording.
type numbered struct {
	in     *Recorder
	number int
}

// Unwrap is the feed inside.
func (f *feedAround) Unwrap() bus.Feed { return f.Feed }

// number is that of the station in a recording.
func (f *feedAround) number(r *Recorder) int {
	if n := f.known.Load(); n != nil && n.in == r {
		return n.number
	}
	row, from := f.station, f.from
	if f.bus.tap.Recorder() != r { // it was opened before the recording began
		row.Removed, from = true, bus.From{}
	}
	n := &numbered{r, r.station(f.bus.Info(), &row, from)}
	f.known.Store(n)
	return n.number
}

// Next implements bus.Feed.
func (f *feedAround) Next(ctx context.Context) (*bus.Batch, error) {
	batch, err := f.Feed.Next(ctx)
	if r := f.bus.tap.Recorder(); r != nil && batch != nil {
		if batch.Len() > 0 || len(batch.Gaps) > 0 || batch.Dropped > 0 {
			r.take(ctx, f.number(r), batch, f.station.Replayable)
		}
	}
	return batch, err
}

// Close implements bus.Feed.
func (f *feedAround) Close() error {
	f.bus.tap.mu.Lock()
	delete(f.bus.tap.feeds, f)
	f.bus.tap.mu.Unlock()
	return f.Feed.Close()
}
