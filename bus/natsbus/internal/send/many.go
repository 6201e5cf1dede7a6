package send

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// routeAge is for how long it counts what was asked about one message of many: where its station's messages go, and who
// listens there.
const routeAge = time.Second

// mostRoutes bounds the routes that are remembered.
const mostRoutes = 1_000

// route is where messages of a station go, as it was asked for one of them.
type route struct {
	subject string // of those that name none
	keys    string // what stands before the keys of a bucket
	stored  bool   // a stream has to store them
	told    listeners
	asked   time.Time
}

// routes are those of messages of many, by their stations and the first words of their subjects. The zero routes are ready.
type routes struct {
	mu  sync.Mutex // held while it is asked for the first of a route, which the others wait for
	all map[string]route
}

// of finds a route, or asks for it. Whoever finds one that is old asks anew, while the others go on with the old one.
func (r *routes) of(key string, ask func() (route, error)) (route, error) {
	r.mu.Lock()
	old, there := r.all[key]
	if !there {
		defer r.mu.Unlock()
		fresh, err := ask()
		if err == nil {
			r.keep(key, fresh)
		}
		return fresh, err
	}
	if time.Since(old.asked) < routeAge {
		r.mu.Unlock()
		return old, nil
	}
	old.asked = time.Now()
	r.keep(key, old)
	r.mu.Unlock()
	fresh, err := ask()
	if err != nil {
		return old, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keep(key, fresh)
	return fresh, nil
}

func (r *routes) keep(key string, x route) {
	if r.all == nil || len(r.all) >= mostRoutes {
		r.all = map[string]route{}
	}
	r.all[key] = x
}

// publishMany sends one message of many: the way of the first of a station is that of the others.
func (s *Sender) publishMany(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	word, _, _ := strings.Cut(out.Subject, ".")
	if out.Kind == bus.Bucket {
		word = "keys" // of all of them
	}
	way, err := s.routes.of(out.Station+" "+word, func() (route, error) { return s.ask(ctx, out) })
	if err != nil {
		return bus.Receipt{}, err
	}
	switch {
	case out.Kind == bus.Bucket:
		out.Kind, out.Subject = bus.Stream, way.keys+out.Subject
	case out.Subject == "":
		out.Subject = way.subject
	}
	m, err := s.message(ctx, out)
	if err != nil {
		return bus.Receipt{}, sending(out, err)
	}
	gone := out.Gone
	if gone == nil {
		gone = func() {}
	}
	if way.stored {
		return s.store(m, out.ID, func() (*nats.Msg, error) { return s.core.RequestMany(ctx, m, gone) })
	}
	return s.deliver(ctx, m, way.told, func(ctx context.Context, m *nats.Msg) error { return s.core.SendMany(ctx, m, gone) })
}

// ask asks where messages like one go.
func (s *Sender) ask(ctx context.Context, out bus.Outgoing) (route, error) {
	m, err := s.message(ctx, out)
	if err != nil {
		return route{}, sending(out, err)
	}
	if out.Kind == bus.Bucket {
		return route{keys: strings.TrimSuffix(m.Subject, out.Subject), stored: true, asked: time.Now()}, nil
	}
	way := route{subject: m.Subject, asked: time.Now(), told: listeners{count: -1}}
	if way.stored, err = s.streamOf(ctx, out, m.Subject); err == nil && !way.stored {
		way.told = s.listeners(ctx, m.Subject)
	}
	return way, err
}
