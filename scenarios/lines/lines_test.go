package lines_test

import (
	"strings"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/lines"
)

func TestPlace(t *testing.T) {
	p, err := lines.NewPlacing("data.topic", "data.at")
	if err != nil {
		t.Fatal(err)
	}
	const came = 42
	for _, c := range []struct{ line, subject, at string }{
		{`{"topic":"orders","at":"2026-01-02T15:04:05.006Z"}`, "orders", "2026-01-02T15:04:05.006Z"},
		{`{"topic":"orders","at":"2026-01-02 15:04:05+01:00"}`, "orders", "2026-01-02T14:04:05Z"},
		{`{"topic":"orders","at":"2026-01-02 15:04:05.5"}`, "orders", "2026-01-02T15:04:05.5Z"},
		{`{"topic":7,"at":1767366245}`, "7", "2026-01-02T15:04:05Z"},
		{`{"topic":7,"at":1767366245.25}`, "7", "2026-01-02T15:04:05.25Z"},
		{`{"at":"1767366245006"}`, "stdin", "2026-01-02T15:04:05.006Z"},
		{`{"at":1767366245006000}`, "stdin", "2026-01-02T15:04:05.006Z"},
		{`{"at":1767366245006000000}`, "stdin", "2026-01-02T15:04:05.006Z"},
		{`{"topic":null,"at":"soon"}`, "stdin", ""},
		{`no object`, "stdin", ""},
	} {
		m := bus.Message{Subject: "stdin", Data: []byte(c.line), UnixNano: came}
		p.Place(&m)
		if m.Subject != c.subject {
			t.Errorf("%s: sent to %q", c.line, m.Subject)
		}
		have := m.Time().UTC().Round(time.Millisecond).Format(time.RFC3339Nano)
		if c.at == "" && m.UnixNano != came || c.at != "" && have != c.at {
			t.Errorf("%s: at %s, want %s", c.line, have, c.at)
		}
	}
}

func TestMistakes(t *testing.T) {
	_, err := lines.NewPlacing("data.(", "topic")
	if err == nil || !strings.Contains(err.Error(), "--station: data.(") || !strings.Contains(err.Error(), "--time: topic") || !strings.Contains(err.Error(), "data.topic") {
		t.Errorf("%v", err)
	}
}
