package scenarios

import (
	"signalbox/scenarios/command"
	"signalbox/scenarios/guess"
	"signalbox/sources"
)

// Like is a command that sends events like one that was seen, and its fields as that event has them; nil where its payload is
// no object of JSON that a form could be made for.
func Like(e *sources.Event) (*command.Command, map[string]string) {
	for _, plain := range []bool{false, true} {
		file, members := guess.Command(e, plain)
		l := &Library{}
		if file == nil || l.Add("seen.yaml", file) != nil {
			continue
		}
		values := make(map[string]string, len(members))
		for _, m := range members {
			values[m.Field] = m.Value
		}
		return l.Commands()[0], values
	}
	return nil, nil
}
