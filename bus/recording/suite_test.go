package recording_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/bustest"
	"signalbox/bus/recording"
)

// TestSuite holds what was recorded of buses, and is opened, to the contract: a file that was ended, and one that was not.
func TestSuite(t *testing.T) {
	for name, ends := range map[string]bool{"ended": true, "cut off": false} {
		h := harness(ends)
		t.Run(name, func(t *testing.T) { bustest.Run(t, h) })
	}
	t.Run("inside another", func(t *testing.T) { bustest.Run(t, bustest.Wrapped(harness(true))) })
}

func harness(ends bool) bustest.Harness {
	var sessions sync.Map // by the name of the file
	of := func(file string) *session {
		s, _ := sessions.Load(file)
		return s.(*session)
	}
	sender := func(kept bool) func(testing.TB, string) bustest.Sender {
		return func(t testing.TB, file string) bustest.Sender {
			if err := of(file).read(kept); err != nil {
				t.Fatal(err)
			}
			return of(file)
		}
	}
	return bustest.Harness{
		Past: true,
		Start: func(t testing.TB) bustest.Server {
			s := begin(t)
			sessions.Store(s.file, s)
			return s
		},
		Connect: func(_ context.Context, file string, _ bustest.Options) (bus.Bus, error) {
			if err := of(file).settle(ends); err != nil {
				return nil, err
			}
			b, err := recording.Open(file, recording.Reading{})
			if err != nil {
				return nil, err
			}
			return b, nil
		},
		Readers:      readers,
		Capabilities: bustest.Capabilities{Getter: true, ConsumerLister: true, Tracker: true, Historian: true},
		Shapes: []bustest.Shape{
			{Name: "kept", Kind: bus.Stream, Replayable: true, Lossless: true, Headers: true, Discovered: true, Sender: sender(true)},
			{Name: "not kept", Kind: bus.Channel, Replayable: true, Lossless: true, Headers: true, Discovered: true, Traits: bus.Traits{Separators: ":"}, Sender: sender(false)},
		},
	}
}

// readers is what a session could leave behind: what the file is, and what lies beside it.
func readers(t testing.TB, file string) (all []string) {
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(filepath.Dir(file), e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%s %x", e.Name(), sha256.Sum256(content)))
	}
	return all
}

// session records one station of a bus, and is the program that sends to it.
type session struct {
	file     string
	recorder *recording.Recorder
	bus      bus.Bus
	feed     bus.Feed
	sent     uint64
	from     *station
}

func begin(t testing.TB) *session {
	s := &session{file: filepath.Join(t.TempDir(), "suite"+recording.Extension), from: &station{notices: bus.NewNoticeBuffer()}}
	var err error
	if s.recorder, err = recording.Create(s.file, recording.Options{}); err != nil {
		t.Fatal(err)
	}
	tap := &recording.Tap{}
	tap.Record(s.recorder)
	s.bus = tap.Around(s.from)
	t.Cleanup(func() { _ = s.settle(true) })
	return s
}

// read begins to read the station, once a shape says whether it keeps messages.
func (s *session) read(kept bool) error {
	s.from.row = bus.Station{Name: "shop", Kind: bus.Channel, Readable: true, Traits: bus.Traits{Separators: ":"}}
	if kept {
		s.from.row = bus.Station{Name: "shop", Kind: bus.Stream, Readable: true, Replayable: true}
	}
	ctx := context.Background()
	f, err := s.bus.Open(ctx, s.from.row, bus.From{Start: bus.FromAll})
	if err != nil {
		return err
	}
	s.feed = f
	lister, _ := bus.As[bus.ConsumerLister](s.bus)
	_, err = lister.Consumers(ctx)
	return err
}

// settle has all that was sent in the file. Where it ends the recording, nothing can be sent any more.
func (s *session) settle(ends bool) error {
	if ends {
		return errors.Join(s.recorder.Close(), s.bus.Close())
	}
	written := func() bool {
		counts := s.recorder.Counts()
		return s.feed == nil || !counts.Until.IsZero() && counts.Messages == s.sent
	}
	for deadline := time.Now().Add(time.Minute); !written(); {
		if time.Now().After(deadline) {
			return errors.New("what was sent is not in the file")
		}
		<-time.After(time.Millisecond)
	}
	return nil
}

func (s *session) URL() string { return s.file }
func (s *session) Kill()       { _ = os.Remove(s.file) }
func (s *session) Restart()    { panic("a file does not come back") }
func (s *session) Close()      {}

func (s *session) Send(_ string, headers bus.Headers, data []byte) error {
	return s.record(bus.Message{Headers: headers, Data: data})
}

func (s *session) Burst(_ string, all [][]byte) error {
	var messages []bus.Message
	for _, data := range all {
		messages = append(messages, bus.Message{Data: data})
	}
	return s.record(messages...)
}

// record has the feed deliver messages, which the session reads.
func (s *session) record(all ...bus.Message) error {
	for _, m := range all {
		s.sent++
		m.Subject, m.Size, m.UnixNano = "shop", len(m.Data), time.Now().UnixNano()
		if s.from.row.Replayable {
			m.Position = bus.Position{Major: s.sent}
		}
		if s.from.next == nil {
			s.from.next = bus.NewBatch(0)
		}
		if s.from.next.Add(&m); s.from.next.Len() == 500 {
			if err := s.take(); err != nil {
				return err
			}
		}
	}
	return s.take()
}

func (s *session) take() error {
	b, err := s.feed.Next(context.Background())
	if b != nil {
		b.Release()
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// station is a bus of one station, which delivers what it is given.
type station struct {
	row     bus.Station
	next    *bus.Batch
	notices *bus.NoticeBuffer
	once    sync.Once
}

func (s *station) Info() bus.Info {
	return bus.Info{Name: "one station", Scheme: "one", URL: "one://station", Server: "one 1"}
}

func (s *station) Stations(context.Context, ...string) ([]bus.Station, error) {
	return []bus.Station{s.row}, nil
}

func (s *station) Open(context.Context, bus.Station, bus.From) (bus.Feed, error) { return s, nil }
func (s *station) Notices() <-chan bus.Notice                                    { return s.notices.Notices() }

func (s *station) Consumers(context.Context) ([]bus.Consumer, error) {
	return []bus.Consumer{{Station: "other", Name: "mailer", Delivered: bus.Position{Major: 2}, AckFloor: bus.Position{Major: 1}}}, nil
}

func (s *station) Next(context.Context) (b *bus.Batch, err error) {
	if s.next == nil {
		return nil, io.EOF
	}
	b, s.next = s.next, nil
	return b, nil
}

func (s *station) Close() error {
	s.once.Do(s.notices.Close)
	return nil
}
