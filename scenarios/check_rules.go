package scenarios

import (
	"slices"

	"signalbox/bus/glob"
	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/fold"
	"signalbox/scenarios/nearest"
	"signalbox/sources/state"
)

type rule = file.Entry[fold.Section]

// events looks at how the domain knows its events, and at which rules can never be reached.
func (c *checker) events(d *domain) {
	if d.Events.ID.Node == nil && len(d.Events.Names) == 0 && d.Events.Type.Node != nil &&
		slices.ContainsFunc(d.Fold, func(e rule) bool { return e.Value.ID.Node == nil }) {
		c.fault(file.Missing(d.Events.Type.Node, "events: want id too, an expression for whose each event is; without one no entity is known"))
	}
	for i, later := range d.Fold {
		wire := later.Value.Wire
		for _, earlier := range d.Fold[:i] {
			if pattern := earlier.Value.Wire.Value; wire.Value != "" && pattern != "" && glob.Match(pattern, wire.Value) {
				c.fault(file.At(wire.Node, "%s is never reached: %s takes all events whose type is like %s", later.Name, earlier.Name, pattern))
				break
			}
		}
		if later.Value.Alone != nil && d.Events.Alone.Node == nil {
			c.fault(file.At(later.Key, "%s says what it does to an entity that stands alone, and no alone of events names such a kind", later.Name))
		}
	}
}

// states looks for statuses that are listed and never given.
func (c *checker) states(d *domain) {
	var made facts
	for _, rule := range d.Fold {
		facts := rule.Value.Facts()
		made.statuses = append(made.statuses, values(facts.Statuses)...)
		made.open = made.open || facts.Open
	}
	for i, status := range d.States {
		switch {
		case status.Value == "":
			c.fault(file.At(status.Node, "states: want the name of a status, have an empty text"))
		case slices.Contains(d.States[:i].Values(), status.Value):
			c.doubt(file.At(status.Node, "the status %s is listed twice", status.Value))
		case !made.open && len(d.Fold) > 0 && !slices.ContainsFunc(made.statuses, func(to string) bool {
			return to == status.Value || !slices.Contains(d.States.Values(), to) && nearest.Name(to, d.States.Values()) == status.Value
		}):
			c.doubt(file.Missing(status.Node, "no rule leads to the status %s", status.Value))
		}
	}
}

// invariants looks through what is to hold always.
func (c *checker) invariants(d *domain) {
	known := c.kind(d.Entity)
	see := view{state: known, past: true, types: names(d.Fold), reasons: known.reasons}
	for _, entry := range d.Always.Invariants {
		c.condition(see, entry.Value)
	}
	for _, refusal := range slices.Concat(d.Always.Fail, d.Always.Reject) {
		c.condition(view{state: known, types: names(d.Fold)}, refusal.Value)
	}
}

// rule looks through the expressions of a rule.
func (c *checker) rule(d *domain, entry rule) {
	c.blanks(entry.Key, entry.Name)
	for _, status := range entry.Value.Facts().Statuses {
		if listed := d.States.Values(); len(listed) > 0 && !slices.Contains(listed, status.Value) {
			c.fault(file.At(status.Node, "%s is none of states%s", status.Value, nearest.Hint(status.Value, listed)))
		}
	}
	see := view{state: c.kind(d.Entity)}
	c.ruleSection(see, &entry.Value)
	if entry.Value.Alone != nil {
		c.ruleSection(view{state: c.kind(d.Events.Alone.Value)}, entry.Value.Alone)
	}
}

func (c *checker) ruleSection(see view, section *fold.Section) {
	for _, let := range section.Let {
		c.expression(see, let.Value)
	}
	for _, refusal := range slices.Concat(section.Fail, section.Reject) {
		c.condition(see, refusal.Value)
	}
	for _, text := range section.Expressions() {
		c.expression(see, text)
	}
}

// view is what the names of an expression stand for.
type view struct {
	state   facts    // of the entity
	past    bool     // before and changed are of the entity too
	status  bool     // status alone is the entity's
	types   []string // of the events
	reasons []string // with which they may be refused; nil: anything
	expects bool     // it is waited for: what is never true is a mistake
}

// condition is expression for what is to be true or false.
func (c *checker) condition(see view, text file.Text) {
	if text.Node == nil {
		return
	}
	c.expression(see, text)
	reading := expression.Read(text.Value)
	if reading.Fixed {
		c.fixed(see, text)
	}
	for i, first := range reading.Both {
		for _, second := range reading.Both[i+1:] {
			if slices.Equal(first.Path, second.Path) && first.Text != second.Text {
				c.fault(file.Within(text.Node, second.Offset, "this is never true: nothing is both %q and %q", first.Text, second.Text))
			}
		}
	}
}

// fixed looks at a condition that always comes to the same.
func (c *checker) fixed(see view, text file.Text) {
	x, err := expression.NewScope(nil).Condition(text.Value)
	if err != nil {
		return
	}
	var f expression.Frame
	f.Begin()
	switch holds, err := x.Test(&f); {
	case err == nil && !holds && see.expects:
		c.fault(file.At(text.Node, "this is never true, so that it waits in vain"))
	case err == nil:
		c.doubt(file.At(text.Node, "this is always %t", holds))
	}
}

// expression looks for names in an expression that nothing gives.
func (c *checker) expression(see view, text file.Text) {
	if text.Node == nil {
		return
	}
	reading := expression.Read(text.Value)
	for _, use := range reading.Uses {
		if len(use.Path) < 2 || see.state.open || slices.Contains(see.state.fields, use.Path[1]) {
			continue
		}
		if root := use.Path[0]; root == "state" || see.past && (root == "before" || root == "changed") {
			c.unknown(text.Node, use.Offset, use.Path[1], see.state.fields, "no rule sets "+use.Path[1])
		}
	}
	for _, x := range reading.Comparisons {
		known, what := see.words(x.Path)
		if known != nil && !slices.Contains(known, x.Text) {
			c.unknown(text.Node, x.Offset, x.Text, known, "no rule "+what+" "+x.Text)
		}
	}
}

// words are the texts that a name can be equal to, and what a rule has to do with them; nil: any.
func (see *view) words(path []string) (known []string, what string) {
	switch {
	case len(path) == 2 && (path[0] == "state" || see.past && path[0] == "before") && path[1] == state.StatusField, len(path) == 1 && path[0] == "status" && see.status:
		if !see.state.open {
			return see.state.statuses, "gives the status"
		}
	case len(path) == 1 && path[0] == "type":
		return see.types, "is for the type"
	case len(path) == 1 && path[0] == "rejected":
		return see.reasons, "rejects with the reason"
	}
	return nil, ""
}
