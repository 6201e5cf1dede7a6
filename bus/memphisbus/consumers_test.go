package memphisbus_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
)

// A group over several partitions is one consumer, whose counts are those of all of them, in Memphis's words.
func TestGroupIsOneConsumer(t *testing.T) {
	p := newPlace(t)
	station(t, p.server.URL(), "Orders.EU", 3)
	groups := p.group("Orders.EU", "esdb.workers", 3)
	p.group("Orders.EU", "other", 3)
	for i := range 6 {
		p.produce("Orders.EU", i%3+1, "x")
	}
	batch, err := groups[1].FetchNoWait(1)
	if err != nil {
		t.Fatal(err)
	}
	for range batch.Messages() { // and it is not acknowledged
	}
	all, err := p.bus.Consumers(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("consumers: %+v, %v", all, err)
	}
	i := slices.IndexFunc(all, func(c bus.Consumer) bool { return c.Name == "esdb.workers" })
	c := all[max(i, 0)]
	if c.Station != "orders.eu" || c.Name != "esdb.workers" || c.Kind != "group" || c.Lag != 5 || c.Unacked != 1 || c.MaxDeliver != 3 {
		t.Fatalf("the group is %+v", c)
	}
	for name, want := range map[string]string{
		"unprocessed": "5", "in process": "1", "max ack time": "5000 ms", "max deliveries": "3",
		"partition 2": "1 unprocessed, 1 in process, delivered to 1, acknowledged to 0",
	} {
		if got := detail(c.Details, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	s := p.one("Orders.EU")
	for _, m := range p.read(s, bus.From{Start: bus.FromAll}, 6) {
		want := bus.Waiting
		if m.Position == (bus.Position{Partition: 2, Major: 2}) {
			want = bus.Delivered
		}
		if got, _ := p.bus.Standing(c, m.Subject, m.Position); got != want {
			t.Errorf("the group is %q with %s, want %q", got, s.Positions.Format(m.Position), want)
		}
	}
	if got, _ := p.bus.Standing(c, "orders.eu.other", bus.Position{Partition: 1, Major: 2}); got != bus.Filtered {
		t.Errorf("what no group is given is %q", got)
	}
}

// Members and producers are those that tell Memphis that they come, in the words of its client library, and those that messages
// name; one that comes twice is one.
func TestMembersAndProducers(t *testing.T) {
	p := newPlace(t)
	station(t, p.server.URL(), "election", 1)
	p.group("election", "esdb.workers", 1)
	p.produce("election", 1, "x", "Event-Type", "PhotoVote.Event.Voter.VoterRegistered")
	got := p.read(p.one("election"), bus.From{Start: bus.FromAll}, 1)
	if got[0].Headers.Get("Event-Type") != "PhotoVote.Event.Voter.VoterRegistered" || got[0].Headers.Get("$memphis_producedBy") != "voter-3f25" {
		t.Errorf("headers are %q", got[0].Headers)
	}
	members := func() (names []string) {
		all, err := p.bus.Consumers(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("consumers: %+v, %v", all, err)
		}
		for _, m := range all[0].Members {
			names = append(names, m.Name)
		}
		return names
	}
	if got := members(); len(got) != 0 {
		t.Fatalf("members before any came: %q", got)
	}
	const one = `{"name":"esdb-1","station_name":"election","connection_id":"c-1","consumer_type":"application","consumers_group":"esdb.workers",` +
		`"max_ack_time_ms":5000,"max_msg_deliveries":3,"username":"root","start_consume_from_sequence":1,"last_messages":-1,"req_version":4,"app_id":"a","sdk_lang":"go"}`
	p.control("$memphis_consumer_creations", one)
	p.control("$memphis_consumer_creations", one)
	p.control("$memphis_consumer_creations", `{"name":"ESDB-2","station_name":"Election","consumers_group":"ESDB.workers"}`)
	p.control("$memphis_consumer_creations", `{"name":"audit","station_name":"election","consumers_group":""}`)
	p.control("$memphis_consumer_creations", `no JSON`)
	p.control("$memphis_producer_creations", `{"name":"ballot-9c","station_name":"election","connection_id":"c-2","producer_type":"application","req_version":4,"username":"root","app_id":"a","sdk_lang":"go"}`)
	p.eventually("two members", func() bool { return slices.Equal(members(), []string{"esdb-1", "esdb-2"}) })
	p.control("$memphis_consumer_destructions", `{"name":"esdb-1","station_name":"election","username":"root","connection_id":"c-1","req_version":1}`)
	p.eventually("one member", func() bool { return slices.Equal(members(), []string{"esdb-2"}) })

	producers := func() (all []string) {
		for _, d := range p.one("election").Details {
			if d.Name == "producer" {
				all = append(all, d.Value[:6])
			}
		}
		slices.Sort(all)
		return all
	}
	p.eventually("two producers", func() bool { return slices.Equal(producers(), []string{"ballot", "voter-"}) })
	p.control("$memphis_producer_destructions", `{"name":"ballot-9c","station_name":"election","username":"root","connection_id":"c-2","req_version":1}`)
	p.eventually("one producer", func() bool { return slices.Equal(producers(), []string{"voter-"}) })
}

// A station that keeps messages until they are acknowledged is read without a consumer, as its server tells, and what groups
// hold is not touched.
func TestAckBasedStationGetsNoConsumer(t *testing.T) {
	p := newPlace(t)
	station(t, p.server.URL(), "keep", 2, ackBased)
	keepers := p.group("keep", "keepers", 2)
	p.produce("keep", 1, "0")
	s := p.one("keep")
	if got := detail(s.Details, "retention"); got != "ACK_BASED: until every group has acknowledged, MAX_MESSAGE_AGE_SECONDS 604800" {
		t.Errorf("retention is %q", got)
	}
	before := readers(t, p.server.URL())
	f, err := p.bus.Open(t.Context(), s, bus.From{Start: bus.FromAll})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p.produce("keep", 2, "1")
	for n := 0; n < 2; {
		b, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		n += b.Len()
		if now := readers(t, p.server.URL()); !slices.Equal(now, before) {
			t.Fatalf("while it is read there are %q, before there were %q", now, before)
		}
	}
	for _, c := range keepers {
		info, err := c.Info(t.Context())
		if err != nil || info.NumPending != 1 || info.Delivered.Consumer != 0 {
			t.Fatalf("a group stands at %+v, %v", info, err)
		}
		m, err := c.Next()
		if err == nil {
			err = m.DoubleAck(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	p.eventually("what was acknowledged is gone", func() bool { return p.one("keep").Messages == 0 })
}

// What is Memphis's own is neither listed nor read, and it is said how much that is.
func TestOwnStreamsAreHidden(t *testing.T) {
	p := newPlace(t)
	station(t, p.server.URL(), "election", 1)
	p.group("election", "$memphis_fetch_messages_consumer_1", 1, func(c *jetstream.ConsumerConfig) { c.MaxDeliver = -1 })
	list, err := p.bus.Stations(t.Context())
	if err != nil || len(list) != 1 || list[0].Name != "election" {
		t.Errorf("stations: %+v, %v", list, err)
	}
	if all, err := p.bus.Consumers(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("consumers: %+v, %v", all, err)
	}
	const said = "6 streams of Memphis's own ($memphis…) are hidden"
	if n := <-p.bus.Notices(); n.Text != said || n.Level != bus.Say {
		t.Errorf("the notice is %+v", n)
	}
	if s := p.one("$memphis_syslogs"); s.Name != "$memphis_syslogs" || s.Kind != bus.Stream { // whoever names it may see it
		t.Errorf("named, it is %+v", s)
	}
	if s := p.one(">"); s.Readable || strings.Contains(s.Reading, "allow") {
		t.Errorf("everything is %+v", s)
	}
	found := p.bus.Examine(t.Context())
	if !slices.ContainsFunc(found, func(f bus.Finding) bool { return f.Section == "reading" && f.Name == "hidden" && f.Value == said }) {
		t.Errorf("the examination does not say what is hidden: %+v", found)
	}
	if info := p.bus.Info(); info.Server != "Memphis 1.4.4" || info.Scheme != "memphis" || info.Everything != "" {
		t.Errorf("the bus is %+v", info)
	}
}
