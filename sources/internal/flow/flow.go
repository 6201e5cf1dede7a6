// Package flow mines, from the events of the entities of one kind, the state machine as it ran: which statuses followed each
// other, how often, after which time, by which events, and what was refused where.
//
// An entity that has no status stands where its newest event left it: its type is the box then. A Table is for one goroutine.
// Nothing in it blocks, it allocates next to nothing for an event, and what it keeps is bounded.
package flow

import "signalbox/sources/internal/sketch"

// Bounds of a table.
const (
	MostBoxes  = 48            // what stands elsewhere stands in one more, Others
	mostBoxes  = MostBoxes + 2 // with Start and Others
	mostArrows = 1024
	mostWays   = 8   // events that are told of one arrow; others are counted together
	mostText   = 256 // bytes of a name
)

// Names of boxes that are no status.
const (
	Start  = ""      // entities that have no status yet
	Others = "other" // statuses beyond MostBoxes
)

// Step is one event of an entity. Its texts may be views.
type Step struct {
	Slot   uint32 // of the entity
	First  bool   // it is the entity's first event
	Time   int64
	Type   string
	Status string // that the event gave the entity; "" for none
	Folded bool
	Reason string // of a refusal or a failure; "" when it was neither
}

// Table is the state machine of one kind.
type Table struct {
	statused bool // entities without a status have none yet: types are no boxes
	boxes    []*box
	byName   map[boxName]uint16
	arrows   []*arrow
	between  [mostBoxes][]*arrow // those that lead out of a box, by where to, twice: refusals behind the others
	places   places
	steps    uint64
	lost     uint64 // steps along arrows that found no place
}

type boxName struct {
	name   string
	isType bool
}

// box is a status, or a type of events.
type box struct {
	boxName
	number   uint16
	standing uint64           // entities whose way is known
	stays    sketch.Quantiles // of those that left it, in nanoseconds
	next     *box             // where the newest went that left it
}

type arrowName struct {
	from, to uint16
	refused  bool
}

type arrow struct {
	arrowName
	n     uint64
	times sketch.Quantiles // since the entity came into the box, in nanoseconds
	ways  []way
	rest  uint64 // by further events
}

// way is an event by which an arrow was gone, and how often.
type way struct {
	typ, reason string
	n           uint64
}

// New makes an empty table. Of entities that are known to have statuses, events without one make no boxes.
func New(statused bool) *Table {
	t := &Table{statused: statused, byName: map[boxName]uint16{}}
	t.box(Start, false)
	return t
}

// Statused tells whether entities without a status have none yet: types are no boxes.
func (t *Table) Statused() bool { return t.statused }

// box is the number of a box, which is made when it is new.
func (t *Table) box(name string, isType bool) uint16 {
	key := boxName{name[:min(len(name), mostText)], isType}
	if number, ok := t.byName[key]; ok {
		return number
	}
	if len(t.boxes) > MostBoxes {
		key = boxName{Others, false}
		if number, ok := t.byName[key]; ok {
			return number
		}
	}
	key.name = string(append([]byte(nil), key.name...))
	b := &box{boxName: key, number: uint16(len(t.boxes))}
	t.boxes = append(t.boxes, b)
	t.byName[key] = b.number
	return b.number
}

// Take takes in one event.
func (t *Table) Take(s *Step) {
	t.steps++
	p := t.places.at(s.Slot)
	if s.First {
		t.leave(p)
		t.put(p, 0, s.Time)
	}
	if s.Reason != "" {
		if p.known {
			t.arrow(p.box, p.box, true).count(s, max(s.Time-p.since, 0))
		}
		return
	}
	if !s.Folded {
		return
	}
	to := p.box
	switch {
	case s.Status != "":
		to = t.after(p, s.Status)
	case !t.statused && s.Type != "" && (!p.known || t.boxes[p.box].isType || p.box == 0):
		to = t.box(s.Type, true)
	case !p.known:
		return
	}
	if !p.known { // where it came from is not known
		t.put(p, to, s.Time)
		return
	}
	stayed := max(s.Time-p.since, 0)
	if s.First {
		stayed = -1
	}
	t.arrow(p.box, to, false).count(s, stayed)
	if to == p.box && !t.boxes[to].isType {
		return
	}
	if stayed >= 0 {
		t.boxes[p.box].stays.Add(float64(stayed))
	}
	t.boxes[p.box].standing--
	t.boxes[to].standing++
	p.box, p.since = to, s.Time
}

