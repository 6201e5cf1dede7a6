package recording

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"signalbox/bus"
	"signalbox/bus/recording/internal/blocks"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// got is a message as tests compare it.
type got struct {
	Subject, Data string
	Headers       bus.Headers
	Position      bus.Position
	UnixNano      int64
	Size          int
}

// account is what a feed delivered.
type account struct {
	Messages []got
	Gaps     []bus.Gap
	Dropped  uint64
}

// at is the time of a message of the tests.
func at(n int) int64 { return 1_700_000_000_000_000_000 + int64(n)*int64(time.Second) }

// batch makes messages from one number up to before another.
func batch(from, to int) *bus.Batch {
	b := bus.NewBatch(0)
	for n := from; n < to; n++ {
		data := fmt.Appendf(nil, `{"n":%d,"email":"m%d@example.org"}`, n, n)
		b.Add(&bus.Message{Subject: fmt.Sprintf("orders.%d", n%3), Data: data, Position: bus.Position{Major: uint64(n)}, UnixNano: at(n), Size: len(data),
			Headers: bus.Headers{{Name: "Authorization", Value: "Bearer secret"}, {Name: "n", Value: fmt.Sprint(n)}}})
	}
	return b
}

var (
	orders = bus.Station{Name: "orders", Kind: bus.Stream, Replayable: true, Readable: true, Subjects: []string{"orders.>"}, Reading: "as it is"}
	shop   = bus.Station{Name: "shop", Kind: bus.Channel, Readable: true, Traits: bus.Traits{Separators: ":"}}
	about  = bus.Info{Name: "127.0.0.1:4222", Scheme: "nats", URL: "nats://127.0.0.1:4222", Server: "nats-server 2"}
)

