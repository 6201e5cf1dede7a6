package inquiry

import (
	"cmp"
	"slices"
	"time"

	"signalbox/sources/internal/event"

	"signalbox/sources/internal/flow"
	"signalbox/sources/internal/store"
)

// Declaring are Domains that know which statuses entities of a kind are to have.
type Declaring interface {
	// States are those of a kind, by its name; none where nothing says so.
	States(kind string) []string
}

// Flow mines the flow that is looked at. What is held is gone through from its oldest event on, a slice at a time; once that
// has come to the newest, events are taken as they come. Nobody looking costs nothing.
type Flow struct {
	Fresh bool // something was gone through that no snapshot shows
	Stale bool // what is held was amended since it began

	store *store.Store
	now   func() time.Time

	kind     string // "" nobody looks
	at       uint64 // the event after which it is shown; 0 is now
	table    *flow.Table
	declared []string
	first    uint64 // the event with which it began
	next     uint64 // the event to be gone on with
	missed   uint64
	live     bool // events are taken as they come
	bytes    int64

	round *flow.Round // that goes on; nil for none
	found *flow.Round // the newest that is over
	graph *flow.Graph // as it was last told
	paced

	event event.Event
	step  flow.Step
}

const (
	flowAtOnce = 256  // events that are gone through before the time is looked at
	roundSlots = 4096 // likewise entities
)

// NewFlow mines nothing yet.
func NewFlow(st *store.Store, now func() time.Time) Flow { return Flow{store: st, now: now} }

// Live tells whether events are taken as they come.
func (x *Flow) Live() bool { return x.live }

// Looks tells whether somebody looks.
func (x *Flow) Looks() bool { return x.table != nil }

// Held is the memory that it takes.
func (x *Flow) Held() int64 { return x.bytes }

// Look turns to the flow of a kind, as it is after an event; 0 is now. "" is none.
func (x *Flow) Look(kind string, at uint64) {
	further := at != 0 && x.at != 0 && at >= x.at
	if kind == x.kind && (at == x.at || further) {
		if at != x.at {
			x.at, x.round, x.found, x.graph = at, nil, nil, nil
		}
		return
	}
	x.kind, x.at = kind, at
	x.Begin()
}

// Begin begins anew.
func (x *Flow) Begin() {
	x.table, x.live, x.Stale, x.round, x.found, x.graph, x.missed, x.bytes = nil, false, false, nil, nil, nil, 0, 0
	x.store.Entities.OnLeave(nil)
	if x.kind == "" {
		return
	}
	x.declared = nil
	if d, ok := x.store.Domains.(Declaring); ok {
		x.declared = d.States(x.kind)
	}
	x.table = flow.New(len(x.declared) > 0)
	x.first = x.store.Window.First()
	x.next = x.first
	x.store.Entities.OnLeave(x.table.Leave)
	x.goLive()
}

// goLive takes events as they come once all that are held were gone through.
func (x *Flow) goLive() { x.live = x.at == 0 && x.next == x.store.Window.Next() }

// Take takes in the event that was folded just now.
func (x *Flow) Take(ev *event.Event, slot uint32, first, folded bool) {
	x.next = ev.Number + 1
	if ev.Kind == nil || ev.Kind.Name() != x.kind {
		return
	}
	x.step = stepOf(ev, slot, first, folded)
	x.table.Take(&x.step)
}

func stepOf(ev *event.Event, slot uint32, first, folded bool) flow.Step {
	return flow.Step{
		Slot: slot, First: first, Time: ev.UnixNano, Type: ev.Type, Status: ev.Status, Folded: folded, Reason: cmp.Or(ev.Rejected, ev.Failed),
	}
}

// Work goes through events that are held and through the entities, and tells whether there is nothing more to do.
func (x *Flow) Work(until time.Time) bool {
	if x.table == nil {
		return true
	}
	if over := x.live || x.next > x.end(); x.Stale && over { // what is known of it is shown until it is gone through anew
		graph, found := x.graph, x.found
		x.Begin()
		x.graph, x.found = graph, found
	}
	for !x.live && x.next <= x.end() {
		x.walk(flowAtOnce)
		x.Fresh = true
		if x.goLive(); time.Now().After(until) {
			return false
		}
	}
	if x.found == nil && x.round == nil {
		x.round = x.table.NewRound(x.time())
	}
	for x.round != nil {
		if x.round.Step(roundSlots, x.store.Entities.Len(), x.counts) {
			x.found, x.round, x.Fresh = x.round, nil, true
			x.paced = paced{}
		}
		if time.Now().After(until) {
			return x.round == nil
		}
	}
	return true
}

// end is the number of the last event that is to be gone through.
func (x *Flow) end() uint64 {
	last := x.store.Window.Next() - 1
	if x.at != 0 {
		last = min(last, x.at)
	}
	return last
}

