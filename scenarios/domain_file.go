package scenarios

import (
	"signalbox/scenarios/file"
	"signalbox/scenarios/fold"
)

// domainFile is a domain file as it is written: the built-in domains and a user's own have the same form.
// Every text marked "expression" is in the language of expr-lang; every one marked "template" is text in which
// {expression} is replaced by its value.
type domainFile struct {
	Domain   string                   `yaml:"domain"`
	About    string                   `yaml:"about"`
	Entity   string                   `yaml:"entity"` // kind of the entities, "delivery"
	Events   eventsSection            `yaml:"events"`
	States   []string                 `yaml:"states"`
	Always   fold.Always              `yaml:"always"` // what holds for every rule of Fold
	Fold     file.Map[fold.Section]   `yaml:"fold"`   // by event type
	Commands file.Map[commandSection] `yaml:"commands"`
	Stations file.Map[stationSection] `yaml:"stations"` // what a demo or a script makes when it is missing
	Scripts  file.Map[scriptSection]  `yaml:"scripts"`
	StandIns file.Map[standInSection] `yaml:"stand-ins"`
	Traffic  []trafficSection         `yaml:"traffic"` // what the demo sends by itself
	Truth    file.Map[file.Text]      `yaml:"truth"`   // scheme ("nats", "redis") to template of where the copy is kept
}

// eventsSection says which events belong to the domain, and to which entity each. Expressions see data (the whole
// payload), body (what Data leads to), headers, subject, station.
type eventsSection struct {
	Stations    []file.Text         `yaml:"stations"`    // globs of stations whose events are the domain's; none: any station, for the types it has a rule for
	Anywhere    bool                `yaml:"anywhere"`    // types it has a rule for are the domain's on other stations too
	Type        file.Text           `yaml:"type"`        // expression
	ID          file.Text           `yaml:"id"`          // expression
	Names       file.Map[file.Text] `yaml:"names"`       // other names that lead to the entity: name to expression
	Alone       file.Text           `yaml:"alone"`       // which of Names stands for an entity of that kind when nothing leads further
	Data        []file.Text         `yaml:"data"`        // expressions; the first that is there is what rules call data; none: the payload
	Correlation file.Text           `yaml:"correlation"` // expression
}

// commandSection is something a person can inject.
type commandSection struct {
	Title  string                 `yaml:"title"`
	About  string                 `yaml:"about"`
	Send   sendSection            `yaml:"send"`
	Fields file.Map[fieldSection] `yaml:"fields"`
}

// sendSection says what a command sends. Templates and expressions see the fields by name, id, type, and the functions
// ulid(), uuid(), now() and random(from, to).
type sendSection struct {
	Station string              `yaml:"station"`
	Subject file.Text           `yaml:"subject"` // template; none: the station's own
	Type    string              `yaml:"type"`    // the event's type
	Headers file.Map[file.Text] `yaml:"headers"` // name to template; a header whose value is empty is left out
	Payload file.Text           `yaml:"payload"` // expression, sent as JSON; none: an object of type and all fields
}

// fieldSection is one field of a command's form.
type fieldSection struct {
	Label    string    `yaml:"label"`
	About    string    `yaml:"about"`
	Type     file.Text `yaml:"type"`    // text, int, number, bool, choice, list (comma-separated texts), entity (an id of Of)
	Of       string    `yaml:"of"`      // kind of entity, for type entity; the domain's own when empty
	Default  file.Text `yaml:"default"` // template over the fields before it
	Options  []string  `yaml:"options"`
	Min      *float64  `yaml:"min"`
	Max      *float64  `yaml:"max"`
	Optional bool      `yaml:"optional"`
}

// stationSection is a station to make.
type stationSection struct {
	Kind     string   `yaml:"kind"` // stream or kv
	Subjects []string `yaml:"subjects"`
}
