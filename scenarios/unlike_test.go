package scenarios

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signalbox/bus"
	"signalbox/sources"
)

// What is to be sent is compared with the events of its type: a subscriber of EventsPype drops an event of a class that it does not
// know, and one with a field that its class does not have.
func TestUnlikeOthersIsTold(t *testing.T) {
	channels := bus.Station{Name: "eventspype:*", Kind: bus.Pattern, Readable: true, Traits: bus.Traits{Gathers: true}}
	envelope := func(class, payload string) string {
		return fmt.Sprintf(`{"event_tag": "PLACED", "event_class": %q, "event_module": "shop", "payload": %q}`, class, payload)
	}
	s := &shelf{batches: map[string]*bus.Batch{}}
	for n := range 6 {
		s.add(channels, "eventspype:PLACED", envelope("Placed", fmt.Sprintf(`{"order_id": %d, "note": "n%d"}`, n, n)))
	}
	e := sources.NewEngine(sources.Options{Domains: Builtin().Domains()})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	over := make(chan error)
	go func() { over <- e.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-over; err != nil {
			t.Error(err)
		}
	}()
	unlike := func(data string) []string {
		t.Helper()
		p, err := e.Preview(ctx, &sources.Event{Received: sources.Received{Bus: "shelf", Station: channels.Name, Subject: "eventspype:PLACED", Data: []byte(data)}})
		if err != nil {
			t.Fatal(err)
		}
		return p.Unlike
	}
	if said := unlike(envelope("Placed", `{"anything": 1}`)); said != nil {
		t.Errorf("nothing is held, and it says %q", said)
	}
	if err := e.Attach(ctx, s, sources.Selection{From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	if err := e.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	if said := unlike(envelope("Placed", `{"order_id": 9}`)); said != nil {
		t.Errorf("it says %q of what is like the others", said)
	}
	want := []string{
		"amount: none of the events of this type that are held has it (6 looked at)",
		`event_class: all events of this type that are held have "Placed" (6 looked at)`,
	}
	if diff := cmp.Diff(want, unlike(envelope("PlacedV2", `{"order_id": 9, "amount": 1}`))); diff != "" {
		t.Error(diff)
	}
}
