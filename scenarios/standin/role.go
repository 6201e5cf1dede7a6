package standin

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/dustin/go-humanize"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios/chance"
	"signalbox/scenarios/scope"
	"signalbox/scenarios/script"
	"signalbox/scenarios/values"
	"signalbox/sources"
	"signalbox/sources/state"
)

// mostPending bounds the answers of one stand-in that wait for their time; beyond it the next message waits.
const mostPending = 64

// role is one stand-in at work on one bus. The bus calls its handler, so many at once as the stand-in may; what it knows is for one
// of them at a time. Answers that wait run on goroutines of their own, so that they do not hold up the next message. An answer
// that waits when ctx ends, or in a crash, is not sent.
type role struct {
	*StandIn
	busName   string
	sender    *script.Sender
	worker    bus.Worker
	keeper    bus.Keeper
	control   *script.Control
	history   bus.Position // what stands up to here is folded, but neither answered nor kept
	temporary bool         // its consumer, when it has to be made, is removed at the end
	desk      desk
	pending   chan struct{}
	answers   goroutine.Group
	life      context.Context // what answers that wait end with
	problem   func(error)     // takes what goes wrong, from any goroutine
	tell      func(Handled)   // takes what was done, from any goroutine; may be nil

	mu     sync.Mutex
	random *rand.Rand
	chance *chance.Chance // of what it sends
	folder *folder
}

// newRole prepares a stand-in, when the bus has what it takes.
func newRole(domains sources.Domains, b bus.Bus, s *StandIn, control *script.Control, random *rand.Rand) (*role, error) {
	sender, err := script.NewSender(domains, b)
	if err != nil {
		return nil, fmt.Errorf("stand-in %s: %w", s.FullName(), err)
	}
	r := &role{StandIn: s, busName: b.Info().Name, sender: sender, control: control, random: random, chance: chance.Of(random), pending: make(chan struct{}, mostPending)}
	r.desk.condition, r.desk.inHand = On, map[*hold]context.CancelFunc{}
	var ok bool
	if r.worker, err = s.workerOn(b); err != nil {
		return nil, err
	}
	if s.keeps != nil {
		if r.keeper, ok = bus.As[bus.Keeper](b); !ok {
			return nil, fmt.Errorf("stand-in %s: %s has no keys to keep states in", s.FullName(), b.Info().Name)
		}
	}
	return r, nil
}

// workerOn is what of a bus a stand-in works with.
func (s *StandIn) workerOn(b bus.Bus) (bus.Worker, error) {
	if w, ok := bus.As[bus.Worker](b); ok {
		return w, nil
	}
	return nil, fmt.Errorf("stand-in %s: signalbox cannot play a service on %s, whose consumers it cannot be; it can on NATS and on Redis",
		s.FullName(), b.Info().Name)
}

// CanPlay says why a stand-in cannot be played on a bus, whatever is there.
func (s *StandIn) CanPlay(b bus.Bus) error {
	_, err := s.workerOn(b)
	return err
}

// played is how it plays.
func (r *role) played() Played {
	r.desk.mu.Lock()
	defer r.desk.mu.Unlock()
	return Played{Name: r.FullName(), Bus: r.busName, Station: r.reads, Consumer: r.as, Condition: r.desk.condition, Counts: r.desk.counts}
}

// play works until ctx ends, and waits for the answers under way. When the bus fails it tries again.
func (r *role) play(ctx context.Context) {
	defer r.answers.Wait()
	r.life, r.folder = ctx, newFolder(nil)
	if r.keeps != nil {
		r.folder = newFolder(func(e *sources.Event) []byte { return r.kept(ctx, e) })
	}
	job := bus.Job{Station: r.reads, Unkept: r.channel, Consumer: r.as, AckWait: r.ackWait, MaxDeliver: r.deliver, Temporary: r.temporary,
		AtOnce: r.atOnce, Gate: &r.desk.gate}
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

// handle does what the stand-in does about one message, unless it dies over it.
func (r *role) handle(ctx context.Context, m bus.Message, delivery int) bus.Verdict {
	began := time.Now()
	ctx, hold := r.desk.begin(ctx, true)
	h := Handled{StandIn: r.FullName(), Delivery: delivery, Position: m.Position, Verdict: bus.None, Why: "it died over it"}
	old := !m.Position.IsZero() && !r.history.Less(m.Position)
	if old || r.control.Wait(ctx, r.desk.slowed(r.pick(r.takes))) == nil {
		r.treat(ctx, m, old, &h)
	}
	r.desk.end(hold, h.Verdict)
	if r.tell != nil && !old {
		h.At, h.Took = time.Now(), time.Since(began)
		r.tell(h)
	}
	return h.Verdict
}

// treat understands, folds, keeps and answers a message, all of it or nothing, and says in h what came of it.
func (r *role) treat(ctx context.Context, m bus.Message, old bool, h *Handled) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !old && (r.desk.is() == Failing || r.random.Float64() < r.fails) {
		h.Verdict, h.Why = bus.Nak, "it fails, as it was told to"
		return
	}
	e, event, state := r.take(m)
	if h.Type, h.Entity = e.Type, e.Entity(); e.Problem != "" || !slices.Contains(r.types, e.Type) {
		h.Verdict, h.Why = r.unknown, cmp.Or(e.Problem, "its domain has no rule for "+e.Type)
		return
	}
	err := r.effects(ctx, e, event, state, old, h)
	switch {
	case err == nil:
		r.folder.settle(true)
		h.Verdict, h.Why = bus.Ack, cmp.Or(e.Rejected, e.Failed)
		return
	case ctx.Err() == nil:
		h.Verdict, h.Why = bus.Nak, err.Error()
		r.problem(err)
	}
	r.folder.settle(false)
}

// effects keeps the copy of a state and sends what follows.
func (r *role) effects(ctx context.Context, e *sources.Event, event map[string]any, state *state.State, old bool, h *Handled) error {
	if old {
		return nil
	}
	if r.keeps != nil && state != nil && e.Rejected == "" && e.Failed == "" {
		if err := r.keep(ctx, event, state); err != nil {
			return err
		}
	}
	for _, d := range r.does {
		if d.on != e.Type {
			continue
		}
		sent, err := r.answer(ctx, d, event)
		if err != nil {
			return fmt.Errorf("stand-in %s: on %s: %w", r.FullName(), e.Type, err)
		}
		if sent {
			h.Sent = append(h.Sent, d.sends.Command())
		}
	}
	return nil
}

// pick is a time by chance.
func (r *role) pick(span values.Span) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return span.Pick(r.random)
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

// answer sends what a reaction sends, at once or after its time, and tells whether it does.
func (r *role) answer(ctx context.Context, d reaction, event map[string]any) (sends bool, err error) {
	if d.when.Given() {
		if ok, err := d.when.Holds(event, nil); err != nil || !ok {
			return false, err
		}
	}
	out, err := d.sends.ComposeBy(r.chance, event)
	if err != nil {
		return false, err
	}
	after := d.after.Pick(r.random)
	if after == 0 {
		_, err := r.sender.Publish(ctx, out)
		return err == nil, err
	}
	select {
	case r.pending <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	waiting, hold := r.desk.begin(r.life, false)
	r.answers.Go("an answer of a stand-in", func() {
		defer func() { <-r.pending }()
		defer r.desk.end(hold, bus.None)
		if r.control.Wait(waiting, r.desk.slowed(after)) != nil {
			return
		}
		if _, err := r.sender.Publish(waiting, out); err != nil && waiting.Err() == nil {
			r.problem(fmt.Errorf("stand-in %s: %w", r.FullName(), err))
		}
	})
	return true, nil
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
