package cli

import (
	"context"
	"fmt"

	"signalbox/scenarios/fields"
	"signalbox/sources"
)

// tellMissing warns of fields that were asked for and that nothing has which was read: they may be misspelt.
func (o *options) tellMissing(named *fields.Fields) {
	for _, text := range named.Missing() {
		o.warn(text)
	}
}

// tellMissingOf warns of fields that filters of entities name and that none of the kind has. Some rows are those that are wanted.
func (o *options) tellMissingOf(ctx context.Context, s *session, kind string, rows []sources.EntityRow, filters ...string) error {
	if len(rows) > 0 && len(fields.OfEntities(rows, filters...)) == 0 {
		return nil
	}
	all, err := s.engine.Entities(ctx, kind, nil)
	if err != nil {
		return fmt.Errorf("asking for each %s: %w", kind, err)
	}
	for _, text := range fields.OfEntities(all, filters...) {
		o.warn(text)
	}
	return nil
}
