package standin

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/dustin/go-humanize"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios/scope"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/sources/state"
)

// mostPending bounds the answers of one stand-in that wait for their time; beyond it the next message waits.
const mostPending = 64

// role is one stand-in at work on one bus. Its handler runs on one goroutine, which the bus calls; answers that take
// time run on others, so that they do not hold up the next message. An answer that waits when ctx ends is not sent.
type role struct {
	*StandIn
	sender    *script.Sender
	worker    bus.Worker
	keeper    bus.Keeper
	control   *script.Control
	random    *rand.Rand
	folder    *folder
	history   bus.Position // what stands up to here is folded, but neither answered nor kept
	failing   bool
	temporary bool // its consumer, when it has to be made, is removed at the end
	pending   chan struct{}
	answers   goroutine.Group
	problem   func(error) // takes what goes wrong, from any goroutine
}

// newRole prepares a stand-in, when the bus has what it takes.
func newRole(domains sources.Domains, b bus.Bus, s *StandIn, control *script.Control, random *rand.Rand) (*role, error) {
	sender, err := script.NewSender(domains, b)
	if err != nil {
		return nil, fmt.Errorf("stand-in %s: %w", s.FullName(), err)
	}
	r := &role{StandIn: s, sender: sender, control: control, random: random, pending: make(chan struct{}, mostPending)}
	var ok bool
	if r.worker, ok = bus.As[bus.Worker](b); !ok {
		return nil, fmt.Errorf("stand-in %s: %s has no consumers that acknowledge", s.FullName(), b.Info().Name)
	}
	if s.keeps != nil {
		if r.keeper, ok = bus.As[bus.Keeper](b); !ok {
			return nil, fmt.Errorf("stand-in %s: %s has no keys to keep states in", s.FullName(), b.Info().Name)
		}
	}
	return r, nil
}

// play works until ctx ends, and waits for the answers under way. When the bus fails it tries again.
func (r *role) play(ctx context.Context) {
	defer r.answers.Wait()
	r.folder = newFolder(nil)
	if r.keeps != nil {
		r.folder = newFolder(func(e *sources.Event) []byte { return r.kept(ctx, e) })
	}
	job := bus.Job{Station: r.reads, Consumer: r.as, AckWait: r.ackWait, MaxDeliver: r.deliver, Temporary: r.temporary}
	for pause := 100 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, 5*time.Second) {
		began := time.Now()
		err := r.worker.Work(ctx, job, r.handle)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > time.Minute {
			pause = 100 * time.Millisecond
		}
		r.problem(fmt.Errorf("stand-in %s: %w", r.FullName(), err))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// handle does what the stand-in does about one message.
func (r *role) handle(ctx context.Context, m bus.Message, _ int) bus.Verdict {
	if r.failing && r.random.Float64() < r.fails {
		return bus.Nak
	}
	e, event, state := r.take(m)
	if e.Problem != "" || !slices.Contains(r.types, e.Type) {
		return r.unknown
	}
	if !m.Position.IsZero() && !r.history.Less(m.Position) {
		return bus.Ack
	}
	if r.keeps != nil && state != nil && e.Rejected == "" && e.Failed == "" {
		if err := r.keep(ctx, event, state); err != nil {
			r.folder.forget(e.Entity())
			r.problem(err)
			return bus.Nak
		}
	}
	for _, d := range r.does {
		if d.on != e.Type {
			continue
		}
		if err := r.answer(ctx, d, event); err != nil {
			r.problem(fmt.Errorf("stand-in %s: on %s: %w", r.FullName(), e.Type, err))
			return bus.Nak
		}
	}
	return bus.Ack
}

// take understands and folds a message; event is what expressions see of it.
func (r *role) take(m bus.Message) (e *sources.Event, event map[string]any, s *state.State) {
	m.Data = bytes.Clone(m.Data) // states keep views of it
	e = r.sender.Understand(r.reads, m)
	full := r.folder.full
	if s = r.folder.apply(e); r.folder.full && !full {
		r.problem(fmt.Errorf("stand-in %s: it has the states of %d entities, or %s of them, at hand and no more: those that came first begin anew, "+
			"unless it keeps a copy (keeps)", r.FullName(), maxFolded, humanize.IBytes(maxBytes)))
	}
	event = scope.EventNames(e)
	event["state"], event["status"] = map[string]any{}, ""
	if s != nil {
		fields := s.Map()
		event["state"], event["status"] = fields, fmt.Sprint(fields[state.StatusField])
	}
	return e, event, s
}

// answer sends what a reaction sends, at once or after its time.
func (r *role) answer(ctx context.Context, d reaction, event map[string]any) error {
	if d.when.Given() {
		if ok, err := d.when.Holds(event, nil); err != nil || !ok {
			return err
		}
	}
	out, err := d.sends.Compose(event)
	if err != nil {
		return err
	}
	after := d.after.Pick(r.random)
	if after == 0 {
		_, err := r.sender.Publish(ctx, out)
		return err
	}
	select {
	case r.pending <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	r.answers.Go("an answer of a stand-in", func() {
		defer func() { <-r.pending }()
		if r.control.Wait(ctx, after) != nil {
			return
		}
		if _, err := r.sender.Publish(ctx, out); err != nil && ctx.Err() == nil {
			r.problem(fmt.Errorf("stand-in %s: %w", r.FullName(), err))
		}
	})
	return nil
}

// keep writes the copy of a state.
func (r *role) keep(ctx context.Context, event map[string]any, state *state.State) error {
	key, err := r.keeps.key.Text(event)
	if err != nil {
		return fmt.Errorf("stand-in %s: key: %w", r.FullName(), err)
	}
	value, err := json.Marshal(state.Map())
	if err == nil {
		err = r.keeper.Put(ctx, r.keeps.bucket, key, value)
	}
	if err != nil {
		return fmt.Errorf("stand-in %s: keep %s/%s: %w", r.FullName(), r.keeps.bucket, key, err)
	}
	return nil
}

// kept reads the copy of an event's entity, or nil.
func (r *role) kept(ctx context.Context, e *sources.Event) []byte {
	key, err := r.keeps.key.Text(scope.EventNames(e))
	if err != nil {
		return nil
	}
	value, err := r.keeper.Value(ctx, r.keeps.bucket, key)
	if err != nil {
		return nil
	}
	return value
}
