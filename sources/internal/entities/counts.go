package entities

import (
	"cmp"
	"slices"
	"strings"

	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// Counts are the entities of one kind, or of several, counted.
type Counts struct {
	kind     *state.Kind
	Total    uint64
	Partial  int
	Rejected uint64
	Statuses []Count
	byStatus map[string]uint16 // index in statuses + 1
	notified bool              // that it has too many fields
	told     bool              // that it has too many statuses
}

// MostStatuses bounds the statuses that are counted apart; an entity with one more has none.
const MostStatuses = 4096

// MostID bounds the identities of entities and names; longer ones are cut.
const MostID = 512

// status finds the number of a status, from 1; 0 is none.
func (t *Counts) status(name string) uint16 {
	if name == "" {
		return 0
	}
	if i, ok := t.byStatus[name]; ok {
		return i
	}
	if len(t.Statuses) == MostStatuses {
		return 0
	}
	name = packed.Clone(name[:min(len(name), MostID)])
	t.Statuses = append(t.Statuses, Count{Name: name})
	t.byStatus[name] = uint16(len(t.Statuses))
	return uint16(len(t.Statuses))
}

// statusAfter is the number of a status that follows another one, which is most often the same.
func (t *Counts) statusAfter(was uint16, name string) uint16 {
	if was != 0 && t.Statuses[was-1].Name == name {
		return was
	}
	return t.status(name)
}

// statusName is the status with a number.
func (t *Counts) statusName(number uint16) string {
	if number == 0 {
		return ""
	}
	return t.Statuses[number-1].Name
}

// move counts an entity under another status.
func (t *Counts) move(from, to uint16) {
	if from != 0 {
		t.Statuses[from-1].N--
	}
	if to != 0 {
		t.Statuses[to-1].N++
	}
}

// Ranked are the counts that are not zero, most first.
func Ranked(counts []Count) []Count {
	out := make([]Count, 0, len(counts))
	for _, c := range counts {
		if c.N > 0 {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Name, b.Name))
	})
	return out
}

// Totals sums the counts of all kinds with a name; of all kinds when it is "".
func (s Sums) Totals(name string) Counts {
	var sum Counts
	byStatus := map[string]int{}
	for _, k := range s.kinds {
		if name != "" && k.kind.Name() != name {
			continue
		}
		sum.Total += k.Total
		sum.Partial += k.Partial
		sum.Rejected += k.Rejected
		if sum.Statuses == nil {
			sum.Statuses = slices.Clone(k.Statuses)
			continue
		}
		for _, c := range k.Statuses {
			if len(byStatus) == 0 {
				for i, known := range sum.Statuses {
					byStatus[known.Name] = i
				}
			}
			if i, ok := byStatus[c.Name]; ok {
				sum.Statuses[i].N += c.N
				continue
			}
			byStatus[c.Name] = len(sum.Statuses)
			sum.Statuses = append(sum.Statuses, c)
		}
	}
	return sum
}

// Totals sums the counts of now.
func (t *Table) Totals(name string) Counts { return t.Sums().Totals(name) }

// ByKind are the entities of each kind.
func (s Sums) ByKind() []Count {
	counts := make([]Count, 0, len(s.kinds))
	for _, k := range s.kinds {
		i := -1
		if len(s.table.byName[k.kind.Name()]) > 1 { // most often no other has the name, and there may be many kinds
			i = slices.IndexFunc(counts, func(c Count) bool { return c.Name == k.kind.Name() })
		}
		if i < 0 {
			counts = append(counts, Count{Name: k.kind.Name(), N: k.Total})
			continue
		}
		counts[i].N += k.Total
	}
	return Ranked(counts)
}

// Reject counts a refused event of an entity.
func (t *Table) Reject(r *Record) {
	t.note(wasRejected, r.kind, 0, 0)
	r.rejected++
	t.kinds[r.kind-1].Rejected++
}

// Overflows tells, the first time that it is asked about a kind, true.
func (t *Table) Overflows(k *state.Kind) bool {
	y := t.countsOf(k)
	first := !y.notified
	y.notified = true
	return first
}

// TooManyStatuses tells, the first time that it is asked about a kind after statuses found no place, true.
func (t *Table) TooManyStatuses(k *state.Kind) bool {
	y := t.countsOf(k)
	first := len(y.Statuses) == MostStatuses && !y.told
	y.told = y.told || first
	return first
}

// StatusAfter is the number of a status that an entity has next, and the status as it is kept.
func (t *Table) StatusAfter(r *Record, status string) (uint16, string) {
	k := t.kinds[r.kind-1]
	number := k.statusAfter(r.status, status)
	return number, k.statusName(number)
}

// Status is the status of an entity.
func (t *Table) Status(r *Record) string { return t.kinds[r.kind-1].statusName(r.status) }

// StatusAt is a status by its number and that of its kind.
func (t *Table) StatusAt(kind, number uint16) string { return t.kinds[kind-1].statusName(number) }

// KindAt is a kind by its number.
func (t *Table) KindAt(number uint16) *state.Kind { return t.kinds[number-1].kind }

// IsUsed tells whether a slot holds an entity.
func (t *Table) IsUsed(slot uint32) bool { return t.At(slot).kind != 0 }

// KindsOf are the kinds with a name that entities were seen of.
func (t *Table) KindsOf(name string) []*state.Kind { return t.byName[name] }
