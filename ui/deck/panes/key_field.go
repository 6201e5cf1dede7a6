package panes

import (
	"slices"
	"strings"

	"signalbox/sources"
	"signalbox/sources/state"
)

// keyFields are the fields that tell most of an entity, one for each kind: the one that its domain names, or else one that
// is chosen by the entities that are seen, once.
type keyFields struct {
	named  func(kind string) string // by a domain; "" when it names none; may be nil
	chosen map[string]string
}

// name is the key field of a kind, "" when there is none.
func (k *keyFields) name(kind string) string { return k.chosen[kind] }

// of is the key field of an entity.
func (k *keyFields) of(r *sources.EntityRow) (f state.Field, ok bool) {
	return field(r, k.chosen[r.Kind])
}

// field finds a field of an entity that is there.
func field(r *sources.EntityRow, name string) (f state.Field, ok bool) {
	for i := range r.Fields {
		if r.Fields[i].Name == name && name != "" {
			return r.Fields[i], r.Fields[i].Value.Kind() != state.Absent
		}
	}
	return f, false
}

// choose chooses for the kinds that have none yet. What a domain names counts once an entity has it: one that is generic may
// be of a kind with the same name.
func (k *keyFields) choose(rows []sources.EntityRow) {
	for i := range rows {
		r := &rows[i]
		now, named := k.chosen[r.Kind], ""
		if k.named != nil {
			named = k.named(r.Kind)
		}
		switch _, there := field(r, named); {
		case there:
			now = named
		case now == "":
			now = bestField(r)
		}
		if now == k.chosen[r.Kind] {
			continue
		}
		if k.chosen == nil {
			k.chosen = make(map[string]string)
		}
		k.chosen[r.Kind] = now
	}
}

// telling are names of fields that tell most of an entity, the best first.
var telling = []string{"total", "amount", "sum", "balance", "price", "budget", "value", "title", "name", "subject", "quantity",
	"count", "items", "email", "customer"}

// bestField is the field of a generic entity that tells most of it: one with a telling name, else the first number; ""
// when there is none.
func bestField(r *sources.EntityRow) string {
	best, rank := "", len(telling)
	number := ""
	for i := range r.Fields {
		f := &r.Fields[i]
		kind := f.Value.Kind()
		if kind == state.Absent || kind == state.Tree || f.Value.String() == r.ID {
			continue
		}
		if at := slices.Index(telling, strings.ToLower(f.Name)); at >= 0 && at < rank {
			best, rank = f.Name, at
		}
		if number == "" && (kind == state.Int || kind == state.Float) {
			number = f.Name
		}
	}
	if best == "" {
		return number
	}
	return best
}
