package scenarios

import (
	"strings"
	"testing"

	"signalbox/scenarios/script"
)

// A stand-in is found by its full name, or by its own name where one of the domains of the script has it alone.
func TestStandInNames(t *testing.T) {
	l := Builtin()
	shop := "domain: shop\nentity: order\nevents: { stations: [shop], type: data.type, id: data.id }\nstand-ins: { courier: { reads: shop } }\n"
	if err := l.Add("shop.yaml", []byte(shop)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		domain string
		uses   []string
		name   string
		wrong  string
	}{
		{"", nil, "shop.courier", ""},
		{"", []string{"shop"}, "courier", ""},
		{"deliveries", []string{"deliveries"}, "courier", ""},
		{"", []string{"shop", "deliveries"}, "courier", "deliveries.courier and shop.courier are both stand-ins called courier: name one in full"},
		{"", []string{"orders"}, "courier", `no stand-in "courier"`},
	} {
		err := l.KnowsStandIn(&script.Script{Domain: c.domain, Uses: c.uses}, c.name)
		if got := strings.SplitN(errorText(err), ";", 2)[0]; got != c.wrong {
			t.Errorf("%s of %q and %q: %q, want %q", c.name, c.domain, c.uses, got, c.wrong)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
