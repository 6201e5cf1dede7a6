package deck

import (
	"context"
	"testing"

	"signalbox/sources"
)

// partial is the demo with a first entity that began before anybody watched.
func partial() *fake {
	f := demo()
	of := f.entities[0].Entity
	e := *f.details[of]
	e.Partial, e.Lack = true, sources.Began
	f.details[of], f.entities[0].Partial = &e, true
	return f
}

// An entity is completed when its state is opened, not before, and once; esc leaves that; what cannot be completed says why.
func TestAnOpenedEntityIsCompleted(t *testing.T) {
	f := partial()
	var asked []sources.Entity
	var press func(string)
	f.complete = func(ctx context.Context, of sources.Entity, progress func(sources.CompleteProgress)) (sources.Completion, error) {
		asked = append(asked, of)
		progress(sources.CompleteProgress{Station: "deliveries", Read: 1200, Of: 5000})
		press("esc")
		return sources.Completion{}, ctx.Err()
	}
	s := drive(t, f, 120, 36)
	press = func(key string) {
		s.shows("completing: 24 % of deliveries, esc stops")
		s.model.Update(keyPress(key))
	}
	s.key("4", "home")
	if len(asked) != 0 {
		t.Fatalf("completed before it was opened: %v", asked)
	}
	s.key("enter")
	s.shows("the entity stays partial until it is opened again", "began before")
	if s.focused() != "State" || len(asked) != 1 {
		t.Fatalf("%s has the keys, %d were completed", s.focused(), len(asked))
	}
	f.complete = func(_ context.Context, of sources.Entity, _ func(sources.CompleteProgress)) (sources.Completion, error) {
		asked = append(asked, of)
		return sources.Completion{Lack: sources.Began, Why: "orders (subject) keeps no history"}, nil
	}
	s.key("down", "up")
	if len(asked) != 1 {
		t.Error("completed again although it was left")
	}
	s.key("4", "enter", "down", "up")
	s.shows("partial: orders (subject) keeps no history")
	if len(asked) != 2 {
		t.Errorf("completed %d times, want 2", len(asked))
	}
	f.complete = func(_ context.Context, of sources.Entity, _ func(sources.CompleteProgress)) (sources.Completion, error) {
		e := *f.details[of]
		e.Partial, e.Lack = false, sources.Whole
		f.details[of] = &e
		return sources.Completion{Found: 2}, nil
	}
	s = drive(t, f, 120, 36)
	s.key("4", "home", "enter")
	s.shows("completed by 2 events from before what is held")
	s.key("x")
	s.hides("began before")
}
