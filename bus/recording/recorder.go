// Package recording is session files: what passed on buses, written while it passes, and opened again as a bus. The format
// is in docs/recordings.md.
//
// A Recorder writes a file, on a goroutine of its own. A Tap puts a bus around each bus of a session, which gives the
// Recorder what passes: messages, gaps and drops as feeds deliver them, what was told of stations and consumers, notices, and
// what was sent. Open opens a file as a bus that can only be read. Any goroutine may call them; those with a context wait for
// the disk.
package recording

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/recording/internal/blocks"
	"signalbox/bus/recording/internal/content"
	"signalbox/bus/recording/internal/mask"
)

const (
	fullBlock  = 1 << 20 // bytes: no more goes into a block that has as many
	fastFill   = 100 * time.Millisecond
	mostHeld   = 32 << 20 // bytes that wait for the disk
	flushAfter = time.Second / 2
)

// Options say how a recording is written.
type Options struct {
	Mask []string // what is replaced before it comes to the disk: data.PATH, headers.NAME

	// Patient says that feeds whose broker keeps nothing wait for the disk, too: what they then have no room for is dropped by
	// them, and told so. Otherwise what there is no room for is missing in the file alone.
	Patient bool

	Most uint64 // messages that are taken at most; 0 is no bound
	Over func() // called once Most were taken, or nothing more can be written, on any goroutine; may be nil. See Counts.Err
}

// Counts are what became of a recording so far.
type Counts struct {
	Messages uint64 // that are written
	Lost     uint64 // that came, and could not be written
	Bytes    int64  // of the file
	Payload  uint64 // bytes of the payloads that are written
	Since    time.Time
	Until    time.Time // what came up to then is written
	Err      error     // why nothing more is
}

// Recorder writes a recording.
type Recorder struct {
	options Options
	rules   *mask.Rules
	work    goroutine.Group
	wake    chan struct{} // capacity 1: there is something to write
	closed  chan struct{}
	once    sync.Once
	err     error // of closing

	mu      sync.Mutex // guards what follows
	filling *page
	full    []*page
	spare   []*page       // that were written, to be filled again
	held    int           // bytes of both, and of what is being written
	freed   chan struct{} // closed when some of it was written
	over    bool          // nothing is taken any more
	ids     map[string]int
	buses   map[string]int
	unkept  map[int]*bus.Gap                             // by station: what there was no room for
	told    map[string]told                              // figures that were written last
	dead    map[int]map[content.LetterKey]bus.DeadLetter // by bus: as they were written last, without messages
	counts  Counts
	taken   uint64

	writer *blocks.Writer // of the goroutine that writes
	parts  summary        // likewise
}

// page is what comes to the disk at once: up to three blocks.
type page struct {
	stations, messages, notes []byte
	begun                     time.Time
	quickly                   bool // it was filled so fast that whoever reads has more need of the processor
}

func (p *page) size() int { return len(p.stations) + len(p.messages) + len(p.notes) }

// mostSpare bounds the pages that are kept to be filled again, and of each what it has room for.
const (
	mostSpare = 4
	largePage = 2 * fullBlock
)

// empty is a page with nothing in it; r is locked.
func (r *Recorder) empty() *page {
	n := len(r.spare)
	if n == 0 {
		return &page{}
	}
	p := r.spare[n-1]
	r.spare = r.spare[:n-1]
	return p
}

// keep keeps a page that was written; r is locked.
func (r *Recorder) keep(p *page) {
	if len(r.spare) < mostSpare && cap(p.messages)+cap(p.stations)+cap(p.notes) <= largePage {
		r.spare = append(r.spare, &page{stations: p.stations[:0], messages: p.messages[:0], notes: p.notes[:0]})
	}
}

// told is what was written of figures, and when.
type told struct {
	text string
	at   time.Time
}

// Create begins a recording in a new file.
func Create(name string, o Options) (*Recorder, error) {
	rules, err := mask.New(o.Mask)
	if err != nil {
		return nil, err
	}
	w, err := blocks.Create(name)
	if err != nil {
		return nil, err
	}
	return record(w, o, rules), nil
}

func record(w *blocks.Writer, o Options, rules *mask.Rules) *Recorder {
	r := &Recorder{options: o, rules: rules, writer: w, wake: make(chan struct{}, 1), closed: make(chan struct{}), freed: make(chan struct{}),
		filling: &page{}, ids: map[string]int{}, buses: map[string]int{}, unkept: map[int]*bus.Gap{}, told: map[string]told{}, dead: map[int]map[content.LetterKey]bus.DeadLetter{}}
	r.counts.Since = time.Now()
	r.work.Go("what writes the recording", r.write)
	return r
}

// CheckMask tells what is wrong with rules.
func CheckMask(rules []string) error {
	_, err := mask.New(rules)
	return err
}

// Counts are those of now.
func (r *Recorder) Counts() Counts {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts
}

// Close writes what has come and ends the file. It may be called twice.
func (r *Recorder) Close() error {
	r.once.Do(func() {
		r.mu.Lock()
		now := time.Now().UnixNano()
		for station := range r.unkept {
			r.tellUnkept(station, now)
		}
		r.over = true
		r.mu.Unlock()
		close(r.closed)
		r.work.Wait()
	})
	return r.err
}

// Unmet are the masks that have replaced nothing so far, as they were given: one that is misspelt hides nothing.
func (r *Recorder) Unmet() []string { return r.rules.Unmet() }

// Mark notes a moment with a name.
func (r *Recorder) Mark(at time.Time, name string) {
	r.note(&content.Note{Time: time.Now(), Bus: -1, Mark: &content.Mark{At: at, Name: name}})
}

