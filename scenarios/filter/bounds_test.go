package filter_test

import (
	"strings"
	"testing"
	"time"

	"signalbox/bus/bustest/hostile"
	"signalbox/scenarios/filter"
	"signalbox/sources"
)

// Whatever is typed, or comes from a script, is an error or a filter that tells of an event soon.
func TestHostileFilters(t *testing.T) {
	e := &sources.Event{}
	e.Data = []byte(`{"n":7,"s":"text","l":[` + strings.TrimSuffix(strings.Repeat("1,", 1000), ",") + `],"o":{"o":{}}}`)
	for _, sample := range hostile.Expressions() {
		began := time.Now()
		f, err := filter.ParseEvents(sample.Text)
		if err == nil {
			f.Wants(e)
		}
		if g, err := filter.ParseEntities(sample.Text); err == nil {
			g.Wants(&sources.EntityRow{})
		}
		if took := time.Since(began); took > 5*time.Minute { // what has no bound takes hours
			t.Errorf("%s takes %s", sample.Name, took)
		}
	}
}

// What is too much work is left out, and counted.
func TestFiltersCountWhatTheyCannotTell(t *testing.T) {
	f, err := filter.ParseEvents("all(data.l, all(data.l, all(data.l, # > 0)))")
	if err != nil {
		t.Fatal(err)
	}
	large, small := &sources.Event{}, &sources.Event{}
	large.Data = []byte(`{"l":[` + strings.TrimSuffix(strings.Repeat("1,", 1000), ",") + `]}`)
	small.Data = []byte(`{"l":[1,2]}`)
	if f.Wants(large) || !f.Wants(small) || f.Wants(large) {
		t.Error("the large event is wanted, or the small one is not")
	}
	times, why := f.Failed()
	if times != 2 || why != "too much work: it takes more than 200000 steps" {
		t.Errorf("it failed %d times: %s", times, why)
	}
}
