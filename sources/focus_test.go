package sources

import "testing"

// While nobody has chosen an entity, the first of the list is shown, also when it becomes another; one that is chosen
// stays.
func TestTheFirstEntityIsShownWhileNoneIsChosen(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "box SET a n=1", "box SET b n=1")
	v := View{First: true, Entities: EntitiesView{Rows: 5}}
	is := func(id string, version uint64) func(*Snapshot) bool {
		return func(s *Snapshot) bool { return s.Entity != nil && s.Entity.ID == id && s.Entity.Newest == version }
	}
	looks(ctx, t, e, v, is("b", 1))
	b.texts(ctx, t, e, "s", "box SET a n=2")
	looks(ctx, t, e, v, is("a", 2))
	v.Entity = Entity{Kind: "box", ID: "b"}
	looks(ctx, t, e, v, is("b", 1))
	b.texts(ctx, t, e, "s", "box SET a n=3")
	looks(ctx, t, e, v, is("b", 1))
	v.Entity = Entity{}
	looks(ctx, t, e, v, is("a", 3))
	if err := e.requests.do(ctx, e.forget); err != nil {
		t.Fatal(err)
	}
	looks(ctx, t, e, v, func(s *Snapshot) bool { return s.Entity == nil })
}
