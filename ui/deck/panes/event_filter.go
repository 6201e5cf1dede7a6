package panes

import (
	"context"

	"signalbox/scenarios/fields"
	"signalbox/scenarios/filter"
	"signalbox/ui/deck/component"
)

// Filter implements component.Filtered.
func (e *events) Filter(d *component.Deck) string { return d.Selection.Events.Text() }

// Narrow implements component.Filtered.
func (e *events) Narrow(d *component.Deck, text string) error { return d.Selection.Events.Narrow(text) }

// Widen implements component.Filtered.
func (e *events) Widen(d *component.Deck) { d.Selection.Events.Widen() }

// Mark implements component.Filtered.
func (e *events) Mark(d *component.Deck) func() {
	narrowed, place := d.Selection.Events, d.Time.Place()
	return func() {
		d.Selection.Events = narrowed
		d.Time.Return(place)
	}
}

// Held implements component.Holding.
func (e *events) Held(d *component.Deck) bool { return d.Time.Event() != 0 }

// Release implements component.Holding.
func (e *events) Release(d *component.Deck) { d.Time.Follow() }

// Narrowed implements component.Filtered.
func (e *events) Narrowed(d *component.Deck) bool { return d.Selection.Events.Narrowed() }

// Hint implements component.Filtered.
func (e *events) Hint() string {
	return `words · -not · type:begins or type:"all" · data.quantity > 3 && age < 5m`
}

// Found implements component.Filtered.
func (e *events) Found(d *component.Deck) (matching, of uint64) {
	rows := d.Snapshot().Events
	return rows.Matching, rows.Total
}

// Missing implements component.Filtered.
func (e *events) Missing(ctx context.Context, engine component.Engine, text string) ([]string, error) {
	var named fields.Fields
	named.OfFilters(text)
	if named.None() {
		return nil, nil
	}
	_, err := engine.Scan(ctx, 0, named.See)
	return named.Missing(), err
}

// Names implements component.Filtered.
func (e *events) Names() []string { return filter.EventNames() }

// Words implements component.Filtered.
func (e *events) Words(d *component.Deck) []string {
	words := entityWords(d)
	types := map[string]bool{}
	for _, r := range d.Snapshot().Events.Rows {
		if r.Type != "" && !types[r.Type] {
			types[r.Type] = true
			words = append(words, "type:"+r.Type)
		}
	}
	stations := d.Snapshot().Stations
	for i := range stations[:min(len(stations), 200)] {
		words = append(words, "station:"+stations[i].Station.Name)
	}
	return words
}
