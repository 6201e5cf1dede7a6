package panes

import (
	"context"
	"strings"

	"signalbox/scenarios/fields"
	"signalbox/scenarios/filter"
	"signalbox/ui/deck/component"
)

// Filter implements component.Filtered.
func (e *entities) Filter(*component.Deck) string { return e.text }

// Narrow implements component.Filtered.
func (e *entities) Narrow(d *component.Deck, text string) error {
	text = strings.TrimSpace(text)
	filter, err := filter.ParseEntities(text)
	if err == nil {
		if text != e.text {
			e.cursor.release(d)
			e.cohort = ""
		}
		e.text, e.filter = text, filter
	}
	return err
}

// Widen implements component.Filtered.
func (e *entities) Widen(*component.Deck) {
	if e.text, e.filter = "", nil; e.cohort != "" {
		e.cohort, e.kind, e.order = "", "", order{}
	}
}

// Mark implements component.Filtered.
func (e *entities) Mark(d *component.Deck) func() {
	cursor, kind, cohort, order, text, filter, chosen := e.cursor, e.kind, e.cohort, e.order, e.text, e.filter, d.Selection.Entity
	return func() {
		e.cursor, e.kind, e.cohort, e.order, e.text, e.filter = cursor, kind, cohort, order, text, filter
		d.Selection.Entity = chosen
	}
}

// Narrowed implements component.Filtered.
func (e *entities) Narrowed(*component.Deck) bool { return e.text != "" }

// Hint implements component.Filtered.
func (e *entities) Hint() string {
	return `words · -not · status:begins or status:"all" · state.budget < 10 && age > 5m`
}

// Found implements component.Filtered.
func (e *entities) Found(d *component.Deck) (matching, of uint64) {
	rows := d.Snapshot().Entities
	return uint64(rows.Matching), uint64(rows.Total)
}

// Missing implements component.Filtered.
func (e *entities) Missing(ctx context.Context, engine component.Engine, text string) ([]string, error) {
	var named fields.Fields
	named.OfFilters(text)
	if named.None() {
		return nil, nil
	}
	rows, err := engine.Entities(ctx, "", nil)
	return fields.OfEntities(rows, text), err
}

// Names implements component.Filtered.
func (e *entities) Names() []string { return filter.EntityNames() }

// Words implements component.Filtered.
func (e *entities) Words(d *component.Deck) []string { return entityWords(d) }

// entityWords narrow by statuses and kinds of entities.
func entityWords(d *component.Deck) []string {
	var words []string
	for _, s := range d.Snapshot().Entities.Statuses {
		words = append(words, "status:"+s.Name)
	}
	for _, k := range d.Snapshot().Entities.Kinds {
		words = append(words, "entity:"+k.Name)
	}
	return words
}
