package streams

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/resp"
)

// model is a stream as Redis keeps it, with whoever writes and trims it, and its reader, one after the other and by chance.
type model struct {
	*rand.Rand
	t    *testing.T
	f    *feed
	r    *reader
	now  time.Time
	said []string // what was done

	there     bool
	has       []bus.Position
	added     int64
	generated bus.Position
	deleted   bus.Position

	begun    bus.Position // what comes behind is to be read
	inMiddle bool         // not all numbers are known
	anew     bool         // it was deleted and made again
	before   bus.Position // the newest that was deleted by then: of those before it Redis does not tell any more
	sent     []bus.Position
	shown    map[bus.Position]bool // they were there at a check
	read     map[bus.Position]int
	gaps     []bus.Gap
}

func newModel(t *testing.T, f *feed, seed uint64, whole bool) *model {
	m := &model{Rand: rand.New(rand.NewPCG(seed, 1)), t: t, f: f, r: newReader(f.readers, ""), now: time.UnixMilli(1_800_000_000_000), read: map[bus.Position]int{}, shown: map[bus.Position]bool{}}
	for range m.IntN(3) {
		m.add()
	}
	if whole {
		m.add()
	} else if m.IntN(2) == 0 {
		m.harm([]func(){m.trim, m.remove})
	}
	switch n := m.IntN(3); {
	case n == 0:
		m.begun = m.generated
	case n == 1 && len(m.has) > 0:
		m.begun, m.inMiddle = m.has[m.IntN(len(m.has))], true
	}
	f.next, m.before = m.begun, m.deleted
	if m.there {
		info := m.info()
		f.target = info.Last
		f.audit.begin(info, f.next, m.now)
	} else {
		f.audit.begin(nil, f.next, m.now)
	}
	m.sent = slices.DeleteFunc(slices.Clone(m.has), func(p bus.Position) bool { return !m.begun.Less(p) })
	m.note("begun at %v of %v", m.begun, m.has)
	return m
}

func (m *model) note(format string, args ...any) {
	m.said = append(m.said, fmt.Sprintf(format, args...))
}

// add adds some entries.
func (m *model) add() {
	m.there = true
	for range 1 + m.IntN(6) {
		at := bus.Position{Major: uint64(m.now.UnixMilli())}
		if !m.generated.Less(at) {
			at = entries.After(m.generated)
		}
		m.has, m.generated, m.added = append(m.has, at), at, m.added+1
		m.sent = append(m.sent, at)
	}
	m.note("added up to %v", m.generated)
}

func (m *model) trim() {
	if len(m.has) > 0 {
		m.has = m.has[m.IntN(len(m.has)+1):]
		m.note("trimmed: %d left", len(m.has))
	}
}

func (m *model) remove() {
	for range 1 + m.IntN(3) {
		if len(m.has) > 0 {
			i := m.IntN(len(m.has))
			if m.deleted.Less(m.has[i]) {
				m.deleted = m.has[i]
			}
			m.note("deleted %v", m.has[i])
			m.has = slices.Delete(m.has, i, i+1)
		}
	}
}

// replace deletes the stream, and may make another in its place at once.
func (m *model) replace() {
	if !m.there {
		return
	}
	m.there, m.has, m.added, m.generated, m.deleted = false, nil, 0, bus.Position{}, bus.Position{}
	m.now = m.now.Add(time.Millisecond)
	m.note("made anew")
	m.anew = true
	if m.IntN(2) == 0 {
		m.add()
	}
}

// setID has somebody say how many entries were added, as the stream is or with a newer ID.
func (m *model) setID() {
	if len(m.has) == 0 {
		return
	}
	if m.IntN(2) == 0 {
		m.now = m.now.Add(time.Millisecond)
		m.generated = bus.Position{Major: uint64(m.now.UnixMilli())}
	}
	m.added = int64(len(m.has) + m.IntN(500))
	m.note("said to have been added: %d", m.added)
}

func (m *model) harm(all []func()) { all[m.IntN(len(all))]() }

func (m *model) info() *Info {
	s := &Info{Length: int64(len(m.has)), Added: m.added, Generated: m.generated, Deleted: m.deleted}
	if len(m.has) > 0 {
		s.First, s.Last = m.has[0], m.has[len(m.has)-1]
	}
	return s
}

// round asks the server once, with a check or without.
func (m *model) round(check bool, change func()) {
	if !m.f.hasRoom() {
		return
	}
	if check = check || m.inMiddle && m.f.lags(); check && m.there { // as the reader does
		m.f.check(m.info(), m.now)
		for _, at := range m.has {
			m.shown[at] = true
		}
	} else if check {
		m.f.gone("was deleted", m.now)
	}
	asked, most := m.f.next, 1+m.IntN(5)
	if m.f.skip {
		asked = bus.Position{}
	}
	if m.there && !m.f.lags() && !m.f.next.Less(m.last()) { // the server waits
		change()
	}
	var answer strings.Builder
	rest := m.behind(asked)
	rest = rest[:min(len(rest), most)]
	if answer.WriteString("*-1\r\n"); len(rest) > 0 {
		answer.Reset()
		fmt.Fprintf(&answer, "*1\r\n*2\r\n$1\r\ns\r\n*%d\r\n", len(rest))
	}
	for _, at := range rest {
		id := entries.ID(at)
		fmt.Fprintf(&answer, "*2\r\n$%d\r\n%s\r\n*2\r\n$1\r\na\r\n$100\r\n%s\r\n", len(id), id, strings.Repeat("x", 100))
	}
	if _, err := m.r.readAnswer(resp.NewReader(strings.NewReader(answer.String())), step{feeds: []*feed{m.f}, count: most}); err != nil {
		m.t.Fatal(err)
	}
	m.f.audit.direct = false
	if check || len(rest) > 0 {
		m.note("checked: %t, read up to %v of %v", check, m.f.next, rest)
	}
}

