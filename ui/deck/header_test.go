package deck

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"signalbox/bus"
	"signalbox/sources"
)

// busy is the demo with large figures, dead letters and a long name.
func busy() *fake {
	f := demo()
	f.base.Rate = 123_456
	f.base.Ledger.Held, f.base.Ledger.Missed = 12_345_678, 4_321
	f.base.Buses[0].Name = "nats-production-cluster.eu-central-1.example.com:4222"
	for i := range 12 {
		f.base.Dead = append(f.base.Dead, sources.DeadLetterRow{Bus: f.base.Buses[0].Name,
			DeadLetter: bus.DeadLetter{Station: "deliveries", Consumer: "courier", Position: bus.Position{Major: uint64(i) + 1}}})
	}
	return f
}

// What flows, with its unit, what is held and what is lost stand in the header at every width.
func TestHeaderKeepsUnitsHeldAndLost(t *testing.T) {
	for _, f := range []func() *fake{demo, busy} {
		for width := 60; width <= 200; width++ {
			s := drive(t, f(), width, 24)
			head, _, _ := strings.Cut(ansi.Strip(s.model.View().Content), "\n")
			for _, want := range []string{"● live", " ev/s", "held ", "lost "} {
				if !strings.Contains(head, want) {
					t.Errorf("%d cells: no %q in %q", width, want, head)
				}
			}
		}
	}
}

// Whether something sent goes to production is seen in the header, in letters and in red; on this machine it is green.
func TestArmedIsRedOnProduction(t *testing.T) {
	far := embeddedBus()
	far.info.Embedded, far.info.Loopback = false, false
	for _, test := range []struct {
		bus        *fakeBus
		production string
		text       string
	}{{embeddedBus(), "", "armed"}, {embeddedBus(), "shop", "armed · production"}, {far, "", "armed"}, {far, "shop", "armed · production"}} {
		for _, width := range []int{200, 120, 80, 60} {
			f := demo()
			if width < 120 {
				f = busy()
			}
			s := drive(t, f, width, 36, armed(t, test.bus), func(o *Options) {
				o.Title, o.Production = "", func(bus.Bus) Mark { return Mark{Name: test.production} }
			})
			head, _, _ := strings.Cut(s.model.View().Content, "\n")
			style := s.model.Theme.Good
			switch {
			case test.production != "":
				style = s.model.Theme.Bad.With(s.model.Theme.Bright)
			case !test.bus.info.Loopback:
				style = s.model.Theme.Warn
			}
			if want := "\x1b[0;" + string(style) + "marmed"; !strings.Contains(head, want) {
				t.Errorf("%d cells, production %q: no %q in %q", width, test.production, want, head)
			}
			if text := strings.TrimRight(ansi.Strip(head), " "); width < 120 && !strings.HasSuffix(text, " armed") && !strings.HasSuffix(text, " armed!") {
				t.Errorf("%d cells: armed is cut in %q", width, text)
			}
			if text := ansi.Strip(head); width == 200 && !strings.Contains(text, "  "+test.text+"  ") {
				t.Errorf("no %q in %q", test.text, text)
			}
		}
	}
}
