package cli

import (
	"fmt"

	"signalbox/scenarios/fields"
	"signalbox/sources"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// ending is when tail has printed enough.
type ending struct {
	until   *sources.EventFilter // nil: not by what an event is
	count   uint64               // 0: not by how many there were
	reached func()

	printed uint64
	held    bool // until was true of an event
	over    bool // nothing more is printed
}

// tap prints each event that is wanted, until there were enough or nobody reads any more. The one that ends it is printed
// in any case.
func tap(lines *output.EventPrinter, where *sources.EventFilter, named *fields.Fields, end *ending) func(*sources.Event) {
	return func(e *sources.Event) {
		if end.over {
			return
		}
		named.See(e)
		end.held = end.until != nil && end.until.Wants(e)
		if !end.held && !where.Wants(e) {
			return
		}
		end.printed++
		if err := lines.Print(e); err != nil || end.held || end.count > 0 && end.printed == end.count {
			end.over = true
			end.reached()
		}
	}
}

// tellFailed warns of events of which a filter cannot tell whether they are wanted.
func (o *options) tellFailed(flag string, f *sources.EventFilter, then string) {
	if times, why := f.Failed(); times > 0 {
		o.warn(fmt.Sprintf("%s cannot tell of %s whether they are wanted, and %s: %s", flag, screen.Plural(times, "event"), then, why))
	}
}
