package pipe

import (
	"testing"

	"signalbox/bus"
)

// Whatever a line holds, opening it neither fails nor takes longer than the line is long.
func FuzzEnvelope(f *testing.F) {
	for _, line := range []string{
		`{"topic":"orders","partition":0,"offset":7,"tstype":"create","ts":1700000000123,"headers":["a"],"payload":"{}"}`,
		`{"time":"2026-01-02T15:04:05Z","bus":"b","station":"s","subject":"x","headers":{"a":1},"data":NaN,"payload":[[[[`,
		`{"tstype":{"tstype":"station"},"topic":"a","offset":1e999,"ts":-9223372036854775808}`, "{", "\x00{\"station\"", "",
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		m := bus.Message{Subject: Name, Data: line, Size: len(line)}
		open(&m)
		if m.Size != len(m.Data) || len(m.Data) > len(line) {
			t.Errorf("%d bytes of %d, said to be %d", len(m.Data), len(line), m.Size)
		}
	})
}
