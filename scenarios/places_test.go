package scenarios_test

import (
	"fmt"
	"testing"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/sources"
)

// A domain is at home on a channel also where that comes by a pattern; a domain without rules takes what events say.
func TestDomainsAreAtHomeOnWhatAPatternGathers(t *testing.T) {
	l := &scenarios.Library{}
	for _, text := range []string{
		"domain: loans\nentity: loan\nevents: { stations: [\"lib:loans\", \"lib:late-*\"], type: data.type, id: data.loan_id }\n" +
			"fold: { Lent: { set: { days: data.days } } }\n",
		"domain: trips\nentity: trip\nevents: { stations: [trips], type: data.kind, id: data.no }\n",
	} {
		if err := l.Add("test.yaml", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	d := l.Domains()
	gathers := &bus.Traits{Gathers: true}
	for _, c := range []struct {
		station, subject string
		traits           *bus.Traits
		data             string
		kind, fold       string
	}{
		{"store", "lib:loans", &bus.Traits{}, `{"type":"Lent","loan_id":"n-1","days":3}`, "loan", "*fold.Merge"},
		{"lib:*", "lib:other", gathers, `{"type":"Lent","loan_id":"n-1","days":3}`, "loan", "*fold.Merge"},
		{"lib:*", "lib:loans", gathers, `{"type":"Lent","loan_id":"n-1","days":3}`, "loan", "*fold.Rule"},
		{"lib:*", "lib:late-1", gathers, `{"type":"Lent","loan_id":"n-1","days":3}`, "loan", "*fold.Rule"},
		{"trips", "trips", &bus.Traits{}, `{"kind":"Begun","no":7,"to":"Rome"}`, "trip", "*fold.Merge"},
		{"trips", "trips", &bus.Traits{}, `{"kind":"Begun","no":`, "", "<nil>"},
	} {
		e := &sources.Event{Received: sources.Received{Station: c.station, Subject: c.subject, Traits: c.traits, Data: []byte(c.data)}}
		d.Understand(e)
		if have := fmt.Sprintf("%T", e.Fold); e.Entity().Kind != c.kind || have != c.fold {
			t.Errorf("%s %s %s: kind %q, fold %s", c.station, c.subject, c.data, e.Entity().Kind, have)
		}
	}
}