// after is the box of a status that an entity got: mostly the one that others got before it.
func (t *Table) after(p *place, status string) uint16 {
	from := t.boxes[p.box]
	if b := from.next; b != nil && b.name == status {
		return b.number
	}
	to := t.box(status, false)
	if b := t.boxes[to]; b.name == status {
		from.next = b
	}
	return to
}

// put places an entity that stands nowhere yet.
func (t *Table) put(p *place, box uint16, since int64) {
	*p = place{known: true, box: box, since: since}
	t.boxes[box].standing++
}

// Leave forgets an entity.
func (t *Table) Leave(slot uint32) { t.leave(t.places.at(slot)) }

func (t *Table) leave(p *place) {
	if p.known {
		t.boxes[p.box].standing--
		*p = place{}
	}
}

// arrow is the one between two boxes.
func (t *Table) arrow(from, to uint16, refused bool) *arrow {
	name, at := arrowName{from, to, refused}, to
	if refused {
		at += mostBoxes
	}
	if t.between[from] == nil {
		t.between[from] = make([]*arrow, 2*mostBoxes)
	}
	a := t.between[from][at]
	if a == nil {
		if len(t.arrows) == mostArrows {
			t.lost++
			return &arrow{}
		}
		a = &arrow{arrowName: name}
		t.arrows, t.between[from][at] = append(t.arrows, a), a
	}
	return a
}

// count counts an event along an arrow, and the time that the entity was in the box before it, where that is not below 0.
func (a *arrow) count(s *Step, stayed int64) {
	a.n++
	if stayed >= 0 {
		a.times.Add(float64(stayed))
	}
	for i := range a.ways {
		if a.ways[i].typ == s.Type && a.ways[i].reason == s.Reason {
			a.ways[i].n++
			return
		}
	}
	if len(a.ways) == mostWays {
		a.rest++
		return
	}
	own := func(text string) string { return string(append([]byte(nil), text[:min(len(text), mostText)]...)) }
	a.ways = append(a.ways, way{typ: own(s.Type), reason: own(s.Reason), n: 1})
}

// Bytes is about what the table takes.
func (t *Table) Bytes() int64 {
	const each = 400 + 2*mostBoxes*8
	n := int64(len(t.boxes)+len(t.arrows))*each + t.places.bytes()
	for _, b := range t.boxes {
		n += b.stays.Bytes()
	}
	for _, a := range t.arrows {
		n += a.times.Bytes()
	}
	return n
}

// places are where entities stand, by their slots.
type places struct{ pages []*[pageSize]place }

const (
	pageSize  = 1024
	placeSize = 16
)

// place is where an entity stands, as far as that is known, and since when.
type place struct {
	since int64
	box   uint16
	known bool
}

func (p *places) at(slot uint32) *place {
	page := int(slot / pageSize)
	for page >= len(p.pages) {
		p.pages = append(p.pages, nil)
	}
	if p.pages[page] == nil {
		p.pages[page] = new([pageSize]place)
	}
	return &p.pages[page][slot%pageSize]
}

// known is where an entity stands; false when that is not known.
func (p *places) known(slot uint32) (place, bool) {
	page := int(slot / pageSize)
	if page >= len(p.pages) || p.pages[page] == nil {
		return place{}, false
	}
	x := p.pages[page][slot%pageSize]
	return x, x.known
}

func (p *places) bytes() int64 {
	n := int64(0)
	for _, page := range p.pages {
		if page != nil {
			n += pageSize * placeSize
		}
	}
	return n
}
