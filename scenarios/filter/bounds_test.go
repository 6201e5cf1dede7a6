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

// What cannot be computed of an event is counted, but for what the event has not: no filter matches nothing in silence.
func TestFiltersCountWhatTheyCannotCompute(t *testing.T) {
	e := &sources.Event{}
	e.Data = []byte(`{"quantity":"10","name":"tea"}`)
	for text, want := range map[string]string{
		`!data.quantity`:               `data.quantity: want true or false, have "10"`,
		`data.quantity && data.name`:   `data.quantity: want true or false, have "10"`,
		`data.name > 3`:                `data.name > 3: cannot compare "tea" with 3`,
		`max(data.name, 3) > 3`:        `invalid argument for max (type string)`,
		`data.gone > 3`:                "",
		`!data.gone`:                   "",
		`max(data.gone, 3) > 3`:        "",
		`any(data.gone, # > 3)`:        "",
		`sum(data.gone, .price) > 3`:   "",
		`round(data.quantity) == 10`:   "",
		`data.name contains data.gone`: "",
	} {
		f, err := filter.ParseEvents(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		f.Wants(e)
		if _, why := f.Failed(); why != want {
			t.Errorf("%s: it says %q, want %q", text, why, want)
		}
	}
}
