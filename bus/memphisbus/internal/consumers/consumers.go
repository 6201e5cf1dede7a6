// Package consumers lists the groups of Memphis: the consumers that a group has on all partitions of a station are one, under
// the group's own name and with its members. What the bus below tells of each partition is added up.
//
// All methods may be called from any goroutine. List asks the server; Standing does not wait. Nothing is changed on it.
package consumers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/clients"
	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/memphisbus/internal/stations"
)

// Below is the bus below, which knows the consumers of streams.
type Below interface {
	bus.ConsumerLister
	bus.Tracker
}

// Lister lists groups on one connection.
type Lister struct {
	below    Below
	stations *stations.Lister
	clients  *clients.Log

	mu    sync.Mutex
	parts map[key][]part // of the groups that were listed last
}

type key struct{ station, group string }

// part is a group on a partition.
type part struct {
	number   int
	consumer bus.Consumer // as the bus below tells of it
}

// New makes a lister.
func New(below Below, l *stations.Lister, known *clients.Log) *Lister {
	return &Lister{below: below, stations: l, clients: known}
}

// List lists groups, and the consumers of what is no station. A partial list comes with an error.
func (l *Lister) List(ctx context.Context) ([]bus.Consumer, error) {
	l.clients.Listen(ctx)
	found, err := l.below.Consumers(ctx)
	all, stationsErr := l.stations.All(ctx)
	partitions := map[string]stations.Station{}
	for _, s := range all {
		for _, p := range s.Partitions {
			partitions[p.Stream()] = s
		}
	}
	var list []bus.Consumer
	var order []key
	parts, places := map[key][]part{}, map[key]stations.Station{}
	for _, c := range found {
		s, is := partitions[c.Station]
		if !is {
			list = append(list, c)
			continue
		}
		_, number, _ := names.OfStream(c.Station)
		k := key{s.Name, names.Group(c.Name)}
		if parts[k] == nil {
			order, places[k] = append(order, k), s
		}
		parts[k] = append(parts[k], part{number, c})
	}
	for _, k := range order {
		slices.SortFunc(parts[k], func(a, b part) int { return a.number - b.number })
		list = append(list, l.describe(k, places[k], parts[k]))
	}
	if errors.Is(err, bus.ErrRefused) {
		list, err = append(list, l.heard(all, parts)...), refusal(all, parts)
	} else {
		err = errors.Join(names.Error(err), stationsErr)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.parts = parts
	return list, err
}

// refusal says of which stations the groups must not be listed.
func refusal(all []stations.Station, listed map[key][]part) error {
	var left []string
	for _, s := range all {
		known := false
		for k := range listed {
			known = known || k.station == s.Name
		}
		if !known && !slices.Contains(left, s.Name) {
			left = append(left, s.Name)
		}
	}
	return fmt.Errorf("%w: this user may not list the groups of %s", bus.ErrRefused, strings.Join(left, ", "))
}

// heard are groups of which only a member was heard, where their consumers must not be listed.
func (l *Lister) heard(all []stations.Station, listed map[key][]part) (list []bus.Consumer) {
	for _, s := range all {
		for _, group := range l.clients.Groups(s.Name) {
			if listed[key{s.Name, group}] != nil {
				continue
			}
			c := bus.Consumer{Station: s.Name, Name: group, Kind: "group", Lag: -1, Unacked: -1, Redelivered: -1, GivenUp: -1, Waiting: -1}
			c.Members = l.members(s.Name, group)
			c.Details = []bus.Detail{{Name: "state", Value: "not known: this user may not list the groups of the station"}}
			list = append(list, c)
		}
	}
	return list
}

// describe adds up what is told of a group on each partition.
func (l *Lister) describe(k key, s stations.Station, parts []part) bus.Consumer {
	out := parts[0].consumer
	out.Station, out.Name, out.Filters = k.station, k.group, nil
	if out.Kind == "durable" {
		out.Kind = "group"
	}
	for _, p := range parts[1:] {
		add(&out, &p.consumer)
	}
	out.Pending = pending(&s, parts)
	if len(s.Partitions) > 1 {
		out.Positions, out.First, out.Delivered, out.AckFloor = bus.PartitionOffsets, bus.Position{}, bus.Position{}, bus.Position{}
	}
	if !out.Session {
		out.Members = l.members(k.station, k.group)
		out.Details = l.details(&out, parts)
	}
	return out
}

// add adds the counts of a group on another partition.
func add(to, c *bus.Consumer) {
	to.Lag += c.Lag
	to.Unacked += c.Unacked
	to.Redelivered += c.Redelivered
	to.GivenUp += c.GivenUp
	to.AtLeast = to.AtLeast || c.AtLeast
	to.Unlisted += c.Unlisted
	to.Terminated += c.Terminated
	to.Waiting += c.Waiting
	to.Sessions += c.Sessions
	to.AckLimit += c.AckLimit
	if c.LastActive.After(to.LastActive) {
		to.LastActive = c.LastActive
	}
	if c.Created.Before(to.Created) {
		to.Created = c.Created
	}
	if c.PausedUntil.After(to.PausedUntil) {
		to.PausedUntil = c.PausedUntil
	}
}

// mostPending bounds how many unacknowledged messages are listed.
const mostPending = 20

// pending are the oldest unacknowledged messages of all partitions.
func pending(s *stations.Station, parts []part) []bus.Pending {
	var all []bus.Pending
	for _, p := range parts {
		for _, m := range p.consumer.Pending {
			m.Position = s.Place(p.number, m.Position.Major)
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b bus.Pending) int { return cmp.Compare(b.Age, a.Age) })
	return all[:min(len(all), mostPending)]
}

// members are those of a group that were heard to come. What each holds is known to nobody.
func (l *Lister) members(station, group string) []bus.Member {
	var all []bus.Member
	for _, c := range l.clients.Members(station, group) {
		all = append(all, bus.Member{Name: c.Name, Pending: -1, Idle: -1, Inactive: -1})
	}
	return all
}

// details are the settings of a group and where it stands on each partition, in Memphis's words.
func (l *Lister) details(c *bus.Consumer, parts []part) []bus.Detail {
	details := []bus.Detail{
		{Name: "unprocessed", Value: fmt.Sprint(c.Lag)},
		{Name: "in process", Value: fmt.Sprint(c.Unacked)},
	}
	for _, name := range []struct{ theirs, ours string }{{"within", "max ack time"}, {"deliveries", "max deliveries"}, {"starts at", "starts at"}} {
		for _, d := range parts[0].consumer.Details {
			if d.Name == name.theirs {
				details = append(details, bus.Detail{Name: name.ours, Value: milliseconds(d.Value)})
			}
		}
	}
	details = append(details, bus.Detail{Name: "pull interval, batch", Value: "each member's own; Memphis is not told"})
	if len(parts) > 1 {
		for _, p := range parts {
			x := p.consumer
			details = append(details, bus.Detail{Name: fmt.Sprintf("partition %d", p.number),
				Value: fmt.Sprintf("%d unprocessed, %d in process, delivered to %d, acknowledged to %d", x.Lag, x.Unacked, x.Delivered.Major, x.AckFloor.Major)})
		}
	}
	switch err := l.clients.Refused(); {
	case err != nil:
		details = append(details, bus.Detail{Name: "members", Value: "not known: " + err.Error()})
	case len(c.Members) == 0:
		details = append(details, bus.Detail{Name: "members", Value: "none came since this session watches; Memphis tells other programs nothing of earlier ones"})
	}
	return details
}

// milliseconds writes a duration as Memphis does; what is none stays.
func milliseconds(text string) string {
	d, err := time.ParseDuration(text)
	if err != nil {
		return text
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// Standing judges how far a group is with a message: its consumer on the partition that has it tells.
func (l *Lister) Standing(c bus.Consumer, subject string, at bus.Position) (standing bus.Standing, who string) {
	l.mu.Lock()
	parts := l.parts[key{c.Station, c.Name}]
	l.mu.Unlock()
	if len(parts) == 0 {
		return l.below.Standing(c, subject, at)
	}
	partitions := 1
	if c.Positions == bus.PartitionOffsets {
		partitions = len(parts) + 1 // it has several
	}
	number, sequence := names.Sequence(partitions, parts[0].number, at)
	if at.IsZero() {
		number = parts[0].number
	}
	for _, p := range parts {
		if p.number == number {
			return l.below.Standing(p.consumer, names.OnWire(p.consumer.Station, c.Station, subject), bus.Position{Major: sequence})
		}
	}
	return bus.Filtered, ""
}
