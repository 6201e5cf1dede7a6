package output

import (
	"testing"

	"signalbox/sources"
)

// Why versions are not in a history is said: they have left, or there are more than are listed.
func TestOlderVersions(t *testing.T) {
	for _, c := range []struct {
		steps   int
		missing uint64
		want    string
	}{
		{3, 0, ""},
		{sources.MaxHistory, 0, ""},
		{3, 1200, "1,200 older left the window"},
		{sources.MaxHistory, 500, "the newest 1,000, 500 older"},
	} {
		d := &sources.EntityDetail{}
		d.History, d.Missing = make([]sources.HistoryStep, c.steps), c.missing
		if got := OlderVersions(d); got != c.want {
			t.Errorf("of %d steps with %d missing: %q, want %q", c.steps, c.missing, got, c.want)
		}
	}
}
