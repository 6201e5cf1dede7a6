package jsapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// connect starts a server, with JetStream or without, and asks it.
func connect(t *testing.T, storage bool, where Where) *Client {
	t.Helper()
	s, err := server.NewServer(&server.Options{DontListen: true, NoLog: true, NoSigs: true, JetStream: storage, StoreDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	conn, err := nats.Connect("", nats.InProcessServer(s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	c, err := New(core.New(conn), where, 0)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func (c *Client) make(t *testing.T, name string, change func(*jetstream.StreamConfig)) jetstream.Stream {
	t.Helper()
	config := jetstream.StreamConfig{Name: name, Storage: jetstream.MemoryStorage}
	if change != nil {
		change(&config)
	}
	s, err := c.JetStream.CreateStream(limited(t), config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var nobody ownConsumers

// Without JetStream there are no streams, which is an error only where there should be some.
func TestNoJetStream(t *testing.T) {
	c := connect(t, false, Where{})
	if found, err := c.Streams(limited(t)); err != nil || len(found) > 0 {
		t.Errorf("streams %v, %v", found, err)
	}
	if _, err := c.Stream(limited(t), "orders"); !errors.Is(err, ErrNone) {
		t.Errorf("stream: %v", err)
	}
	if stream, err := c.StreamOf(limited(t), "orders"); stream != "" || err != nil {
		t.Errorf("stream of a subject: %q, %v", stream, err)
	}
	if !c.Absent() {
		t.Error("it is not known that there is none")
	}
	if c.Connected(true); c.Absent() {
		t.Error("a server that announces JetStream has none")
	}
	for _, where := range []Where{{Domain: "leaf"}, {Prefix: "shop.js.api."}} {
		if _, err := connect(t, false, where).Streams(limited(t)); err == nil {
			t.Errorf("there is nothing at %+v, and that is no error", where)
		}
	}
}

func TestPrefix(t *testing.T) {
	for where, want := range map[Where]string{
		{}: "$JS.API.INFO", {Domain: "leaf"}: "$JS.leaf.API.INFO", {Prefix: "shop.js"}: "shop.js.INFO", {Prefix: "shop.js.", Domain: "leaf"}: "shop.js.INFO",
	} {
		if got := (&Client{where: where}).Subject("INFO"); got != want {
			t.Errorf("%+v: %q, want %q", where, got, want)
		}
	}
}

// More streams and consumers than one answer holds are listed, each once, without the system's and those left out.
func TestListsOfSeveralPages(t *testing.T) {
	c := connect(t, true, Where{})
	const many = 300
	for n := range many {
		c.make(t, fmt.Sprint("s", n), nil)
	}
	c.make(t, "$system", nil)
	s := c.make(t, "orders", nil)
	for n := range many {
		config := jetstream.ConsumerConfig{Durable: fmt.Sprint("c", n), MemoryStorage: true}
		if _, err := s.CreateConsumer(limited(t), config); err != nil {
			t.Fatal(err)
		}
	}
	streams, err := c.Streams(limited(t))
	names := map[string]bool{}
	for _, info := range streams {
		names[info.Config.Name] = true
	}
	if err != nil || len(streams) != many+1 || len(names) != many+1 || names["$system"] {
		t.Errorf("%d streams, %d names, %v", len(streams), len(names), err)
	}
	consumers, err := c.Consumers(limited(t), ownConsumers{"c7": "orders"})
	clear(names)
	for _, x := range consumers {
		names[x.Info.Name] = true
	}
	if err != nil || len(consumers) != many-1 || len(names) != many-1 || names["c7"] {
		t.Errorf("%d consumers, %d names, %v", len(consumers), len(names), err)
	}
}

// ownConsumers are consumers of the session, with their streams.
type ownConsumers map[string]string

func (o ownConsumers) Owns(consumer string) bool { return o[consumer] != "" }

func (o ownConsumers) OwnOf(stream string) int {
	n := 0
	for _, of := range o {
		if of == stream {
			n++
		}
	}
	return n
}

// Listing again and again is no load: a stream that has none but the session's consumers is not asked, and of very many that
// have others some are asked each time, in turn, and all of which something else must be true now.
func TestConsumersAreAskedForInTurn(t *testing.T) {
	var c Client
	const many = maxAsked + 50
	info := func(n, consumers int) *jetstream.StreamInfo {
		return &jetstream.StreamInfo{Config: jetstream.StreamConfig{Name: fmt.Sprint("s", n)}, State: jetstream.StreamState{Consumers: consumers}}
	}
	var streams []*jetstream.StreamInfo
	for n := range many {
		streams = append(streams, info(n, 1))
	}
	told := map[string]toldConsumers{}
	clock := time.Unix(0, 0)
	ask := func() (asked []string) {
		for _, one := range c.toBeAsked(streams, told) {
			clock = clock.Add(time.Second)
			asked = append(asked, one.Config.Name)
			told[one.Config.Name] = toldConsumers{when: clock, count: one.State.Consumers}
		}
		return asked
	}
	if n := len(ask()); n != many {
		t.Fatalf("%d streams are asked at first, want %d", n, many)
	}
	streams[many-1] = info(many-1, 2)
	second := ask()
	if len(second) != maxAsked || second[0] != fmt.Sprint("s", many-1) || second[1] != "s0" {
		t.Errorf("then %d are asked, first %q, want the one that has another consumer, and those asked longest ago", len(second), second[:2])
	}
	if third := ask(); len(third) != maxAsked || third[0] != fmt.Sprint("s", maxAsked-1) {
		t.Errorf("then %d are asked, first %q, want s%d", len(third), third[0], maxAsked-1)
	}
}

// A bucket has its own name, unless a stream has it.
func TestNames(t *testing.T) {
	c := connect(t, true, Where{})
	for _, name := range []string{"KV_state", "KV_orders", "OBJ_files", "orders"} {
		c.make(t, name, nil)
	}
	if _, err := c.Streams(limited(t)); err != nil {
		t.Fatal(err)
	}
	for stream, want := range map[string]string{"KV_state": "state", "KV_orders": "KV_orders", "OBJ_files": "files", "orders": "orders"} {
		if got := c.StationName(stream); got != want {
			t.Errorf("the station of %s is %s, want %s", stream, got, want)
		}
	}
	for want, s := range map[string]bus.Station{
		"KV_state": {Kind: bus.Bucket, Name: "state"}, "KV_orders": {Kind: bus.Bucket, Name: "KV_orders"}, "OBJ_files": {Kind: bus.ObjectStore, Name: "files"},
		"orders": {Kind: bus.Stream, Name: "orders"}, "KV_x": {Kind: bus.Stream, Name: "KV_x"},
	} {
		if got := StreamName(s); got != want {
			t.Errorf("the stream of %+v is %s, want %s", s, got, want)
		}
	}
	info := &jetstream.StreamInfo{Config: jetstream.StreamConfig{Name: "KV_state"}}
	filters := Consumer{info, &jetstream.ConsumerInfo{Config: jetstream.ConsumerConfig{FilterSubjects: []string{"$KV.state.a", "$KV.state.b.>"}}}}.Filters()
	if !slices.Equal(filters, []string{"a", "b.>"}) {
		t.Errorf("filters %q", filters)
	}
}

// Messages come with all they have, whether or not a stream gives them directly; those that are gone are missing.
func TestMessages(t *testing.T) {
	c := connect(t, true, Where{})
	for _, direct := range []bool{false, true} {
		name := fmt.Sprint("direct-", direct)
		s := c.make(t, name, func(config *jetstream.StreamConfig) {
			config.AllowDirect, config.Subjects = direct, []string{name + ".>"}
		})
		for n := range 3 {
			m := nats.NewMsg(fmt.Sprint(name, ".", n))
			m.Data = fmt.Append(nil, n)
			m.Header.Set("Number", fmt.Sprint(n))
			if _, err := c.JetStream.PublishMsg(limited(t), m); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.DeleteMsg(limited(t), 2); err != nil {
			t.Fatal(err)
		}
		info, err := c.Stream(limited(t), name)
		if err != nil {
			t.Fatal(err)
		}
		if stream, err := c.StreamOf(limited(t), name+".7"); stream != name || err != nil {
			t.Errorf("the stream of %s.7 is %q, %v", name, stream, err)
		}
		m, err := c.Message(limited(t), info, Get{Sequence: 1})
		if err != nil || m.Subject != name+".0" || string(m.Data) != "0" || m.Size != 1 || m.Position.Major != 1 || len(m.Headers) != 1 || m.Headers.Get("Number") != "0" || time.Since(m.Time()).Abs() > time.Minute {
			t.Errorf("%s: message 1 is %+v, %v", name, m, err)
		}
		if _, err := c.Message(limited(t), info, Get{Sequence: 2}); !errors.Is(err, bus.ErrMissing) {
			t.Errorf("%s: message 2: %v", name, err)
		}
		if m, err := c.Message(limited(t), info, Get{Sequence: 2, Next: name + ".>"}); err != nil || m.Position.Major != 3 {
			t.Errorf("%s: the first from 2 on is %+v, %v", name, m, err)
		}
		if _, err := c.Message(limited(t), info, Get{Sequence: 4, Next: ">"}); !errors.Is(err, bus.ErrMissing) {
			t.Errorf("%s: the first from 4 on: %v", name, err)
		}
	}
	if _, err := c.Stream(limited(t), "nothing"); !errors.Is(err, bus.ErrMissing) {
		t.Errorf("a stream that does not exist: %v", err)
	}
	if found, err := c.Consumers(limited(t), nobody); err != nil || len(found) > 0 {
		t.Errorf("consumers %v, %v", found, err)
	}
}
