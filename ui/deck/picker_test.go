package deck

import (
	"strings"
	"testing"
)

func TestPickerPutsWhatWasTypedFirst(t *testing.T) {
	for typed, want := range map[string]string{
		"":        "deliveries/happy-path orders/happy-path deliveries/refusals",
		"refus":   "deliveries/refusals",
		"REFUS":   "deliveries/refusals",
		"courier": "deliveries/happy-path", // only in what it is about
		"happy":   "deliveries/happy-path orders/happy-path",
		"delfus":  "deliveries/refusals", // its letters, in order
		"zzz":     "",
	} {
		s := play(t, demo(), 120, 36)
		s.run(s.deck.openPicker("scripts", "play", []choice{
			{name: "deliveries/happy-path", about: "A delivery from its creation to the customer, by the courier"},
			{name: "orders/happy-path", about: "An order is placed"},
			{name: "deliveries/refusals", about: "Every way in which a delivery can fail"},
		}))
		s.write(typed)
		p := s.deck.top().(*picker)
		var got []string
		for i := range p.found {
			got = append(got, p.key(i))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
}
