package command

import "signalbox/scenarios/file"

// Section is something a person can inject.
type Section struct {
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
