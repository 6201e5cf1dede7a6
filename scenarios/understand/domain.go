package understand

import (
	"signalbox/scenarios/file"
	"signalbox/scenarios/fold"
)

// Domain is what of a domain file says which events are the domain's own, and how they fold. Every text marked
// "expression" is in the language of expr-lang; every one marked "template" is text in which {expression} is replaced by
// its value.
type Domain struct {
	Name      string                 `yaml:"domain"`
	About     string                 `yaml:"about"`
	Entity    string                 `yaml:"entity"`    // kind of the entities, "delivery"
	Highlight file.Text              `yaml:"highlight"` // the field that lists of entities show beside the status
	Events    Events                 `yaml:"events"`
	States    file.Texts             `yaml:"states"`
	Always    fold.Always            `yaml:"always"` // what holds for every rule of Fold
	Fold      file.Map[fold.Section] `yaml:"fold"`   // by event type
	Truth     file.Map[file.Text]    `yaml:"truth"`  // scheme ("nats", "redis") to template of where the application keeps its copy
}

// OnlySends tells whether a domain says nothing of events: it is for its commands, and claims none.
func (d *Domain) OnlySends() bool {
	return d.Entity == "" && d.Events.Type.Value == "" && len(d.Events.Stations) == 0 && len(d.Fold) == 0
}

// Events says which events belong to the domain, and to which entity each. Expressions see data (the whole
// payload), body (what Data leads to), headers, subject, station, time.
type Events struct {
	Stations    []file.Text         `yaml:"stations"`    // globs of stations whose events are the domain's; none: any station, for the types it has a rule for
	Keys        []file.Text         `yaml:"keys"`        // globs of keys whose values are the domain's events, where an application keeps them so
	Anywhere    bool                `yaml:"anywhere"`    // types it has a rule for are the domain's on other stations too
	Type        file.Text           `yaml:"type"`        // expression
	ID          file.Text           `yaml:"id"`          // expression
	Names       file.Map[file.Text] `yaml:"names"`       // other names that lead to the entity: name to expression
	Alone       file.Text           `yaml:"alone"`       // which of Names stands for an entity of that kind when nothing leads further
	Data        []file.Text         `yaml:"data"`        // expressions; the first that is there is what rules call data; none: the payload
	Correlation file.Text           `yaml:"correlation"` // expression
	Join        *Join               `yaml:"join"`        // whose an event without an id is
}