// walk goes through up to so many events that are held.
func (x *Flow) walk(most int) {
	w := x.store.Window
	if oldest := w.First(); x.next < oldest {
		x.missed += oldest - x.next
		x.next = oldest
	}
	for end := x.end(); most > 0 && x.next <= end; most-- {
		number := x.next
		x.next++
		held := w.Get(number)
		if held.Kind() == 0 || x.store.Entities.KindAt(held.Kind()).Name() != x.kind {
			continue
		}
		ev := &x.event
		x.store.Read(number, held, ev)
		slot, ok := x.store.Entities.Find(ev.Kind, ev.ID)
		if !ok || x.store.Entities.At(slot).Born > number {
			continue // the entity has left
		}
		x.step = stepOf(ev, slot, x.store.Entities.At(slot).Born == number, held.Folded())
		x.table.Take(&x.step)
	}
}

// time is the moment that is shown.
func (x *Flow) time() int64 {
	if x.at != 0 && x.store.Window.Has(x.at) {
		return x.store.Window.Get(x.at).Time()
	}
	return x.now().UnixNano()
}

// counts tells whether a slot holds an entity of the kind that there was.
func (x *Flow) counts(slot uint32) bool {
	t := x.store.Entities
	if !t.IsUsed(slot) {
		return false
	}
	r := t.At(slot)
	return t.Kind(r).Name() == x.kind && (x.at == 0 || r.Born <= x.at)
}

// Tick ends a second, and tells whether somebody looks: who waits is looked for again.
func (x *Flow) Tick() bool {
	if x.table == nil {
		return false
	}
	x.bytes = x.table.Bytes()
	if x.at == 0 && x.round == nil && x.found != nil {
		x.round = x.table.NewRound(x.time())
	}
	return true
}

// Show is the flow that is looked at; nil for none. It tells whether it is as it is now.
func (x *Flow) Show() (*flow.Graph, bool) {
	if x.table == nil {
		return nil, true
	}
	if x.graph != nil && !x.due() {
		return x.graph, false
	}
	x.renew(func() { x.graph = x.draw() })
	return x.graph, true
}

// draw makes the graph as it is now.
func (x *Flow) draw() *flow.Graph {
	g := x.table.Graph(x.declared)
	g.Kind, g.Missed, g.Part, g.Time = x.kind, x.missed, 1, time.Unix(0, x.time())
	if end := x.end(); x.next <= end && end >= x.first {
		g.Part = float64(x.next-x.first) / float64(end-x.first+1)
	}
	if x.found != nil {
		x.found.Tell(g, func(slot uint32) string {
			if !x.counts(slot) {
				return ""
			}
			return string([]byte(x.store.Entities.ID(x.store.Entities.At(slot))))
		})
	}
	if x.at == 0 {
		x.countNow(g)
		return g
	}
	for i := range g.Boxes {
		g.Entities += g.Boxes[i].Entities
	}
	if x.found != nil {
		_, g.Unknown = x.found.Entities()
		g.Entities += g.Unknown
	}
	return g
}

// countNow makes entities stand where the table of all entities has them, which knows their statuses also where their events
// have left. One without status stands in a type, if that is known, or where there is none.
func (x *Flow) countNow(g *flow.Graph) {
	totals := x.store.Entities.Totals(x.kind)
	now := make(map[string]uint64, len(totals.Statuses))
	without := totals.Total
	for _, c := range totals.Statuses {
		now[c.Name] += c.N
		without -= min(c.N, without)
	}
	g.Entities = totals.Total
	others := -1
	for i := range g.Boxes {
		switch b := &g.Boxes[i]; {
		case i == 0:
		case b.Type:
			b.Entities = min(b.Entities, without)
			without -= b.Entities
		case b.Name == flow.Others && now[flow.Others] == 0:
			others = i
		default:
			b.Entities = now[b.Name]
			b.Never = b.Never && b.Entities == 0
			delete(now, b.Name)
		}
	}
	if others >= 0 { // those that have no box of their own
		g.Boxes[others].Entities = 0
		for _, n := range now {
			g.Boxes[others].Entities += n
		}
		now = nil
	}
	for _, c := range totals.Statuses { // that no event was seen to lead to
		if n := now[c.Name]; n > 0 {
			g.Boxes = append(g.Boxes, flow.Box{Name: c.Name, Entities: n, Undeclared: g.Declared && !slices.Contains(x.declared, c.Name)})
		}
	}
	if x.table.Statused() {
		g.Boxes[0].Entities = without
		return
	}
	g.Boxes[0].Entities = min(g.Boxes[0].Entities, without)
	g.Unknown = without - g.Boxes[0].Entities
}

// Whole is the flow of all that was taken in, once work is done; nil for none. Anew is true the first time.
func (x *Flow) Whole(anew bool, until time.Time) (g *flow.Graph, done bool) {
	if anew {
		x.found, x.round = nil, nil
	}
	if x.table == nil || !x.Work(until) {
		return nil, x.table == nil
	}
	return x.draw(), true
}
