package sources

import (
	"testing"

	"signalbox/sources/subjects"
)

// equal compares values of a type that == can never panic for.
func equal[T comparable](a, b T) bool { return a == b }

func TestViewsAreCompared(t *testing.T) {
	wants := NewFilter(func(*Event) bool { return true })
	view := func() View {
		return View{Events: EventsView{Filter: wants}, Subjects: subjects.Unfold(subjects.Branch{Station: "s", Path: "orders.", Most: 9}, subjects.Branch{Station: "s", Path: "", Most: 9})}
	}
	if !equal(view(), view()) {
		t.Error("views made alike differ")
	}
	for name, change := range map[string]func(*View){
		"another filter": func(v *View) { v.Events.Filter = NewFilter(func(*Event) bool { return true }) },
		"no filter":      func(v *View) { v.Events.Filter = nil },
		"another branch": func(v *View) {
			v.Subjects = subjects.Unfold(subjects.Branch{Station: "s", Path: "orders", Most: 9}, subjects.Branch{Station: "s", Path: "", Most: 9})
		},
		"more of a branch": func(v *View) {
			v.Subjects = subjects.Unfold(subjects.Branch{Station: "s", Path: "orders.", Most: 10}, subjects.Branch{Station: "s", Path: "", Most: 9})
		},
		"no branch":    func(v *View) { v.Subjects = subjects.Unfolded{} },
		"another time": func(v *View) { v.At = 7 },
	} {
		if v := view(); func() bool { change(&v); return equal(v, view()) }() {
			t.Errorf("a view with %s is the same", name)
		}
	}
}

func TestFilterThatIsMissingOrPanics(t *testing.T) {
	var all *EventFilter
	if !all.Wants(&Event{}) {
		t.Error("no filter does not want everything")
	}
	if NewFilter(func(*Event) bool { panic("bad filter") }).Wants(&Event{}) {
		t.Error("a filter that panics wants an event")
	}
}
