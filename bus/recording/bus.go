package recording

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/glob"
	"signalbox/bus/recording/internal/blocks"
	"signalbox/bus/recording/internal/content"
)

// Extension is what the names of recordings usually end in.
const Extension = ".sbx"

// Is tells whether a file of that name is a recording, by what it begins with.
func Is(name string) bool {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() { // a pipe would be waited for
		return false
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	beginning := make([]byte, len(blocks.Magic))
	_, err = io.ReadFull(f, beginning)
	return err == nil && blocks.Is(beginning)
}

// Reading says how a recording is read.
type Reading struct {
	// Speed has messages come in their rhythm, so many times as fast; 0 is all at once.
	Speed float64

	Part Part // what is read of it
}

// Bus is a recording that is open. It can only be read.
type Bus struct {
	name    string
	file    *os.File
	blocks  *blocks.File
	cache   cache
	notices *bus.NoticeBuffer
	player  *player // nil: all at once

	stations []*station
	byName   map[string]*station
	byNumber map[int]*station
	buses    map[int]content.Info
	first    int64 // times of messages that are read
	last     int64
	from     int64 // messages before are left out
	until    int64 // those after likewise
	damaged  sync.Once
	unsound  sync.Map // blocks, by their heads, of which not all can be read

	lettersRead sync.Once // guards letters
	letters     []*content.Note
	notes       played

	mu    sync.Mutex // guards what follows
	info  bus.Info
	feeds map[*feed]bool
}

// station is a station of a recording.
type station struct {
	row    bus.Station
	bus    int
	from   string
	counts bool  // its messages have no positions: they are counted
	heads  []int // of the blocks that have something of it
	upTo   []uint64
	parts  []blocks.Part // one for each of heads, of all its numbers together
	end    int           // no block from there on is read
}

// Open opens a recording.
func Open(name string, how Reading) (*Bus, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, openError(name, err)
	}
	b, err := open(f, name, how)
	if err != nil {
		_ = f.Close() // it was only read
		return nil, openError(name, err)
	}
	return b, nil
}

func openError(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: there is no such file", bus.ErrMissing)
	}
	if errors.Is(err, blocks.ErrNotOne) || errors.As(err, new(*blocks.VersionError)) {
		return fmt.Errorf("%s %w", filepath.Base(name), err)
	}
	return fmt.Errorf("opening the recording %s: %w", filepath.Base(name), err)
}

func open(f *os.File, name string, how Reading) (*Bus, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, blocks.ErrNotOne
	}
	read, err := blocks.Read(f, info.Size())
	if err != nil {
		return nil, err
	}
	b := &Bus{name: filepath.Base(name), file: f, blocks: read, notices: bus.NewNoticeBuffer(), byName: map[string]*station{}, first: math.MaxInt64, last: math.MinInt64,
		byNumber: map[int]*station{}, buses: map[int]content.Info{}, feeds: map[*feed]bool{}}
	b.cache.blocks = read
	b.readStations()
	b.count()
	b.describe(name)
	if err := b.keep(how.Part); err != nil {
		return nil, err
	}
	if how.Speed > 0 && b.first <= b.last {
		b.player = &player{speed: how.Speed, first: b.first}
		b.readNotices()
	}
	if read.Damage != "" {
		b.notices.Add(bus.Warn, "", "the recording is damaged: %s", read.Damage)
	}
	return b, nil
}

// readStations reads which stations there are.
func (b *Bus) readStations() {
	names := map[string]int{}
	for i := range b.blocks.Heads {
		h := &b.blocks.Heads[i]
		if h.Kind != blocks.Stations {
			continue
		}
		body, err := b.blocks.Body(h)
		if err != nil {
			b.tellDamage()
			continue
		}
		content.EachNote(body, func(n *content.Note) bool {
			if n.Begins != nil {
				b.buses[n.Bus] = *n.Begins
			}
			if n.Station != nil && n.Station.Number >= 0 && n.Station.Number <= blocks.MostStations {
				b.addStation(n)
				names[n.Station.Facts.Name] |= 1 << min(max(n.Bus, 0), 62)
			}
			return true
		})
	}
	for _, s := range b.stations { // names are those of several buses
		if of := names[s.row.Name]; of&(of-1) != 0 {
			s.row.Name = b.buses[s.bus].Name + "/" + s.row.Name
		}
		b.byName[s.row.Name] = s
	}
}

// addStation adds a station, or another number of one.
func (b *Bus) addStation(n *content.Note) {
	for _, s := range b.stations {
		if s.bus == n.Bus && s.row.Name == n.Station.Facts.Name {
			b.byNumber[n.Station.Number] = s
			s.row, s.counts = n.Station.Facts, !n.Station.Facts.Replayable
			return
		}
	}
	s := &station{row: n.Station.Facts, bus: n.Bus, from: n.Station.From, counts: !n.Station.Facts.Replayable}
	b.stations = append(b.stations, s)
	b.byNumber[n.Station.Number] = s
}

