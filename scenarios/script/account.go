package script

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"signalbox/bus"
)

// Destination is where events of a run went, and who received them there.
type Destination struct {
	Name      string   // of a station, a subject or a channel
	Stored    bool     // a station keeps them
	Events    int      // how many were sent there
	Receivers []string // consumers of the station, by name, or stand-ins that listen
	Counted   int64    // of what is not stored: how many received the last one, signalbox apart; -1 where nobody tells
	Unknown   bool     // who reads the station cannot be told
}

// String says so in a few words: "3 stored in deliveries, read by courier".
func (d Destination) String() string {
	text := fmt.Sprintf("%d sent on %s", d.Events, d.Name)
	if d.Stored {
		text = fmt.Sprintf("%d stored in %s", d.Events, d.Name)
	}
	switch {
	case len(d.Receivers) > 0 && d.Stored:
		return text + ", read by " + strings.Join(d.Receivers, ", ")
	case len(d.Receivers) > 0:
		return text + ", received by " + strings.Join(d.Receivers, ", ")
	case d.Stored && d.Unknown:
		return text
	case d.Stored:
		return text + ", which no consumer reads"
	case d.Counted < 0:
		return text + ", of which nobody tells who received it"
	case d.Counted == 0:
		return text + ", received by nobody but signalbox"
	}
	return fmt.Sprintf("%s, received by %d", text, d.Counted)
}

// account counts what was sent where. It may be used from any goroutine.
type account struct {
	mu   sync.Mutex
	sent map[string]*Destination
}

// add counts a message, and tells whether anybody may have received it.
func (a *account) add(out bus.Outgoing, receipt bus.Receipt, listening []string) (received bool) {
	stored := receipt.Station != ""
	name := cmp.Or(receipt.Station, out.Subject, out.Station)
	a.mu.Lock()
	defer a.mu.Unlock()
	d := a.sent[name]
	if d == nil {
		d = &Destination{Name: name, Stored: stored}
		a.sent[name] = d
	}
	d.Events++
	d.Counted = receipt.Receivers
	if !stored {
		d.Receivers = listening
	}
	return stored || receipt.Receivers != 0 || len(listening) > 0
}

// destinations are all, by name, each with who reads it.
func (a *account) destinations(ctx context.Context, b bus.Bus) []Destination {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []Destination
	for _, name := range slices.Sorted(maps.Keys(a.sent)) {
		d := *a.sent[name]
		if d.Stored {
			readers, told := Readers(ctx, b, d.Name)
			d.Receivers, d.Unknown = readers, !told
		}
		out = append(out, d)
	}
	return out
}

// Readers are the names of the consumers that read a station, and whether that can be told. Sessions of signalbox that only look
// are none.
func Readers(ctx context.Context, b bus.Bus, station string) (names []string, told bool) {
	lister, ok := bus.As[bus.ConsumerLister](b)
	if !ok {
		return nil, false
	}
	list, err := lister.Consumers(ctx)
	for i := range list {
		if c := &list[i]; c.Station == station && !c.Session && !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	slices.Sort(names)
	return names, err == nil || len(names) > 0
}

// dispatch sends a message and counts who received it. On a bus that is not signalbox's own somebody has to.
func (p *Run) dispatch(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	after := p.last()
	receipt, err := p.publish(ctx, out)
	if err != nil {
		return receipt, err
	}
	var listening []string
	if p.Listening != nil {
		listening = p.Listening(cmp.Or(out.Subject, out.Station))
	}
	p.show(out, receipt, listening, after)
	if received := p.account.add(out, receipt, listening); !received && !p.Own {
		return receipt, &Failure{Expected: "somebody to receive what is sent on " + cmp.Or(out.Subject, out.Station), Found: receipt.Text}
	}
	return receipt, nil
}

// Destinations are where the events of the run went, and who reads there now.
func (p *Run) Destinations(ctx context.Context) []Destination {
	return p.account.destinations(ctx, p.bus)
}
