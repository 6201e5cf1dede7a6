package scenarios

import (
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
	Stations file.Map[stationSection]  `yaml:"stations"` // what a demo or a script makes when it is missing
	Scripts  file.Map[script.Section]  `yaml:"scripts"`
	StandIns file.Map[standin.Section] `yaml:"stand-ins"`
	Traffic  []demo.Section            `yaml:"traffic"` // what the demo sends by itself
}

// stationSection is a station to make.
type stationSection struct {
	Kind     string   `yaml:"kind"` // stream or kv
	Subjects []string `yaml:"subjects"`
}
