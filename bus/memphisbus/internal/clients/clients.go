// Package clients remembers who produces to stations and who is a member of groups. JetStream knows neither: a producer names
// itself in the headers of its messages, and both tell Memphis on subjects of its own when they come and go. So what is known
// begins when the session does, but for producers of messages that are read. A client that died without a word is not told.
//
// All methods of a Log may be called from any goroutine. Listen waits for the server, Stop for the goroutines of what it
// listens to; the others do not wait.
package clients

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/natsbus"
)

// Bounds: how many clients of a station or a group are remembered, and of how many of these; how long a name or what a client
// tells may be; and how many bytes of that may wait.
const (
	mostClients = 200
	mostPlaces  = 2000
	longestName = 256
	longestText = 64 << 10
	waiting     = 1 << 20
)

// Client is a producer, or a member of a group.
type Client struct {
	Name string
	When time.Time // a member came; a producer came, or sent last
	Sent bool      // it was seen by a message
}

// Log is what was heard of clients.
type Log struct {
	server *natsbus.Server

	listening sync.Mutex // held by whoever listens
	subs      []natsbus.Subscription
	asked     bool

	mu        sync.Mutex
	producers map[string]map[string]Client // by station
	members   map[group]map[string]Client
	refused   error // why nobody is heard
}

type group struct{ station, name string }

// New makes an empty log.
func New(server *natsbus.Server) *Log {
	return &Log{server: server, producers: map[string]map[string]Client{}, members: map[group]map[string]Client{}}
}

// The subjects on which clients tell Memphis that they come and go.
const (
	producerComes = "$memphis_producer_creations"
	producerGoes  = "$memphis_producer_destructions"
	memberComes   = "$memphis_consumer_creations"
	memberGoes    = "$memphis_consumer_destructions"
)

// Listen listens to who comes and goes, from the first call on.
func (l *Log) Listen(ctx context.Context) {
	l.listening.Lock()
	defer l.listening.Unlock()
	if l.asked {
		return
	}
	for _, subject := range []string{producerComes, producerGoes, memberComes, memberGoes} {
		sub, err := l.server.Listen(ctx, subject, waiting, l.take)
		if errors.Is(err, bus.ErrRefused) {
			l.mu.Lock()
			l.refused = err
			l.mu.Unlock()
			continue
		}
		if err != nil {
			return // the connection is down: the next call listens
		}
		l.subs = append(l.subs, sub)
	}
	l.asked = true
}

// Stop ends listening.
func (l *Log) Stop() {
	l.listening.Lock()
	defer l.listening.Unlock()
	l.asked = true
	for _, sub := range l.subs {
		_ = sub.Stop() // fails only on a connection that is gone
	}
}

// Refused is why it cannot be heard who comes and goes, or nil.
func (l *Log) Refused() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused
}

// told is what a client tells of itself; consumers_group is empty where the client's own name is that of the group.
type told struct {
	Name    string `json:"name"`
	Station string `json:"station_name"`
	Group   string `json:"consumers_group"`
}

func (l *Log) take(m *nats.Msg) { l.hear(m.Subject, m.Data, time.Now()) }

// hear takes in what a client told. What cannot be read is nobody's.
func (l *Log) hear(subject string, data []byte, now time.Time) {
	var t told
	if len(data) > longestText || json.Unmarshal(data, &t) != nil || !short(t.Name) || !short(t.Station) || len(t.Group) > longestName {
		return
	}
	station, name := names.Station(t.Station), names.Lower(t.Name)
	in := group{station, names.Lower(cmp.Or(t.Group, t.Name))}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch subject {
	case producerComes:
		add(l.producers, station, Client{Name: name, When: now})
	case producerGoes:
		delete(l.producers[station], name)
	case memberComes:
		add(l.members, in, Client{Name: name, When: now})
	case memberGoes: // the group is not told
		for of := range l.members {
			if of.station == station {
				delete(l.members[of], name)
			}
		}
	}
}

func short(name string) bool { return name != "" && len(name) <= longestName }

// add adds a client to those of a place. Where there are too many, the one that was heard of longest ago is forgotten.
func add[K comparable](places map[K]map[string]Client, place K, c Client) {
	all := places[place]
	if all == nil {
		if len(places) >= mostPlaces {
			return
		}
		all = map[string]Client{}
		places[place] = all
	}
	if before, known := all[c.Name]; known && before.When.After(c.When) {
		c.When, c.Sent = before.When, before.Sent
	}
	all[c.Name] = c
	if len(all) > mostClients {
		delete(all, sorted(all)[0].Name)
	}
}

// Produced notes that a producer sent to a station.
func (l *Log) Produced(station, name string, when time.Time) {
	if !short(name) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	add(l.producers, station, Client{Name: name, When: when, Sent: true})
}

// Producers of a station, in the order in which they were heard of last.
func (l *Log) Producers(station string) []Client {
	l.mu.Lock()
	defer l.mu.Unlock()
	return sorted(l.producers[station])
}

// Members of a group, in the order in which they came.
func (l *Log) Members(station, name string) []Client {
	l.mu.Lock()
	defer l.mu.Unlock()
	return sorted(l.members[group{station, name}])
}

func sorted(all map[string]Client) []Client {
	list := make([]Client, 0, len(all))
	for _, c := range all {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Client) int { return cmp.Or(a.When.Compare(b.When), cmp.Compare(a.Name, b.Name)) })
	return list
}

// Groups are those of a station of which a member was heard.
func (l *Log) Groups(station string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for of, members := range l.members {
		if of.station == station && len(members) > 0 {
			all = append(all, of.name)
		}
	}
	slices.Sort(all)
	return all
}
