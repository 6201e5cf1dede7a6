package output

import "signalbox/bus"

// LevelWord is a finding's level in words.
func LevelWord(l bus.Level) string {
	switch l {
	case bus.Say:
		return "ok"
	case bus.Warn:
		return "left out"
	default:
		return "does not work"
	}
}

// FindingLine is a finding as JSON.
type FindingLine struct {
	Bus     string `json:"bus"`
	Section string `json:"section"`
	Name    string `json:"name"`
	Value   string `json:"value"`
	Level   string `json:"level"`
}

// FindingJSON is a finding about the bus of that name.
func FindingJSON(busName string, f bus.Finding) FindingLine {
	return FindingLine{busName, f.Section, f.Name, f.Value, LevelWord(f.Level)}
}
