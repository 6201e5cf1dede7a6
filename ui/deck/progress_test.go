package deck

import (
	"testing"

	"signalbox/bus"
	"signalbox/sources"
)

// handled gives the chosen delivery two consumers that have handled its five steps so far, and two of its copy.
func handled(f *fake) *fake {
	e := f.details[f.entities[0].Entity]
	e.History = append(e.History, sources.HistoryStep{Version: 4, Number: 9, Time: noon.Add(5e9), Type: "PUT", Station: "deliveries-state"})
	stands := func(all ...bus.Standing) []sources.Stand {
		out := make([]sources.Stand, len(all))
		for i, s := range all {
			out[i].Standing = s
		}
		return out
	}
	f.base.Progress = []sources.Progress{
		{Bus: "embedded nats", Station: "deliveries", Consumer: "courier", Stands: stands(bus.Done, bus.Done, bus.Done, bus.Done, bus.Done, "")},
		{Bus: "embedded nats", Station: "deliveries", Consumer: "billing",
			Stands: stands(bus.Filtered, bus.GivenUp, bus.Unknown, bus.Delivered, bus.Waiting, "")},
		{Bus: "embedded nats", Station: "deliveries", Consumer: "audit",
			Stands: stands(bus.Filtered, bus.Filtered, bus.Filtered, bus.Filtered, bus.Filtered, "")},
		{Bus: "embedded nats", Station: "deliveries-state", Consumer: "copier", Stands: stands("", "", "", "", "", bus.Unknown)},
	}
	f.base.Progress[1].Stands[3].Who = "billing-2"
	return f
}

func TestStateSumsUpWhoHasHandledIt(t *testing.T) {
	s := drive(t, handled(demo()), 200, 60)
	s.key("5")
	s.shows("handled   courier done · billing given up v2 · audit filtered out")
	s.key("down", "down", "down", "down", "enter")
	s.shows("who has handled delivery 01HX00Q", "▸ delivered to billing-2")
	s.key("esc", "down", "enter")
	s.shows("event 9")
	s.golden("progress_200x60")
}

func TestProgressTable(t *testing.T) {
	s := drive(t, handled(demo()), 120, 36)
	s.key("4", "w")
	s.golden("progress_120x36")
	s.key("down", "enter")
	s.shows("event 4")
	s.key("esc")
	s.shows("who has handled")
	s = drive(t, handled(demo()), 80, 24)
	s.key("4", "w")
	s.shows("consumers 1–3 of 4")
	s.key("right", "right", "right")
	s.shows("consumers 2–4 of 4", "copier")
	s.hides("courier")
	s.golden("progress_80x24")
	s.fake.base.Progress = nil
	s.send(snapshotMsg{})
	s.shows("no longer tells")
}

func TestProgressIsOfferedOnlyWhereItIsKnown(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("5", "end")
	s.hides("w who", "handled ")
	s.key("w")
	s.hides("who has handled")
}