func (m *model) last() bus.Position {
	if len(m.has) == 0 {
		return bus.Position{}
	}
	return m.has[len(m.has)-1]
}

// behind are the entries behind a position.
func (m *model) behind(at bus.Position) []bus.Position {
	n, _ := slices.BinarySearchFunc(m.has, at, func(p, at bus.Position) int {
		if at.Less(p) {
			return 1
		}
		return -1
	})
	return m.has[n:]
}

// take takes what the queue holds.
func (m *model) take() {
	for m.f.Queue.Unread() > 0 || m.f.Waiting() > 0 {
		batch, err := m.f.Next(m.t.Context())
		if err != nil {
			m.t.Fatal(err)
		}
		for _, one := range batch.Messages() {
			m.read[one.Position]++
		}
		for _, g := range batch.Gaps {
			m.note("gap %v to %v: %d, unknown: %t, %s", g.From, g.To, g.Missed, g.Unknown, g.Why)
			m.gaps = append(m.gaps, g)
		}
		batch.Release()
	}
}

// run has all happen by chance, and comes to a quiet end.
func (m *model) run(harms ...func()) {
	change := func() {
		if m.IntN(3) > 0 {
			m.add()
		}
		if m.IntN(3) == 0 {
			m.harm(harms)
		}
		if m.IntN(3) == 0 {
			m.add()
		}
	}
	for range 3 + m.IntN(20) {
		m.now = m.now.Add(time.Duration(m.IntN(200)) * time.Millisecond)
		change()
		for range m.IntN(3) {
			m.round(m.IntN(3) > 0, change)
		}
		if m.IntN(3) > 0 {
			m.take()
		}
	}
	m.now = m.now.Add(time.Second)
	m.add() // else it cannot be told of a stream that is made anew
	for m.f.next.Less(m.last()) {
		m.take()
		m.round(true, func() {})
	}
	m.round(true, func() {})
	m.take()
}

// lost are the entries that were sent and did not come.
func (m *model) lost() (all []bus.Position) {
	for _, at := range m.sent {
		if m.read[at] == 0 {
			all = append(all, at)
		}
	}
	return all
}

func within(g bus.Gap, at bus.Position) bool {
	when := entries.Time(at, g.Until)
	return !at.Less(g.From) && (g.To.IsZero() || !g.To.Less(at)) && !when.Before(g.Since) && !when.After(g.Until)
}

// verify compares what was lost with what was told.
func (m *model) verify(exact bool) (wrong []string) {
	lost, told := m.lost(), uint64(0)
	for at, n := range m.read {
		if n > 1 {
			wrong = append(wrong, fmt.Sprintf("%v was read %d times", at, n))
		}
	}
	for _, at := range lost {
		in := 0
		for _, g := range m.gaps {
			if within(g, at) {
				in++
			}
		}
		known := (!m.inMiddle || m.before.Less(at)) && (!m.anew || m.shown[at])
		if in == 0 && known || exact && !m.inMiddle && in > 1 {
			wrong = append(wrong, fmt.Sprintf("%v lies in %d gaps", at, in))
		}
	}
	for _, g := range m.gaps {
		n := uint64(0)
		for _, at := range lost {
			if within(g, at) {
				n++
			}
		}
		if told += g.Missed; g.Missed > n || !g.To.IsZero() && g.To.Less(g.From) || exact && !m.inMiddle && (g.Missed != n || g.Unknown) {
			wrong = append(wrong, fmt.Sprintf("in the gap from %v to %v are %d of %d (unknown: %t)", g.From, g.To, n, g.Missed, g.Unknown))
		}
	}
	if told > uint64(len(lost)) || told < uint64(len(lost)) && !m.inMiddle && !m.anew {
		wrong = append(wrong, fmt.Sprintf("%d lost, %d told", len(lost), told))
	}
	return wrong
}

// byChance is how many lives of a stream are tried of each kind.
var byChance = flag.Int("chances", 100, "how many lives of a stream are tried by chance")

// Whatever becomes of a stream, and whenever it is checked and read, each entry that did not come lies in a gap, by place and time,
// and their number is told.
func TestAllThatIsLostIsToldByChance(t *testing.T) {
	seed := rand.Uint64()
	for _, c := range []struct {
		name  string
		harms func(*model) []func()
		exact bool // each gap has just as many as it says
		whole bool // nothing was harmed before
	}{
		{"trimmed", func(m *model) []func() { return []func(){m.trim} }, true, false},
		{"deleted", func(m *model) []func() { return []func(){m.remove} }, false, false},
		{"both", func(m *model) []func() { return []func(){m.trim, m.remove} }, false, false},
		{"made anew", func(m *model) []func() { return []func(){m.replace} }, false, false},
		{"set by hand", func(m *model) []func() { return []func(){m.setID} }, true, true},
	} {
		failed, shortest := 0, ""
		for n := range uint64(*byChance) {
			m := newModel(t, unread(), seed+n, c.whole)
			m.run(c.harms(m)...)
			if wrong := m.verify(c.exact && m.deleted.IsZero()); len(wrong) > 0 {
				failed++
				told := fmt.Sprintf("seed %d: %s\n%s", seed+n, strings.Join(wrong, "\n"), strings.Join(m.said, "\n"))
				if shortest == "" || len(told) < len(shortest) {
					shortest = told
				}
			}
		}
		if failed > 0 {
			t.Errorf("%s: wrong in %d of %d, as of %s", c.name, failed, *byChance, shortest)
		}
	}
}
