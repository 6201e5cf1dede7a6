package sources

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"signalbox/bus"
	"signalbox/sources/internal/event"
)

// Offer is what a bus has that nobody named and that looks like events: it is listed, and read when somebody wants it.
type Offer struct {
	Station string // as the bus knows it: "keys:*.Event:*"
	Source  bus.Kind
	Keys    int    // how many there are, about; 0 once it is read
	Values  string // what they hold: "hashes"
	Kind    string // of the entities whose events they look like; "" where no domain knows them
	Domain  string // that knows them, or ""
}

// Text says what is offered.
func (o *Offer) Text() string {
	text := fmt.Sprintf("%d %s that look like events", o.Keys, o.Values)
	if o.Keys == 1 {
		text = "1 key that looks like an event"
	}
	if o.Kind != "" {
		text += " of " + o.Kind
	}
	return text
}

// Offers are those of what was found on a bus that look like events to domains. It is called on the goroutine that the
// domains belong to.
func Offers(domains Domains, busName string, found []bus.Found) []Offer {
	knows, ok := domains.(event.Recogniser)
	if !ok {
		return nil
	}
	var all []Offer
	for i := range found {
		f := &found[i]
		for _, m := range f.Samples {
			e := &Event{Received: Received{UnixNano: m.UnixNano, Bus: busName, Station: f.Station, Source: f.Kind, Traits: &f.Traits,
				Subject: m.Subject, Headers: m.Headers, Data: m.Data, Size: m.Size}}
			if domain, kind, ok := knows.Recognise(e); ok {
				all = append(all, Offer{Station: f.Station, Source: f.Kind, Keys: f.Keys, Values: f.Values, Kind: kind, Domain: domain})
				break
			}
		}
	}
	return all
}

// find looks for what can be offered on a bus of which nothing was named. Where groups of keys were named, it looks whose events
// they are, until it knows or has looked at all.
func (e *Engine) find(ctx context.Context, a *attached) {
	finder, ok := bus.As[bus.Finder](a.bus)
	wanted := len(a.selection.Names) == 0
	if !ok || !wanted && (e.requests.do(ctx, func() { wanted = a.isStrange() }) != nil || !wanted) {
		return
	}
	found, whole, err := finder.Find(ctx)
	if err != nil || len(found) == 0 && !whole {
		return // what cannot be asked is not found; that the broker is away is said elsewhere
	}
	e.requests.post(func() {
		e.offer(a, found)
		a.searched = a.searched || whole
	})
}

// isStrange tells whether groups of keys that were named may be events of a domain, which is not known yet.
func (a *attached) isStrange() bool {
	for _, s := range a.stations {
		if s.Traits.Keyed && s.Traits.Gathers && s.domain == "" && s.feed != nil && !a.searched {
			return true
		}
	}
	return false
}

// offer lists what was found.
func (e *Engine) offer(a *attached, found []bus.Found) {
	if a.life.Err() != nil { // it was detached meanwhile
		return
	}
	for _, o := range Offers(e.store.Domains, a.name, found) {
		if s := a.stations[o.Station]; s != nil {
			switch {
			case s.offer == nil && s.domain != o.Domain:
				s.domain, e.dirty = o.Domain, true
			case s.offer != nil && *s.offer != o:
				s.offer, e.dirty = &o, true
			}
			continue
		}
		if len(a.selection.Names) > 0 {
			continue
		}
		if slices.ContainsFunc(e.attached.buses, func(other *attached) bool { return other.bus == a.bus && other.stations[o.Station] != nil }) ||
			len(e.attached.stations) == mostStations {
			continue
		}
		i := slices.IndexFunc(found, func(f bus.Found) bool { return f.Station == o.Station })
		traits := found[i].Traits
		traits.ReadingVaries = false // it is not read
		s := e.attached.station(a, bus.Station{Name: o.Station, Kind: found[i].Kind, Consumers: -1, Traits: traits, Reading: o.Text() + "; not read yet"})
		s.offer, s.subjects, e.dirty = &o, nil, true
		e.notices.add(bus.Say, a.name, o.Station, o.Text()+"; they are read when they are named, or by enter in the deck")
	}
}

// Take reads a station that is offered, from where the other stations of its bus are read, and returns once it is subscribed to.
func (e *Engine) Take(ctx context.Context, key string) error {
	var a *attached
	var name string
	err := e.requests.do(ctx, func() { a, name = e.taking(key) })
	switch {
	case err != nil:
		return err
	case a == nil:
		return errors.New(key + " is not offered, or is being opened already")
	}
	rows, err := a.bus.Stations(ctx, name)
	if len(rows) > 0 {
		opened := openAll(ctx, a.bus, rows, a.selection.From)
		if err = e.addOpened(ctx, a, opened); err == nil {
			err = allRefused(a.selection, opened)
		}
	}
	if err != nil {
		e.requests.post(func() { a.stations[name].offer = &Offer{Station: name} })
		return fmt.Errorf("reading %s: %w", name, err)
	}
	e.requests.post(func() { e.poll(a) })
	return nil
}

// taking makes an offered station one that was named; nil where it is not offered.
func (e *Engine) taking(key string) (a *attached, name string) {
	s := e.attached.byKey[key]
	if s == nil || s.offer == nil {
		return nil, ""
	}
	from := s.bus
	a = &attached{bus: from.bus, name: from.name, selection: Selection{Names: []string{s.Name}, From: from.selection.From},
		stations: map[string]*station{s.Name: s}, consumers: from.consumers}
	delete(from.stations, s.Name)
	e.begin(a)
	s.bus, s.domain, s.offer = a, s.offer.Domain, nil
	e.dirty = true
	return a, s.Name
}

// recognised are the domains whose events were found on a bus among what nobody named.
func (x *attachments) recognised(a *attached) (domains []string) {
	for _, s := range x.stations {
		domain := s.domain
		if s.offer != nil {
			domain = s.offer.Domain
		}
		if s.bus.bus == a.bus && domain != "" && !slices.Contains(domains, domain) {
			domains = append(domains, domain)
		}
	}
	return domains
}
