package script

import (
	"testing"

	"signalbox/bus"
)

// What a broker does not tell of a consumer is not said.
func TestFiguresOfAConsumer(t *testing.T) {
	all := bus.Consumer{Station: "orders", Lag: 3, Unacked: 1, Redelivered: 0, Waiting: 2}
	if got, want := figures(&all), "station=orders lag=3 unacked=1 redelivered=0 waiting=2"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	some := bus.Consumer{Station: "orders", Lag: 3, Unacked: 1, Redelivered: -1, Waiting: -1}
	if got, want := figures(&some), "station=orders lag=3 unacked=1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
