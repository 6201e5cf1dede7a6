package cli

import "signalbox/bus"

// levelWord is a finding's level in words.
func levelWord(l bus.Level) string {
	switch l {
	case bus.Say:
		return "ok"
	case bus.Warn:
		return "left out"
	default:
		return "does not work"
	}
}

// findingLine is a finding as JSON.
type findingLine struct {
	Bus     string `json:"bus"`
	Section string `json:"section"`
	Name    string `json:"name"`
	Value   string `json:"value"`
	Level   string `json:"level"`
}

// findingJSON is a finding about the bus of that name.
func findingJSON(busName string, f bus.Finding) findingLine {
	return findingLine{busName, f.Section, f.Name, f.Value, levelWord(f.Level)}
}
