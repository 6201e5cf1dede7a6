package bus_test

import (
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

func TestParseFrom(t *testing.T) {
	for text, want := range map[string]bus.From{
		"new":      {Start: bus.FromNew},
		"all":      {Start: bus.FromAll},
		"last:20":  {Start: bus.FromLast, Last: 20},
		"since:5m": {Start: bus.FromSince, Since: 5 * time.Minute},
		"seq:17":   {Start: bus.FromAt, Position: bus.Position{Major: 17}},
		"id:5-3":   {Start: bus.FromAt, Position: bus.Position{Major: 5, Minor: 3}},
		"seq:2:16": {Start: bus.FromAt, Position: bus.Position{Partition: 2, Major: 17}},
	} {
		got, err := bus.ParseFrom(text)
		if err != nil || got != want {
			t.Errorf("ParseFrom(%q) = %+v, %v, want %+v", text, got, err, want)
		}
		again, err := bus.ParseFrom(got.String())
		if err != nil || again != want {
			t.Errorf("ParseFrom(%q), as %+v writes itself, = %+v, %v", got.String(), want, again, err)
		}
	}
}

func TestParseFromRefuses(t *testing.T) {
	for _, text := range []string{"", "old", "new:1", "all:1", "last", "last:0", "last:-1", "last:x", "since:", "since:0s", "since:-1m", "since:5", "seq:", "seq:x", "id:1-"} {
		_, err := bus.ParseFrom(text)
		if err == nil {
			t.Errorf("ParseFrom(%q) takes it", text)
			continue
		}
		if !strings.Contains(err.Error(), "last:N") {
			t.Errorf("ParseFrom(%q): %v, want it to say what is expected", text, err)
		}
	}
}
