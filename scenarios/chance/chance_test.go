package chance

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	ulidForm = regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`)
	uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
)

// taken is what a stream has made.
func taken(c *Chance) []string {
	var out []string
	for range 20 {
		out = append(out, c.ULID(), c.UUID())
		name, err := c.Fake("name")
		if err != nil {
			name = err
		}
		out = append(out, name.(string))
	}
	return out
}

func TestTheSameSeedGivesTheSame(t *testing.T) {
	seed := Seed(time.Now())
	if seed > MostSeed {
		t.Errorf("the seed %d does not fit into a number of JSON", seed)
	}
	first, again := New(seed, "a"), New(seed, "a")
	if diff := cmp.Diff(taken(first), taken(again)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(taken(first.Child()), taken(again.Child())); diff != "" {
		t.Error(diff)
	}
	for name, other := range map[string]*Chance{"another seed": New(seed+1, "a"), "another name": New(seed, "b"), "a child": New(seed, "a").Child()} {
		if x := New(seed, "a").UUID(); x == other.UUID() {
			t.Errorf("%s has the same %s", name, x)
		}
	}
}

// The ids of a seed that was drawn later sort after those of an earlier one; so do those that follow in one stream.
func TestULIDsSortByTime(t *testing.T) {
	now := time.Date(2026, 11, 20, 14, 3, 22, 0, time.UTC)
	var all []string
	for i := range 3 {
		c := New(Seed(now.Add(time.Duration(i)*time.Minute)), "a")
		for range 50 {
			all = append(all, c.ULID())
		}
	}
	if !slices.IsSorted(all) || all[0][:6] != "01KAGM" && all[0][:2] != "01" {
		t.Errorf("not in order: %q", all)
	}
	for _, id := range all {
		if !ulidForm.MatchString(id) {
			t.Errorf("%q is no ULID", id)
		}
	}
	if id := Drawn().UUID(); !uuidForm.MatchString(id) {
		t.Errorf("%q is no UUID", id)
	}
}

// Whatever can be made up is a value that expressions have.
func TestFakes(t *testing.T) {
	names := Fakes()
	if len(names) < 250 || !slices.Contains(names, "firstname") {
		t.Fatalf("%d names: %q", len(names), names)
	}
	for _, name := range names {
		made, err := New(7, "").Fake(name)
		if err != nil || made == nil {
			t.Errorf("%s: %v, %v", name, made, err)
			continue
		}
		switch made.(type) {
		case string, int, float64, bool, []any, map[string]any:
		default:
			t.Errorf("%s is of the type %T", name, made)
		}
		again, err := New(7, "").Fake(name)
		if diff := cmp.Diff(made, again); name != "futuredate" && name != "pastdate" && (err != nil || diff != "") {
			t.Errorf("%s is another the second time: %v %s", name, err, diff)
		}
	}
	for name, want := range map[string]string{
		"frstname": `fake: no generator "frstname"; did you mean firstname?`,
		"number":   `fake: no generator "number"`, // it has parameters
		"":         `fake: no generator ""`,
	} {
		if _, err := New(7, "").Fake(name); err == nil || len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
}