// note writes a note, whatever else waits: notes are few.
func (r *Recorder) note(n *content.Note) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.noted(n)
}

// noted is note; r is locked.
func (r *Recorder) noted(n *content.Note) {
	if r.over {
		return
	}
	to := &r.filling.notes
	if n.Begins != nil || n.Station != nil {
		to = &r.filling.stations
	}
	before := len(*to)
	after, err := n.Append(*to)
	if err != nil {
		return // a number that JSON has no word for
	}
	*to = after
	r.came(len(after) - before)
}

// came accounts for bytes that were added to the page; r is locked.
func (r *Recorder) came(bytes int) {
	r.held += bytes
	if r.filling.begun.IsZero() {
		r.filling.begun = time.Now()
	}
	if r.filling.size() >= fullBlock {
		r.filling.quickly = time.Since(r.filling.begun) < fastFill
		r.full, r.filling = append(r.full, r.filling), r.empty()
		select {
		case r.wake <- struct{}{}:
		default:
		}
	}
}

// station is the number of a station, which is written down when it is new. Numbers begin with 0.
func (r *Recorder) station(info bus.Info, row *bus.Station, from bus.From) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	busName := info.Name + "\x00" + info.URL
	b, known := r.buses[busName]
	if !known {
		b = len(r.buses)
		r.buses[busName] = b
		r.noted(&content.Note{Time: time.Now(), Bus: b, Begins: &content.Info{Name: info.Name, Scheme: info.Scheme, URL: info.URL, Server: info.Server}})
	}
	key := busName + "\x00" + string(row.Kind) + "\x00" + row.Name
	id, known := r.ids[key]
	if !known {
		id = len(r.ids)
		r.ids[key] = id
		facts := *row
		facts.BySubject, facts.MoreSubjects = nil, 0
		r.noted(&content.Note{Time: time.Now(), Bus: b, Station: &content.Station{Number: id, From: from.String(), Facts: facts}})
	}
	return id
}

// take takes what a feed delivered of a station. It waits for the disk where waits says so, and tells by its result whether
// there was room.
func (r *Recorder) take(ctx context.Context, station int, batch *bus.Batch, waits bool) bool {
	now := time.Now().UnixNano()
	packed := batch.Packed()
	for {
		r.mu.Lock()
		if r.over {
			r.mu.Unlock()
			return false
		}
		if r.held == 0 || r.held+len(packed.Memory) <= mostHeld {
			break
		}
		if !waits && !r.options.Patient {
			r.unkeep(station, uint64(packed.Count), now)
			r.mu.Unlock()
			return false
		}
		freed := r.freed
		r.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return false
		case <-r.closed:
			return false
		}
	}
	defer r.mu.Unlock()
	if most := r.options.Most; most > 0 {
		if left := most - r.taken; uint64(packed.Count) > left {
			packed = begin(batch, int(left)).Packed()
		}
		if r.taken += uint64(packed.Count); r.taken == most && r.options.Over != nil {
			defer r.options.Over()
		}
	}
	before := len(r.filling.messages)
	add := func(s content.Section) {
		s.Station, s.Received = station, now
		r.filling.messages = s.Append(r.filling.messages)
	}
	r.tellUnkept(station, now)
	for _, g := range batch.Gaps {
		add(content.Section{Sort: content.Gap, Gap: g})
	}
	if batch.Dropped > 0 {
		add(content.Section{Sort: content.Drop, Dropped: batch.Dropped})
	}
	if packed.Count > 0 {
		add(content.Section{Sort: content.Batch, Packed: packed})
	}
	r.came(len(r.filling.messages) - before)
	return true
}

// begin is a batch of the first messages of another.
func begin(batch *bus.Batch, n int) *bus.Batch {
	to, at := bus.NewBatch(0), 0
	var m bus.Message
	for range n {
		at = batch.Read(at, &m)
		to.Add(&m)
	}
	return to
}

// unkeep counts messages that there was no room for; r is locked.
func (r *Recorder) unkeep(station int, n uint64, now int64) {
	g := r.unkept[station]
	if g == nil {
		g = &bus.Gap{Since: time.Unix(0, now), Why: "not recorded: the disk was too slow"}
		r.unkept[station] = g
	}
	g.Missed += n
	r.counts.Lost += n
}

// tellUnkept writes down what there was no room for, now that there is; r is locked.
func (r *Recorder) tellUnkept(station int, now int64) {
	if g := r.unkept[station]; g != nil {
		g.Until = time.Unix(0, now)
		s := content.Section{Sort: content.Gap, Station: station, Received: now, Gap: *g}
		r.filling.messages = s.Append(r.filling.messages)
		delete(r.unkept, station)
	}
}

// figures writes down what a bus told, unless it told the same a short time ago.
func (r *Recorder) figures(info bus.Info, what string, f *content.Figures) {
	text, err := json.Marshal(f)
	if err != nil {
		return
	}
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	b, known := r.buses[info.Name+"\x00"+info.URL]
	key := what + "\x00" + info.Name
	if last := r.told[key]; !known || last.text == string(text) && now.Sub(last.at) < sameAgain {
		return
	}
	r.told[key] = told{string(text), now}
	r.noted(&content.Note{Time: now, Bus: b, Figures: f})
}

// sameAgain is after which time figures are written down though they are the same.
const sameAgain = 30 * time.Second

// busOf is the number of a bus; -1 when nothing of it is recorded.
func (r *Recorder) busOf(info bus.Info) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, known := r.buses[info.Name+"\x00"+info.URL]; known {
		return b
	}
	return -1
}
