package sources

import (
	"context"
	"errors"
	"testing"

	"signalbox/bus"
)

// gettingBus hands out single messages.
type gettingBus struct {
	*memoryBus
	message bus.Message
}

func (b *gettingBus) Get(_ context.Context, _ bus.Station, at bus.Position) (bus.Message, error) {
	if at != b.message.Position {
		return bus.Message{}, errors.New("no such message")
	}
	return b.message, nil
}

// A message that is named by its place is found with the states of its entity then, as long as it is held, and else as the bus
// still has it.
func TestFind(t *testing.T) {
	e, ctx := running(t, Options{})
	b := &gettingBus{newMemoryBus("s"), message(1, "thing SET a n=1")}
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a n=1", "thing REFUSE a n=9", "thing SET a n=2")
	at := func(i int) bus.Position { return message(i, "").Position }
	d, err := e.Find(ctx, "memory", "s", at(2))
	if err != nil || d.Number != 2 || d.Rejected == "" || d.Moment == nil || len(d.Moment.Changed) != 0 ||
		len(d.Moment.After) != 1 || d.Moment.After[0].Value.String() != "1" {
		t.Errorf("the refused one: %+v, %v", d, err)
	}
	d, err = e.Find(ctx, "memory", "s", at(3))
	if err != nil || d.Number != 3 || len(d.Moment.Changed) != 1 || d.Moment.Before[0].Value.String() != "1" || d.Moment.After[0].Value.String() != "2" {
		t.Errorf("the last one: %+v, %v", d, err)
	}
	if err := e.requests.do(ctx, e.store.Window.Clear); err != nil {
		t.Fatal(err)
	}
	d, err = e.Find(ctx, "memory", "s", at(1))
	if err != nil || d.Number != 0 || d.Moment != nil || d.Entity() != (Entity{Kind: "thing", ID: "a"}) {
		t.Errorf("the first one, which is held no more: %+v, %v", d, err)
	}
	if d, err = e.Find(ctx, "memory", "s", at(2)); err == nil {
		t.Errorf("found what nobody has: %+v", d)
	}
	if d, err = e.Find(ctx, "memory", "nowhere", at(2)); err == nil {
		t.Errorf("found in a station that is not read: %+v", d)
	}
}
