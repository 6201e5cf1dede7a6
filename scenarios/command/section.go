package command

import "signalbox/scenarios/file"

// Section is something a person can inject.
type Section struct {
	Title  string                 `yaml:"title"`
	About  string                 `yaml:"about"`
	Send   SendSection            `yaml:"send"`
	Fields file.Map[FieldSection] `yaml:"fields"`
}

// SendSection says what a command sends. Templates and expressions see the fields by name, id, type, and the functions
// ulid(), uuid(), now() and random(from, to).
type SendSection struct {
	Station file.Text           `yaml:"station"`
	Subject file.Text           `yaml:"subject"` // template; none: the station's own
	Type    file.Text           `yaml:"type"`    // the event's type
	Headers file.Map[file.Text] `yaml:"headers"` // name to template; a header whose value is empty is left out
	Payload file.Text           `yaml:"payload"` // expression, sent as JSON; none: an object of type and all fields
	HTTP    *HTTPSection        `yaml:"http"`    // to an application, instead of a station or where its address is known
}

// FieldSection is one field of a command's form.
type FieldSection struct {
	Label    string    `yaml:"label"`
	About    string    `yaml:"about"`
	Type     file.Text `yaml:"type"`    // text, int, number, bool, choice, list (comma-separated texts), entity (an id of Of)
	Of       file.Text `yaml:"of"`      // kind of entity, for type entity; the domain's own when empty
	Default  file.Text `yaml:"default"` // template over the fields before it
	Options  []string  `yaml:"options"`
	Min      *float64  `yaml:"min"`
	Max      *float64  `yaml:"max"`
	Optional bool      `yaml:"optional"`
}
