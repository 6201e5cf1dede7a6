package deck

import (
	"slices"
	"testing"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/diagnosis"
)

// anotherSession is what another session of signalbox reads with.
func anotherSession() sources.ConsumerRow {
	return sources.ConsumerRow{
		Bus: "embedded nats", Consumer: bus.Consumer{Station: "deliveries", Name: "signalbox-Xq3", Kind: "ephemeral", Session: true},
		Diagnosis: diagnosis.Diagnosis{Word: "ok", Text: "looks on for another session of signalbox"},
	}
}

// Readers of other sessions are folded away, and it is said that they are there.
func TestOtherSessionsAreFoldedAway(t *testing.T) {
	f := demo()
	f.base.Consumers = append(slices.Clone(f.base.Consumers), anotherSession())
	s := drive(t, f, 120, 36)
	s.key("3").shows("1 session (O)")
	s.hides("signalbox-Xq3")
	s.key("O").shows("signalbox-Xq3")
	s.hides("1 session (O)")
	s.key("O").hides("signalbox-Xq3")
}
