package deck

import (
	"errors"
	"testing"

	"signalbox/bus"
	"signalbox/scenarios/standin"
	"signalbox/ui/deck/component"
)

// played are stand-ins of which tests say how they are at work.
type played []standin.Played

func (p played) List() []standin.Played { return p }

func (p played) Of(bus, station, consumer string) (standin.Played, bool) {
	for _, x := range p {
		if x.Bus == bus && x.Station == station && (x.Consumer == consumer || consumer == "") {
			return x, true
		}
	}
	return standin.Played{}, false
}

func (p played) Set(name, _ string, to standin.Condition) error {
	for i := range p {
		if p[i].Name == name || p[i].Name == "deliveries."+name {
			p[i].Condition = to
			return nil
		}
	}
	return errors.New(name + " does not play")
}

// standInOf plays a consumer of the world.
func standInOf(name string, at standin.Condition) played {
	return played{{Name: "deliveries." + name, Bus: "embedded nats", Station: "deliveries", Consumer: name, Condition: at,
		Counts: standin.Counts{InHand: 2, Handled: 120, Failed: 4, Refused: 1}}}
}

// withStandIn has signalbox play a consumer of the world.
func withStandIn(name string) (played, func(*Options)) {
	p := standInOf(name, standin.On)
	return p, func(o *Options) { o.standIns = component.StandIns(p) }
}

// The pane of consumers says which of them signalbox plays and how, and keys switch it, also while the rows move.
func TestStandInsAreSwitched(t *testing.T) {
	who := demo().base.Consumers[0].Name
	p, standIns := withStandIn(who)
	s := drive(t, demo(), 160, 40, armed(t, embeddedBus()), standIns)
	s.key("3").shows("stand-in")
	s.key("o").shows("stand-in off", "deliveries."+who+" is off: it ends what it has in hand, and what comes is its lag")
	s.fake.base.Consumers = append(s.fake.base.Consumers[1:len(s.fake.base.Consumers):len(s.fake.base.Consumers)], s.fake.base.Consumers[0])
	s.send(snapshotMsg{})
	s.key("o").shows("is on")
	if p[0].Condition != standin.On {
		t.Errorf("it is %s: the row moved away under the key", p[0].Condition)
	}
	s.key("p").shows("stand-in deliveries."+who, "it dies: what it has in hand is not acknowledged")
	s.write("slow").key("enter").shows("stand-in slow", "it takes ten times as long")
	s.key("enter").shows("by signalbox, slow: 2 in hand, 120 acknowledged, 4 refused to come again")
	s.key("p").write("crash").key("enter")
	if p[0].Condition != standin.Crashed {
		t.Errorf("it is %s", p[0].Condition)
	}
	s.key("esc", "down", "o").shows("it needs a consumer that signalbox plays")
}

// What is typed has a stand-in play or switches it, and says what is wrong.
func TestStandInsByTheirNames(t *testing.T) {
	p, standIns := withStandIn("courier")
	s := drive(t, demo(), 160, 40, armed(t, embeddedBus()), standIns)
	line := func(text string) *driver { return s.key(":").write(text).key("enter") }
	line("stand-in courier failing").shows("deliveries.courier fails: all that it is handed comes again")
	if p[0].Condition != standin.Failing {
		t.Errorf("it is %s", p[0].Condition)
	}
	line("stand-in courier").shows("stand-in deliveries.courier", "switch")
	s.key("esc")
	line("stand-in courier asleep").shows(`"asleep": want on, off, slow, failing, crashed`)
	s.key("esc")
	line("stand-in courier end").shows("was not begun by :stand-in")
	s.key("esc")
	line("stand-in nobody").shows(`no stand-in "nobody"`)
	s.key("esc")
	s.model.Sender.Permit = func(bus.Bus) (bool, string) { return false, "it is not" }
	line("stand-in nobody").shows(`no stand-in "nobody"`)
}
