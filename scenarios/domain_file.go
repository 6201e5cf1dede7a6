package scenarios

import (
	"cmp"

	"signalbox/scenarios/command"
	"signalbox/scenarios/demo"
	"signalbox/scenarios/file"
	"signalbox/scenarios/script"
	"signalbox/scenarios/standin"
	"signalbox/scenarios/understand"
)

// domainFile is a domain file as it is written: the built-in domains and a user's own have the same form.
type domainFile struct {
	understand.Domain
	Commands file.Map[command.Section] `yaml:"commands"`
	Stations file.Map[stationSection]  `yaml:"stations"` // where its events go; a demo or a script makes those that are missing
	Scripts  file.Map[script.Section]  `yaml:"scripts"`
	StandIns file.Map[standin.Section] `yaml:"stand-ins"`
	Traffic  []demo.Section            `yaml:"traffic"` // what the demo sends by itself
}

// stationSection is a station of the domain.
type stationSection struct {
	Kind     file.Text  `yaml:"kind"`     // stream, unless told; kv; or channel, which is there without being made
	Subjects file.Texts `yaml:"subjects"` // of a stream, where they are not its name
}

// Kinds of stations in a domain file.
const (
	kindStream  = "stream"
	kindKV      = "kv"
	kindChannel = "channel"
)

var stationKinds = []string{kindStream, kindKV, kindChannel}

// is tells whether the station is of a kind.
func (s stationSection) is(kind string) bool { return cmp.Or(s.Kind.Value, kindStream) == kind }
