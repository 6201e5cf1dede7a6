package standin

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"signalbox/scenarios/nearest"
)

// Playing is all stand-ins that play in this process, whoever had them play. The zero Playing is ready. Its methods may be called
// from any goroutine, and do not wait, but for Switch; a nil Playing has none.
type Playing struct {
	mu    sync.Mutex
	roles []*role
}

// Played is a stand-in that plays, and how.
type Played struct {
	Name      string // in full
	Bus       string
	Station   string
	Consumer  string
	Condition Condition
	Counts
}

// List are those that play now, in the order of their names.
func (p *Playing) List() []Played {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]Played, len(p.roles))
	for i, r := range p.roles {
		all[i] = r.played()
	}
	slices.SortFunc(all, func(a, b Played) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Bus, b.Bus)) })
	return all
}

// Of is the one that plays the consumer of a station of a bus; "" is any.
func (p *Playing) Of(busName, station, consumer string) (Played, bool) {
	if p == nil {
		return Played{}, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.roles {
		if r.busName == busName && r.reads == station && (r.as == consumer || consumer == "") {
			return r.played(), true
		}
	}
	return Played{}, false
}

// Set changes how the stand-ins of a name work, on all buses or on one; the name may be that within its domain.
func (p *Playing) Set(name, busName string, to Condition) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.named(name, busName)
	for _, r := range found {
		r.desk.set(to)
	}
	if len(found) == 0 {
		return p.none(name)
	}
	return nil
}

// Switch is Set for what is sent afterwards: it waits until what the stand-ins fetched before is in their hands.
func (p *Playing) Switch(ctx context.Context, name, busName string, to Condition) error {
	if err := p.Set(name, busName, to); err != nil {
		return err
	}
	p.mu.Lock()
	found := p.named(name, busName)
	p.mu.Unlock()
	for _, r := range found {
		if err := r.desk.settle(ctx, to); err != nil {
			return err
		}
	}
	return nil
}

// Named is the one of a name in full on a bus.
func (p *Playing) Named(name, busName string) (Played, bool) {
	for _, played := range p.List() {
		if played.Name == name && played.Bus == busName {
			return played, true
		}
	}
	return Played{}, false
}

// named are those with a name.
func (p *Playing) named(name, busName string) (found []*role) {
	for _, r := range p.roles {
		if (r.FullName() == name || r.Name == name) && (busName == "" || r.busName == busName) {
			found = append(found, r)
		}
	}
	return found
}

// none says which play, where none of a name does.
func (p *Playing) none(name string) error {
	var names []string
	for _, r := range p.roles {
		names = append(names, r.FullName())
	}
	if len(names) == 0 {
		return fmt.Errorf("%s does not play: no stand-in does", name)
	}
	return fmt.Errorf("%s does not play%s: %s", name, nearest.Hint(name, names), strings.Join(names, ", "))
}

// all are those that play now.
func (p *Playing) all() []*role {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.roles)
}

func (p *Playing) enter(r *role) {
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.roles = append(p.roles, r)
	}
}

func (p *Playing) leave(r *role) {
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.roles = slices.DeleteFunc(p.roles, func(x *role) bool { return x == r })
	}
}
