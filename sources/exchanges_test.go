package sources

import (
	"fmt"
	"testing"
	"time"

	"signalbox/bus"
)

// Of a service it is counted, by subject, what was asked, what was answered, how long that took and what failed.
func TestEndpoints(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus()
	b.add(bus.Station{Name: "stock", Kind: bus.Service, Readable: true, Traits: bus.Traits{Separators: ".", Exchanges: true}})
	attach(ctx, t, e, b)
	batch := batchOf()
	add := func(subject string, headers ...bus.Header) {
		batch.Add(&bus.Message{Subject: subject, Headers: headers, UnixNano: 1})
	}
	for n := range 100 {
		id := bus.Header{Name: bus.ExchangeHeader, Value: fmt.Sprint("_INBOX.a.", n)}
		add("stock.reserve", id)
		headers := bus.Headers{id, {Name: bus.TookHeader, Value: (time.Duration(n+1) * time.Millisecond).String()}}
		if n%20 == 0 {
			headers = append(headers, bus.Header{Name: bus.FailureHeader, Value: "409: not enough"})
		}
		add("stock.reserve", headers...)
	}
	add("stock.count")
	b.send(ctx, t, e, "stock", batch)
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Events.Total == e.Last() })
	rows := s.Stations[0].Endpoints
	if len(rows) != 2 || rows[0].Subject != "stock.count" || rows[0].Requests != 1 || rows[0].Replies != 0 {
		t.Fatalf("endpoints %+v", rows)
	}
	r := rows[1]
	if r.Requests != 100 || r.Replies != 100 || r.Failures != 5 || r.Took.Most != 100*time.Millisecond {
		t.Errorf("endpoint %+v", r)
	}
	for want, got := range map[time.Duration]time.Duration{50: r.Took.P50, 95: r.Took.P95, 99: r.Took.P99} {
		if want *= time.Millisecond; got < want*98/100 || got > want*102/100 {
			t.Errorf("want about %s, got %s", want, got)
		}
	}
}

func TestEndpointsAreBounded(t *testing.T) {
	x := exchanges{endpoints: map[string]*endpoint{}}
	for n := range mostEndpoints + 5 {
		x.take(&Event{Received: Received{Subject: fmt.Sprint("user.", n), Traits: &bus.Traits{Exchanges: true}}})
	}
	rows := x.rows()
	if last := rows[len(rows)-1]; len(rows) != mostEndpoints+1 || last.Subject != otherSubjects || last.Requests != 5 {
		t.Errorf("%d rows, the last %+v", len(rows), last)
	}
}
