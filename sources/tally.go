package sources

import (
	"slices"
	"strings"

	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// tally counts the entities of one kind.
type tally struct {
	kind     *state.Kind
	total    uint64
	partial  int
	rejected uint64
	statuses []Count
	byStatus map[string]uint16 // index in statuses + 1
	notified bool              // that it has too many fields
}

// mostStatuses bounds the statuses that are counted apart; an entity with one more has none.
const mostStatuses = 4096

// mostID bounds the identities of entities and names; longer ones are cut.
const mostID = 512

// status finds the number of a status, from 1; 0 is none.
func (t *tally) status(name string) uint16 {
	if name == "" {
		return 0
	}
	if i, ok := t.byStatus[name]; ok {
		return i
	}
	if len(t.statuses) == mostStatuses {
		return 0
	}
	name = packed.Clone(name[:min(len(name), mostID)])
	t.statuses = append(t.statuses, Count{Name: name})
	t.byStatus[name] = uint16(len(t.statuses))
	return uint16(len(t.statuses))
}

// statusAfter is the number of a status that follows another one, which is most often the same.
func (t *tally) statusAfter(was uint16, name string) uint16 {
	if was != 0 && t.statuses[was-1].Name == name {
		return was
	}
	return t.status(name)
}

// statusName is the status with a number.
func (t *tally) statusName(number uint16) string {
	if number == 0 {
		return ""
	}
	return t.statuses[number-1].Name
}

// move counts an entity under another status.
func (t *tally) move(from, to uint16) {
	if from != 0 {
		t.statuses[from-1].N--
	}
	if to != 0 {
		t.statuses[to-1].N++
	}
}

// ranked are the counts that are not zero, most first.
func ranked(counts []Count) []Count {
	out := make([]Count, 0, len(counts))
	for _, c := range counts {
		if c.N > 0 {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Count) int {
		if a.N != b.N {
			if a.N > b.N {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

// totals sums the tallies of all kinds with a name; of all kinds when it is "".
func (t *entities) totals(name string) tally {
	var sum tally
	byStatus := map[string]int{}
	for _, k := range t.kinds {
		if name != "" && k.kind.Name() != name {
			continue
		}
		sum.total += k.total
		sum.partial += k.partial
		sum.rejected += k.rejected
		if sum.statuses == nil {
			sum.statuses = slices.Clone(k.statuses)
			continue
		}
		for _, c := range k.statuses {
			if len(byStatus) == 0 {
				for i, known := range sum.statuses {
					byStatus[known.Name] = i
				}
			}
			if i, ok := byStatus[c.Name]; ok {
				sum.statuses[i].N += c.N
				continue
			}
			byStatus[c.Name] = len(sum.statuses)
			sum.statuses = append(sum.statuses, c)
		}
	}
	return sum
}

// byKind are the entities of each kind.
func (t *entities) byKind() []Count {
	counts := make([]Count, 0, len(t.kinds))
	for _, k := range t.kinds {
		i := slices.IndexFunc(counts, func(c Count) bool { return c.Name == k.kind.Name() })
		if i < 0 {
			counts = append(counts, Count{Name: k.kind.Name(), N: k.total})
			continue
		}
		counts[i].N += k.total
	}
	return ranked(counts)
}
