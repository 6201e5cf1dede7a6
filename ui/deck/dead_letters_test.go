package deck

import (
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
)

// withDeadLetters gives the world three dead letters, the message of the oldest no longer kept.
func withDeadLetters(f *fake) *fake {
	letter := func(at uint64, why string, e *sources.Event) sources.DeadLetterRow {
		return sources.DeadLetterRow{Bus: "embedded nats", Kind: bus.Stream, Event: e,
			DeadLetter: bus.DeadLetter{Standing: bus.GivenUp, Station: "deliveries", Consumer: "courier", Position: bus.Position{Major: at}, Deliveries: 5,
				Why: why, UnixNano: noon.Add(-1).UnixNano() + int64(at)}}
	}
	poison := *f.events[1]
	poison.Number, poison.Data, poison.Problem, poison.Undecodable, poison.Kind = 0, []byte(`{"budget":`), "not JSON", true, nil
	cast := *f.events[0]
	cast.Number = 0
	f.base.Dead = []sources.DeadLetterRow{letter(17, "max deliveries", nil), letter(21, "terminated: cannot parse", &poison),
		letter(44, "max deliveries", &cast)}
	f.base.Dead[1].Standing = bus.Terminated
	return f
}

// What is not dead yet is not counted, and what was given up before the session is, though nobody knows which it was.
func TestDeadLettersAreCounted(t *testing.T) {
	f := withDeadLetters(demo())
	again := f.base.Dead[0]
	again.Standing, again.Position.Major, again.Why = bus.Delivered, 45, "not accepted, to be delivered again"
	more := sources.DeadLetterRow{Bus: again.Bus, Unlisted: 7, AtLeast: true, DeadLetter: bus.DeadLetter{
		Standing: bus.GivenUp, Station: "deliveries", Consumer: "mailer", Deliveries: 5, Why: "before this session watched"}}
	f.base.Dead = append([]sources.DeadLetterRow{more}, append(f.base.Dead, again)...)
	s := drive(t, f, 120, 36)
	s.shows("≥ 10 dead letters (D)")
	s.key("D")
	s.shows("10 unseen of at least 10 · 1 not dead yet", "○", "≥ 7", "before this session watched")
	s.key("end", "enter")
	s.shows("the broker does not tell which messages these are")
	s.key("space", "esc")
	s.shows("3 dead letters (D)")
}

func TestDeadLetters(t *testing.T) {
	s := drive(t, withDeadLetters(demo()), 120, 36, armed(t, embeddedBus()))
	s.shows("3 dead letters (D)")
	s.key("D")
	s.shows("3 unseen of 3")
	s.golden("dead_120x36")
	s.key("down", "enter")
	s.shows("dead letter · PICKUP_PRODUCTS", "✗ terminated: cannot parse", "courier of deliveries", "? not JSON", `{"budget":`)
	s.key("esc")
	s.shows("2 unseen of 3")
	s.key("down", "enter")
	s.shows("no longer kept")
	s.key("space")
	s.shows("1 unseen of 3")
	s.key("space")
	s.shows("2 unseen of 3")
	s.key("M", "esc")
	s.hides("dead letter")
}

// Names are whole where there is room for them, the reason too, and the type where some is left.
func TestDeadLettersUseTheirRoom(t *testing.T) {
	f := withDeadLetters(demo())
	for i := range f.base.Dead {
		f.base.Dead[i].Station, f.base.Dead[i].Consumer = "order-created", "order-service"
	}
	s := drive(t, f, 80, 24)
	s.key("D")
	s.shows(" order-service 44       5     max deliveries ", " order-service 21       5     terminated: cannot parse│")
	s = drive(t, f, 120, 36)
	s.key("D")
	s.shows("order-created order-service 44       CREATE_DELIVERY 5     max deliveries")
}

func TestDeadLetterIsSentAgain(t *testing.T) {
	b := embeddedBus()
	s := drive(t, withDeadLetters(demo()), 120, 36, armed(t, b))
	s.key("D", "r")
	s.shows("send again · CREATE_DELIVERY")
	s.key("ctrl+s")
	if len(b.sent) != 1 || b.sent[0].Station != "deliveries" || !strings.Contains(string(b.sent[0].Data), `"CREATE_DELIVERY"`) {
		t.Fatalf("sent %+v", b.sent)
	}
	s.key("esc")
	s.shows("2 unseen of 3")
	s.key("enter", "e")
	s.shows("5 delivery 01HX00Q")
}

func TestDeadLettersThatComeAndGo(t *testing.T) {
	s := drive(t, withDeadLetters(demo()), 80, 24)
	s.key("D", "down")
	fresh := s.fake.base.Dead[2]
	fresh.Position.Major = 60
	s.fake.base.Dead = append(append([]sources.DeadLetterRow{}, s.fake.base.Dead...), fresh)
	s.send(snapshotMsg{})
	s.shows("4 unseen of 4")
	if got := s.model.Overlays.Top().(component.LetterHolder).ChosenLetter(&s.model.Deck).Position.Major; got != 21 {
		t.Errorf("the chosen one is %d, want still 21", got)
	}
	s.golden("dead_80x24")
	s.key("M")
	s.fake.base.Dead = nil
	s.send(snapshotMsg{})
	s.shows("none: no consumer has given a message up")
	s.key("space", "enter", "r", "e")
}
