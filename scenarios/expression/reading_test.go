package expression

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	for text, want := range map[string]Reading{
		"1 < 2": {Fixed: true},
		`state.budget - cost > 3 && status == "activ"`: {
			Uses:        []Use{{[]string{"state", "budget"}, 0}, {[]string{"cost"}, 15}, {[]string{"status"}, 27}},
			Comparisons: []Comparison{{[]string{"status"}, "activ", 37}},
			Both:        []Comparison{{[]string{"status"}, "activ", 37}},
		},
		`age > 5m || "a" != state?.status`: {
			Uses:        []Use{{[]string{"age"}, 0}, {[]string{"state", "status"}, 19}},
			Comparisons: []Comparison{{[]string{"state", "status"}, "a", 12}},
		},
		`status in ["a", "b"]`: {
			Uses:        []Use{{[]string{"status"}, 0}},
			Comparisons: []Comparison{{[]string{"status"}, "a", 11}, {[]string{"status"}, "b", 16}},
		},
		"random(1, 2) > 1": {},
		"state.items[0]":   {Uses: []Use{{[]string{"state", "items"}, 0}}},
		"no > ":            {},
	} {
		got := Read(text)
		if text == "random(1, 2) > 1" {
			got.Uses = nil // the function's name
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", text, d)
		}
	}
	want := Reading{Uses: []Use{{[]string{"d", "id"}, 4}, {[]string{"x"}, 11}}}
	if d := cmp.Diff(want, ReadTemplate("{{a{d.id} {x}")); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
