package sources

import (
	"context"

	"signalbox/sources/internal/event"
	"signalbox/sources/state"
)

// Knowledge is what is known of the entities of a kind.
type Knowledge struct {
	All    bool // every event of every one of them was seen
	fields map[string]bool
}

// Has tells whether the rules for the kind are about a field.
func (k Knowledge) Has(field string) bool { return k.fields[field] }

// Knows tells what is known of the entities of a kind.
func (e *Engine) Knows(ctx context.Context, kind string) (Knowledge, error) {
	k := Knowledge{All: true, fields: map[string]bool{}}
	err := e.requests.do(ctx, func() {
		note := func(known *state.Kind) {
			k.All = k.All && known.Since == 0 && !known.Elsewhere
			for slot := range known.Known {
				k.fields[known.Field(slot)] = true
			}
		}
		for _, known := range e.store.Entities.KindsOf(kind) {
			note(known)
		}
		if homes, ok := e.store.Domains.(event.Homes); ok { // of which no entity has been seen yet
			homes.EachHome(func(known *state.Kind, _ []string) {
				if known.Name() == kind {
					note(known)
				}
			})
		}
	})
	return k, err
}