// recordTo begins a recording in a new file.
func recordTo(t testing.TB, o Options) (*Recorder, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.sbx")
	r, err := Create(name, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r, name
}

// openFile opens a recording until the test ends.
func openFile(t testing.TB, name string, how Reading) *Bus {
	t.Helper()
	b, err := Open(name, how)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// readAll reads a station from a place to the end of the recording.
func readAll(t testing.TB, b *Bus, station string, from bus.From) (all account) {
	t.Helper()
	f, err := b.Open(t.Context(), bus.Station{Name: station}, from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for {
		batch, err := f.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all.Gaps = append(all.Gaps, batch.Gaps...)
		all.Dropped += batch.Dropped
		for _, m := range batch.Messages() {
			one := got{strings.Clone(m.Subject), string(m.Data), nil, m.Position, m.UnixNano, m.Size}
			for _, h := range m.Headers {
				one.Headers = append(one.Headers, bus.Header{Name: strings.Clone(h.Name), Value: strings.Clone(h.Value)})
			}
			all.Messages = append(all.Messages, one)
		}
		batch.Release()
	}
}

// wrote is what batch makes, as it is read again.
func wrote(from, to int) (all []got) {
	for _, m := range batch(from, to).Messages() {
		all = append(all, got{m.Subject, string(m.Data), append(bus.Headers(nil), m.Headers...), m.Position, m.UnixNano, m.Size})
	}
	return all
}

// What was recorded is read as it was received: messages, gaps and drops, each station for itself.
func TestRecordedIsRead(t *testing.T) {
	r, name := recordTo(t, Options{})
	a, b := r.station(about, &orders, bus.From{Start: bus.FromAll}), r.station(about, &shop, bus.From{})
	gap := bus.Gap{Since: time.Unix(0, at(10)).UTC(), Until: time.Unix(0, at(20)).UTC(), Missed: 7, Why: "trimmed"}
	second := batch(10, 20)
	second.Gaps, second.Dropped = []bus.Gap{gap}, 3
	for _, part := range []struct {
		station int
		batch   *bus.Batch
	}{{a, batch(1, 10)}, {b, batch(100, 3000)}, {a, second}, {b, batch(3000, 3001)}} {
		if !r.take(t.Context(), part.station, part.batch, true) {
			t.Fatal("there was no room")
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	opened := openFile(t, name, Reading{})
	if diff := cmp.Diff(account{append(wrote(1, 10), wrote(10, 20)...), []bus.Gap{gap}, 3}, readAll(t, opened, "orders", bus.From{Start: bus.FromAll})); diff != "" {
		t.Error(diff)
	}
	counted := wrote(100, 3001)
	for i := range counted { // a channel has no positions: in a recording a message has a number
		counted[i].Position = bus.Position{Major: uint64(i + 1)}
	}
	if diff := cmp.Diff(account{Messages: counted}, readAll(t, opened, "shop", bus.From{Start: bus.FromAll})); diff != "" {
		t.Error(diff)
	}
	rows, err := opened.Stations(t.Context())
	if err != nil || len(rows) != 2 {
		t.Fatalf("%+v, %v", rows, err)
	}
	if o := rows[0]; o.Messages != 19 || o.First.Major != 1 || o.Last.Major != 19 || !o.Replayable || o.Removed || o.Kind != bus.Stream || o.Subjects[0] != "orders.>" {
		t.Errorf("%+v", o)
	}
	if c := rows[1]; c.Messages != 2901 || c.Last.Major != 2901 || !c.Replayable || !c.Removed || c.Separators != ":" {
		t.Errorf("%+v", c)
	}
	if info := opened.Info(); info.Name != "a.sbx" || !strings.Contains(info.Server, about.Name) {
		t.Errorf("%+v", info)
	}
}

// Reading begins where it is told to.
func TestFrom(t *testing.T) {
	r, name := recordTo(t, Options{})
	for _, s := range []bus.Station{orders, shop} {
		id := r.station(about, &s, bus.From{Start: bus.FromAll})
		for n := 0; n < 30_000; n += 1000 { // several blocks
			r.take(t.Context(), id, batch(n+1, n+1001), true)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	b := openFile(t, name, Reading{})
	if n := len(b.byName["shop"].heads); n < 3 {
		t.Fatalf("%d blocks", n)
	}
	for _, station := range []string{"orders", "shop"} {
		for _, c := range []struct {
			from  string
			first int
		}{{"all", 1}, {"last:7", 29_994}, {"last:50000", 1}, {"since:10s", 29_990}, {"seq:12345", 12_345}, {"seq:1", 1}, {"new", 30_001}} {
			from, err := bus.ParseFrom(c.from)
			if err != nil {
				t.Fatal(err)
			}
			all := readAll(t, b, station, from).Messages
			if want := 30_001 - c.first; len(all) != want || want > 0 && all[0].UnixNano != at(c.first) {
				t.Errorf("%s from %s: %d messages, want %d", station, c.from, len(all), want)
			}
		}
		m, err := b.Get(t.Context(), b.byName[station].row, bus.Position{Major: 23_456})
		if err != nil || m.UnixNano != at(23_456) {
			t.Errorf("get: %+v, %v", m, err)
		}
		if _, err := b.Get(t.Context(), b.byName[station].row, bus.Position{Major: 30_001}); !errors.Is(err, bus.ErrMissing) {
			t.Errorf("get what is not there: %v", err)
		}
	}
}

// small is a recording of a few blocks, as bytes.
func small(t testing.TB) []byte {
	r, name := recordTo(t, Options{})
	id := r.station(about, &orders, bus.From{Start: bus.FromAll})
	for n := range 4 {
		r.take(context.Background(), id, batch(n*5+1, n*5+6), true)
		r.settle(t)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

// settle waits until all that came is written.
func (r *Recorder) settle(t testing.TB) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		r.mu.Lock()
		held := r.held
		r.filling.begun = time.Time{}.Add(1) // it has waited for long enough
		r.mu.Unlock()
		if held == 0 {
			return
		}
		select {
		case r.wake <- struct{}{}:
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal("it is not written")
		}
		runtime.Gosched()
	}
}

// bytesAs writes bytes to a file and opens it.
func bytesAs(t testing.TB, all []byte) (*Bus, error) {
	name := filepath.Join(t.TempDir(), "b.sbx")
	if err := os.WriteFile(name, all, 0o600); err != nil {
		t.Fatal(err)
	}
	return Open(name, Reading{})
}

// A file that ends anywhere is read up to its last whole block, and never has anything that was not written.
func TestCutAnywhere(t *testing.T) {
	whole := small(t)
	before := 0
	for n := len(blocks.Magic) + 8; n <= len(whole); n++ {
		b, err := bytesAs(t, whole[:n])
		if err != nil {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
		var all []got
		if len(b.stations) > 0 {
			all = readAll(t, b, "orders", bus.From{Start: bus.FromAll}).Messages
		}
		if diff := cmp.Diff(wrote(1, len(all)+1), all); diff != "" {
			t.Fatalf("cut to %d bytes: %s", n, diff)
		}
		if len(all) < before {
			t.Fatalf("cut to %d bytes: %d messages, and fewer bytes had %d", n, len(all), before)
		}
		before = len(all)
		_ = b.Close()
	}
	if before != 20 {
		t.Errorf("the whole file has %d messages", before)
	}
}

// A byte that is another loses one block at most; what is lost is told, and nothing else is other than it was.
func TestDamagedAnywhere(t *testing.T) {
	whole := small(t)
	want := map[string]bool{}
	for _, m := range wrote(1, 21) {
		want[m.String()] = true
	}
	for n := range whole {
		damaged := bytes.Clone(whole)
		damaged[n] ^= 0x20
		b, err := bytesAs(t, damaged)
		if n < len(blocks.Magic) {
			if err == nil || !strings.Contains(err.Error(), "is no recording") {
				t.Fatalf("byte %d: %v", n, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("byte %d: %v", n, err)
		}
		messages, told := 0, uint64(0)
		for _, s := range b.stations {
			all := readAll(t, b, s.row.Name, bus.From{Start: bus.FromAll})
			for _, m := range all.Messages {
				if !want[m.String()] {
					t.Fatalf("byte %d: there is a message that was not written: %+v", n, m)
				}
			}
			messages += len(all.Messages)
			for _, g := range all.Gaps {
				told += g.Missed
			}
		}
		if messages < 15 {
			t.Errorf("byte %d: %d messages are left of 20, and %d are told as missing", n, messages, told)
		}
		_ = b.Close()
	}
}

// String is all of a message but its position, which a station that lost its name counts anew.
func (m got) String() string { return fmt.Sprint(m.Subject, m.Data, m.Headers, m.UnixNano, m.Size) }

// A recording of a later version is refused by that reason.
func TestOtherVersion(t *testing.T) {
	whole := small(t)
	whole[len(blocks.Magic)] = 9
	header := append([]byte(blocks.Magic), 9, 0, 0, 0)
	copy(whole[len(header):], blocks.Checksum(header))
	if _, err := bytesAs(t, whole); err == nil || !strings.Contains(err.Error(), "is a recording of version 9, and this signalbox reads version 1") {
		t.Errorf("%v", err)
	}
	for _, other := range []string{"", "short", strings.Repeat("text ", 100)} {
		if _, err := bytesAs(t, []byte(other)); err == nil || !strings.Contains(err.Error(), "b.sbx is no recording of signalbox") {
			t.Errorf("%v", err)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.sbx"), Reading{}); !errors.Is(err, bus.ErrMissing) || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("%v", err)
	}
}

// What is masked is nowhere in the file, whatever it came in.
func TestMasked(t *testing.T) {
	r, name := recordTo(t, Options{Mask: []string{"data.email", "headers.authorization"}})
	id := r.station(about, &orders, bus.From{Start: bus.FromAll})
	r.take(t.Context(), id, batch(1, 10), true)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	b := openFile(t, name, Reading{})
	all := readAll(t, b, "orders", bus.From{Start: bus.FromAll}).Messages
	if len(all) != 9 || all[3].Data != `{"n":4,"email":"***"}` || all[3].Headers[0].Value != "***" || all[3].Headers[1].Value != "4" {
		t.Errorf("%+v", all)
	}
	for i := range b.blocks.Heads {
		body, err := b.blocks.Body(&b.blocks.Heads[i])
		if err != nil || bytes.Contains(body, []byte("secret")) || bytes.Contains(body, []byte("example.org")) {
			t.Errorf("block %d: %v, %q", i, err, body)
		}
	}
}

// disk is a file in memory that has room for so many bytes, and may be slow.
type disk struct {
	bytes.Buffer
	room int
	slow chan struct{} // nil: it is not
}

var errFull = errors.New("no space left on device")

func (d *disk) Write(p []byte) (int, error) {
	if d.slow != nil {
		<-d.slow
	}
	n := min(len(p), d.room-d.Len())
	d.Buffer.Write(p[:n])
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

func (d *disk) Truncate(n int64) error { d.Buffer.Truncate(int(n)); return nil }

func (d *disk) Seek(int64, int) (int64, error) { return 0, nil }

func (d *disk) Sync() error { return nil }

func (d *disk) Close() error { return nil }

// A disk that is full ends the recording, says so, and loses nothing of what was written before.
func TestFullDisk(t *testing.T) {
	d := &disk{room: 4000}
	w, err := blocks.NewWriter(d)
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan bool, 2)
	r := record(w, Options{Over: func() { failed <- true }}, nil)
	id := r.station(about, &orders, bus.From{Start: bus.FromAll})
	taken := 0
	for r.take(t.Context(), id, batch(taken+1, taken+6), true) {
		taken += 5
		r.settle(t)
		if taken > 10_000 {
			t.Fatal("the disk is never full")
		}
	}
	<-failed
	if err := r.Counts().Err; !errors.Is(err, errFull) {
		t.Errorf("failed by %v", err)
	}
	if err := r.Close(); !errors.Is(err, errFull) {
		t.Errorf("closing: %v", err)
	}
	counts := r.Counts()
	if int(counts.Messages)+int(counts.Lost) != taken || counts.Lost == 0 {
		t.Errorf("%+v of %d", counts, taken)
	}
	b, err := bytesAs(t, d.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if diff := cmp.Diff(wrote(1, int(counts.Messages)+1), readAll(t, b, "orders", bus.From{Start: bus.FromAll}).Messages); diff != "" {
		t.Error(diff)
	}
}

// While the disk is slow, what can be read again waits; what cannot is a gap in the file.
func TestSlowDisk(t *testing.T) {
	d := &disk{room: 1 << 30, slow: make(chan struct{}, 1)}
	d.slow <- struct{}{} // the header
	w, err := blocks.NewWriter(d)
	if err != nil {
		t.Fatal(err)
	}
	r := record(w, Options{}, nil)
	a, b := r.station(about, &orders, bus.From{Start: bus.FromAll}), r.station(about, &shop, bus.From{})
	large := bus.NewBatch(0)
	large.Add(&bus.Message{Subject: "x", Data: make([]byte, mostHeld-5000), UnixNano: at(1)})
	if !r.take(t.Context(), b, large, false) {
		t.Fatal("there is no room")
	}
	if r.take(t.Context(), b, batch(1, 100), false) || r.take(t.Context(), b, batch(100, 200), false) {
		t.Error("there is room for more than may wait")
	}
	waited := make(chan bool)
	go func() { waited <- r.take(t.Context(), a, batch(1, 100), true) }()
	select {
	case <-waited:
		t.Fatal("it did not wait")
	case <-time.After(20 * time.Millisecond):
	}
	close(d.slow)
	if !<-waited {
		t.Error("it was not taken")
	}
	if !r.take(t.Context(), b, batch(200, 210), false) {
		t.Error("there is no room again")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	opened, err := bytesAs(t, d.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	of := readAll(t, opened, "shop", bus.From{Start: bus.FromAll})
	if len(of.Messages) != 11 || len(of.Gaps) != 1 || of.Gaps[0].Missed != 199 || !strings.HasPrefix(of.Gaps[0].Why, "not recorded") {
		t.Errorf("%d messages, %+v", len(of.Messages), of.Gaps)
	}
	if n := len(readAll(t, opened, "orders", bus.From{Start: bus.FromAll}).Messages); n != 99 {
		t.Errorf("%d of what waited", n)
	}
}

// A recording that has as many messages as it may takes no more, and says so.
func TestMost(t *testing.T) {
	over := make(chan bool, 3)
	r, name := recordTo(t, Options{Most: 7, Over: func() { over <- true }})
	id := r.station(about, &orders, bus.From{Start: bus.FromAll})
	for n := 1; n < 20; n += 5 {
		r.take(t.Context(), id, batch(n, n+5), true)
	}
	if <-over; len(over) > 2 {
		t.Error("it is said again and again")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wrote(1, 8), readAll(t, openFile(t, name, Reading{}), "orders", bus.From{Start: bus.FromAll}).Messages); diff != "" {
		t.Error(diff)
	}
}

// In its rhythm a recording comes as fast as it did, or so many times as fast.
func TestSpeed(t *testing.T) {
	r, name := recordTo(t, Options{})
	id := r.station(about, &orders, bus.From{Start: bus.FromAll})
	r.take(t.Context(), id, batch(1, 11), true) // one each second
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	b := openFile(t, name, Reading{Speed: 50})
	f, err := b.Open(t.Context(), orders, bus.From{Start: bus.FromAll})
	if err != nil {
		t.Fatal(err)
	}
	first, err := f.Next(t.Context())
	if err != nil || !first.CaughtUp || first.Len() != 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	began, batches, n := time.Now(), 0, 0
	for n < 10 {
		one, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n += one.Len()
		batches++
	}
	if took := time.Since(began); took < 9*time.Second/50-20*time.Millisecond || batches < 2 {
		t.Errorf("9 seconds took %s, in %d batches", took, batches)
	}
}

// Who asks what was lost is told at once, also while nothing is due.
func TestConcluded(t *testing.T) {
	r, name := recordTo(t, Options{})
	id := r.station(about, &orders, bus.From{Start: bus.FromAll})
	r.take(t.Context(), id, batch(1, 3), true)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := openFile(t, name, Reading{Speed: 0.0001}).Open(t.Context(), orders, bus.From{})
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < 1; { // the second message is due in hours
		one, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n += one.Len()
	}
	if !bus.Conclude(f) {
		t.Fatal("it does not tell what was lost")
	}
	if last, err := f.Next(t.Context()); err != nil || !last.Concluded || last.Len() != 0 {
		t.Errorf("%+v, %v", last, err)
	}
}

// Closing ends whoever waits.
func TestClosing(t *testing.T) {
	r, name := recordTo(t, Options{})
	id := r.station(about, &orders, bus.From{Start: bus.FromAll})
	r.take(t.Context(), id, batch(1, 3), true)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	b := openFile(t, name, Reading{Speed: 0.0001})
	f, err := b.Open(t.Context(), orders, bus.From{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		for {
			if _, err := f.Next(t.Context()); err != nil {
				ended <- err
				return
			}
		}
	}()
	if err := errors.Join(b.Close(), b.Close(), f.Close()); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Errorf("%v", err)
	}
	if _, err := b.Open(t.Context(), orders, bus.From{}); err == nil || b.Info().Link != bus.Closed {
		t.Error("a closed recording opens")
	}
}

// Whatever a file holds, opening and reading it ends, and takes no more memory than it may.
func FuzzRecording(f *testing.F) {
	whole := small(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(append(bytes.Clone(whole), whole...))
	f.Fuzz(func(t *testing.T, all []byte) {
		b, err := bytesAs(t, all)
		if err != nil {
			return
		}
		defer b.Close()
		for _, s := range b.stations {
			readAll(t, b, s.row.Name, bus.From{Start: bus.FromAll})
		}
		_ = b.History(t.Context(), func(bus.Figures) bool { return true })
		_, _ = b.Consumers(t.Context())
	})
}
