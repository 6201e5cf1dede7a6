package deck

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"signalbox/sources"
	"signalbox/ui/deck/overlays"
)

func TestEventsFollowUntilScrolled(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.shows("following ─ 98", "01HX39Q")
	s.key("up")
	s.shows("scrolled · 1 newer")
	for i := range 40 {
		s.fake.add("election", "BallotCast", "ballot", fmt.Sprint("c-", i), `{}`, "")
	}
	s.send(snapshotMsg{})
	s.shows("scrolled · 41 newer", "CREATE_DELIVERY  delivery 01HX39Q")
	s.hides("c-39")
	s.key("end")
	s.shows("following ─ 138", "c-39")
	s.key("pgup", "pgup", "home")
	s.shows("01HX00Q budget=50", "137 newer")
	s.key("G")
	s.shows("following", "c-39")
	s.key("k", "j", "j")
	s.shows("following")
}

func TestEventStaysOpenAndChosenWhileOthersCome(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("enter")
	s.shows("event 98", `"purchase_price": 10`, "active → collected")
	for i := range 40 {
		s.fake.add("election", "BallotCast", "ballot", fmt.Sprint("c-", i), `{}`, "")
	}
	s.send(snapshotMsg{})
	s.shows("event 98")
	s.key("tab")
	s.shows("tree [raw] hex", `{"purchase_price":10,"quantity":2}`)
	s.key("tab")
	s.shows("00000000  7b 22 70 75")
	s.key("esc")
	s.shows("scrolled · 40 newer")
}

func TestOpenEventThatHasLeft(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("home", "enter")
	s.key("esc")
	s.fake.events = s.fake.events[50:]
	s.send(snapshotMsg{})
	s.run(overlays.OpenEvent(&s.model.Deck, 3))
	s.send(snapshotMsg{})
	s.shows("this event has left the window")
}

func TestRefusedEventSaysWhy(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("/").write("type:DELIVER_PRODUCTS").key("enter", "enter")
	s.shows("rejected", "✗ Not enough quantity")
}

func TestEntityOfAnEvent(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("/").write("01HX00Q").key("enter", "e")
	s.shows("5 delivery 01HX00Q")
	if got := s.focused(); got != "State" {
		t.Errorf("the focus is on %s, want the state", got)
	}
}

func TestOnlyOneStation(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("1", "down", "o")
	s.shows(" only election ", "8 of 98")
	s.key("o")
	s.hides(" only election ")
}

func TestLargePayloadOpensAndScrolls(t *testing.T) {
	f := demo()
	long := bytes.Repeat([]byte(`{"k":"`+strings.Repeat("x", 500)+`"},`), 10_000)
	f.add("deliveries", "BULK", "delivery", "big", `[`+string(long)+`{}]`, "")
	s := drive(t, f, 120, 36)
	s.key("enter")
	s.shows("event 99", `"k": "xxx`)
	s.key("end")
	s.shows("]")
	s.key("home", "tab", "end")
	s.shows("{}]")
	s.key("tab", "end")
	s.shows("7b 7d 5d")
}

// An open event says what state its entity was in, and what the event made of it; so does a message that a consumer has not
// acknowledged.
func TestAnEventSaysTheStateThen(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	refused := s.fake.events[len(s.fake.events)-1]
	for _, e := range s.fake.events {
		if e.Rejected != "" {
			refused = e
		}
	}
	s.fake.found = s.fake.detailOf(refused)
	s.key("3", "enter")
	s.shows("oldest unacknowledged · tab chooses one, enter opens it")
	s.key("enter")
	s.shows("✗ "+refused.Rejected, "the state that it was refused in", "budget    50")
	s.key("esc")
	s.fake.found = &sources.EventDetail{Event: refused, Held: len(refused.Data)}
	s.key("enter")
	s.shows("not known: the event has left the window")
	s.key("esc")
	s.fake.found = nil
	s.key("enter")
	s.shows("it is gone")
}
