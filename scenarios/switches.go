package scenarios

import (
	"context"
	"fmt"

	"signalbox/scenarios/script"
	"signalbox/scenarios/standin"
)

// switches are the stand-ins that a run switches, and how they were before.
type switches struct {
	bus string // whose they are
	of  map[string]switched
}

type switched struct {
	by  *standin.Playing
	was standin.Condition
}

// switchable finds the stand-ins that a script switches: those of its own, and those that play beside it on the same bus.
func (s *Stage) switchable(chosen *script.Script, g *ground) error {
	g.switches = switches{bus: s.Bus.Info().Name, of: map[string]switched{}}
	players := []*standin.Playing{g.standIns.Own()}
	if !s.Own { // there every run plays its own, on a bus of the same name
		players = append(players, s.Library.Playing())
	}
	for _, name := range chosen.Switches {
		for _, by := range players {
			if p, plays := by.Named(name, g.switches.bus); plays {
				g.switches.of[name] = switched{by, p.Condition}
				break
			}
		}
		if _, plays := g.switches.of[name]; !plays {
			return &AbsentError{fmt.Sprintf("%s is not played by signalbox on %s, and so cannot be switched: nothing was sent. "+
				"--stand-in %[1]s has it played, where no service is at work in its place", name, g.switches.bus)}
		}
	}
	return nil
}

// to has a stand-in work in another way.
func (x *switches) to(ctx context.Context, name, word string) error {
	to, err := standin.ParseCondition(word)
	if err != nil {
		return err
	}
	return x.of[name].by.Switch(ctx, name, x.bus, to)
}

// back has all work as they did before.
func (x *switches) back() {
	for name, was := range x.of {
		_ = was.by.Set(name, x.bus, was.was) // one that plays no longer needs nothing
	}
}
