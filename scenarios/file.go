package scenarios

import "github.com/goccy/go-yaml"

// file is a domain file as it is written: the built-in domains and a user's own have the same form.
// Every text marked "expression" is in the language of expr-lang; every one marked "template" is text in which
// {expression} is replaced by its value.
type file struct {
	Domain   string                     `yaml:"domain"`
	About    string                     `yaml:"about"`
	Entity   string                     `yaml:"entity"` // kind of the entities, "delivery"
	Events   eventsSection              `yaml:"events"`
	States   []string                   `yaml:"states"`
	Fold     orderedMap[ruleSection]    `yaml:"fold"` // by event type
	Commands orderedMap[commandSection] `yaml:"commands"`
	Stations orderedMap[stationSection] `yaml:"stations"` // what a demo or a script makes when it is missing
	Scripts  orderedMap[scriptSection]  `yaml:"scripts"`
	StandIns orderedMap[standInSection] `yaml:"stand-ins"`
	Traffic  []trafficSection           `yaml:"traffic"` // what the demo sends by itself
	Truth    map[string]string          `yaml:"truth"`   // scheme ("nats", "redis") to template of where the copy is kept
}

// eventsSection says which events belong to the domain, and to which entity each. Expressions see data (the whole
// payload), headers, subject, station.
type eventsSection struct {
	Stations    []string          `yaml:"stations"`    // globs; none: any station
	Type        string            `yaml:"type"`        // expression
	ID          string            `yaml:"id"`          // expression
	Names       map[string]string `yaml:"names"`       // other names that lead to the entity: name to expression
	Alone       string            `yaml:"alone"`       // which of Names stands for an entity of that kind when nothing leads further
	Data        []string          `yaml:"data"`        // expressions; the first that is there is what rules call data; none: the payload
	Correlation string            `yaml:"correlation"` // expression
}

// ruleSection says what one type of event does. Expressions see data, state, headers, version, id, type, time and what
// Let names.
type ruleSection struct {
	Creates bool               `yaml:"creates"` // begins an entity: the state is emptied first
	Let     orderedMap[string] `yaml:"let"`     // name to expression, in order
	Fail    orderedMap[string] `yaml:"fail"`    // reason to expression: the event makes no sense (an unknown entity)
	Reject  orderedMap[string] `yaml:"reject"`  // reason to expression: the rules refuse it
	Set     orderedMap[string] `yaml:"set"`     // field or path, "ballots[data.ballot_id].cast", to expression
	Unset   []string           `yaml:"unset"`   // fields or paths
	To      string             `yaml:"to"`      // the status afterwards
}

// commandSection is something a person can inject.
type commandSection struct {
	Title  string                   `yaml:"title"`
	About  string                   `yaml:"about"`
	Send   sendSection              `yaml:"send"`
	Fields orderedMap[fieldSection] `yaml:"fields"`
}

// sendSection says what a command sends. Templates and expressions see the fields by name, id, type, and the functions
// ulid(), uuid(), now() and random(from, to).
type sendSection struct {
	Station string             `yaml:"station"`
	Subject string             `yaml:"subject"` // template; none: the station's own
	Type    string             `yaml:"type"`    // the event's type
	Headers orderedMap[string] `yaml:"headers"` // name to template; a header whose value is empty is left out
	Payload string             `yaml:"payload"` // expression, sent as JSON; none: an object of type and all fields
}

// fieldSection is one field of a command's form.
type fieldSection struct {
	Label    string   `yaml:"label"`
	About    string   `yaml:"about"`
	Type     string   `yaml:"type"` // text, int, number, bool, choice, list (comma-separated texts), entity (an id of Of)
	Of       string   `yaml:"of"`   // kind of entity, for type entity; the domain's own when empty
	Default  any      `yaml:"default"`
	Options  []string `yaml:"options"`
	Min      *float64 `yaml:"min"`
	Max      *float64 `yaml:"max"`
	Optional bool     `yaml:"optional"`
}

// stationSection is a station to make.
type stationSection struct {
	Kind     string   `yaml:"kind"` // stream or kv
	Subjects []string `yaml:"subjects"`
}

// scriptSection is a script: its steps, or its steps with more said about it.
type scriptSection struct {
	About string        `yaml:"about"`
	Needs []string      `yaml:"needs"` // stand-ins that must run, unless the real ones do
	Steps []stepSection `yaml:"steps"`
}

// stepSection is one step; see Step for what it may hold.
type stepSection map[string]yaml.MapSlice

// standInSection is a service that signalbox plays.
type standInSection struct {
	About   string        `yaml:"about"`
	Reads   string        `yaml:"reads"` // station
	As      string        `yaml:"as"`    // its consumer's name
	Does    []doesSection `yaml:"does"`
	Keeps   *keepsSection `yaml:"keeps"`
	Unknown string        `yaml:"unknown"`  // what it says of an event of no type in Does: ack (unless told), nak, term
	Deliver int           `yaml:"deliver"`  // most deliveries of one message
	AckWait string        `yaml:"ack-wait"` // duration
}

// doesSection is what a stand-in does about one type of event.
type doesSection struct {
	On    string             `yaml:"on"`
	When  string             `yaml:"when"`  // expression over the event
	Sends string             `yaml:"sends"` // a command of this domain
	With  orderedMap[string] `yaml:"with"`  // its fields: name to expression over the event (data, state, headers, id)
	After string             `yaml:"after"` // "200ms", or "200ms..1s"
	Fails string             `yaml:"fails"` // "2%": this share is refused (nak) and comes again
}

// keepsSection has a stand-in keep each entity's folded state under a key, as an application would.
type keepsSection struct {
	Bucket string `yaml:"bucket"`
	Key    string `yaml:"key"` // template
}

// trafficSection is one kind of thing that the demo sends by itself.
type trafficSection struct {
	Every string             `yaml:"every"` // "300ms..2s"
	Send  string             `yaml:"send"`  // a command of this domain, or empty with Raw
	With  orderedMap[string] `yaml:"with"`  // fields: name to expression (random, pick, ulid, some(kind, status))
	Raw   *rawSection        `yaml:"raw"`
}

// rawSection is a message as it is, for what no command would send.
type rawSection struct {
	Subject string             `yaml:"subject"`
	Headers orderedMap[string] `yaml:"headers"`
	Data    string             `yaml:"data"`
}