// count finds out what the recording has of each station.
func (b *Bus) count() {
	for i := range b.blocks.Heads {
		for _, p := range b.blocks.Heads[i].Summary {
			s := b.byNumber[p.Station]
			if s == nil {
				b.tellDamage() // the block that names it is lost
				s = &station{row: bus.Station{Name: fmt.Sprintf("station-%d", p.Station), Kind: bus.Stream}, counts: true}
				b.stations = append(b.stations, s)
				b.byNumber[p.Station], b.byName[s.row.Name] = s, s
			}
			s.add(i, p)
			if p.Messages > 0 {
				b.first, b.last = min(b.first, p.First), max(b.last, p.Last)
			}
		}
	}
	for _, s := range b.stations {
		s.describe(b)
	}
}

// add adds what a block has of the station.
func (s *station) add(head int, p blocks.Part) {
	if n := len(s.heads); n > 0 && s.heads[n-1] == head { // by two numbers
		s.parts[n-1].Messages += p.Messages
		s.upTo[n-1] += p.Messages
		return
	}
	before := uint64(0)
	if n := len(s.upTo); n > 0 {
		before = s.upTo[n-1]
	}
	s.heads, s.parts, s.upTo = append(s.heads, head), append(s.parts, p), append(s.upTo, before+p.Messages)
}

// messages is how many there are.
func (s *station) messages() uint64 {
	if n := len(s.upTo); n > 0 {
		return s.upTo[n-1]
	}
	return 0
}

// describe makes the row of a station that was recorded that of one which is read from a file.
func (s *station) describe(b *Bus) {
	row := &s.row
	fromAll := s.from == bus.From{Start: bus.FromAll}.String()
	row.Removed = !row.Whole && (!row.Replayable || !fromAll && row.Messages > 0 || row.Removed)
	was := row.Reading
	row.Replayable, row.Readable, row.Presumed, row.Whole = true, true, false, false
	row.Messages, row.Bytes, row.First, row.Last = s.messages(), 0, bus.Position{}, bus.Position{}
	for i := range s.parts {
		p := &s.parts[i]
		row.Bytes += p.Bytes
		if p.Messages > 0 && row.First.IsZero() {
			row.First = p.From
		}
		if p.Messages > 0 {
			row.Last = p.To
		}
	}
	if s.counts {
		row.Positions, row.Partitions = bus.Sequences, 0
		if row.Messages > 0 {
			row.First, row.Last = bus.Position{Major: 1}, bus.Position{Major: row.Messages}
		}
	}
	if row.Partitions > 0 {
		row.First, row.Last = bus.Position{}, bus.Position{}
	}
	row.Reading = "read from the file " + b.name
	row.Details = append([]bus.Detail{{Name: "recorded from", Value: cmp.Or(b.buses[s.bus].URL, b.buses[s.bus].Name)}, {Name: "was read", Value: was}}, row.Details...)
}

// describe fills in what is known of the bus.
func (b *Bus) describe(name string) {
	var of []string
	for _, n := range slices.Sorted(maps.Keys(b.buses)) {
		of = append(of, b.buses[n].Name)
	}
	server := "recording of " + cmp.Or(strings.Join(of, " and "), "nothing")
	b.info = bus.Info{Name: b.name, Scheme: "recording", URL: name, Server: server, Link: bus.Recorded, Since: time.Now(), Loopback: true}
}

func (b *Bus) tellDamage() {
	b.damaged.Do(func() { b.notices.Add(bus.Warn, "", "a part of the recording is damaged, and left out") })
}

// Info implements bus.Bus.
func (b *Bus) Info() bus.Info {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.info
}

// Notices implements bus.Bus.
func (b *Bus) Notices() <-chan bus.Notice { return b.notices.Notices() }

// Stations implements bus.Bus. A name may be a pattern, in which * stands for any letters.
func (b *Bus) Stations(_ context.Context, names ...string) (rows []bus.Station, err error) {
	wanted := map[*station]bool{}
	for _, name := range names {
		found := b.byName[name]
		if found != nil {
			wanted[found] = true
			continue
		}
		there := name == ">" || name == "*"
		for _, s := range b.stations {
			if name == ">" || strings.Contains(name, "*") && glob.Match(name, s.row.Name) {
				wanted[s], there = true, true
			}
		}
		if !there {
			err = errors.Join(err, fmt.Errorf("station %s: %w: it is not in the recording %s", name, bus.ErrMissing, b.name))
		}
	}
	for _, s := range b.stations {
		if len(names) == 0 || wanted[s] {
			rows = append(rows, s.row)
		}
	}
	return rows, err
}

// Close implements bus.Bus.
func (b *Bus) Close() error {
	b.mu.Lock()
	if b.info.Link == bus.Closed {
		b.mu.Unlock()
		return nil
	}
	b.info.Link, b.info.Since = bus.Closed, time.Now()
	for f := range b.feeds {
		f.end()
	}
	b.mu.Unlock()
	b.notices.Close()
	return b.file.Close()
}
