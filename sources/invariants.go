package sources

import "context"

// Invariants are Domains that know what is to hold after each event that a fold accepted.
type Invariants interface {
	// Invariants are breakpoints that are hit by what violates an invariant, whose text is theirs. They are for one engine.
	Invariants() []Breakpoint
}

// InvariantsOf are those of domains, numbered; nil when there are none.
func InvariantsOf(d Domains) *BreakList {
	known, ok := d.(Invariants)
	if !ok || len(known.Invariants()) == 0 {
		return nil
	}
	list := &BreakList{All: known.Invariants()}
	for i := range list.All {
		list.All[i].Number = i + 1
	}
	return list
}

// Violations are the invariants with what has violated them so far.
func (e *Engine) Violations(ctx context.Context) ([]BreakRow, error) {
	var rows []BreakRow
	err := e.requests.do(ctx, func() { rows = e.watch.Always.Rows(e.watch.Hit) })
	return rows, err
}
