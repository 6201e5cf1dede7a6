package dialogs

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
		p := &picker{choices: []Choice{
			{Name: "deliveries/happy-path", About: "A delivery from its creation to the customer, by the courier"},
			{Name: "orders/happy-path", About: "An order is placed"},
			{Name: "deliveries/refusals", About: "Every way in which a delivery can fail"},
		}}
		p.input.Set(typed)
		p.search()
		var got []string
		for i := range p.found {
			got = append(got, p.key(i))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
}
