package entities

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/slab"
	"signalbox/sources/state"
)

// TestEntitiesWithinTheirShare gives more entities than there is memory for and compares what is left with a model.
func TestEntitiesWithinTheirShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Int64Range(500_000, 2_000_000).Draw(t, "limit")
		table := New(limit, 1<<20)
		kind := state.NewKind("thing", "a", "b", "c")
		table.Meet(kind)
		all := map[string][]string{} // fields by ID
		trees := rapid.Bool().Draw(t, "trees")
		size := rapid.IntRange(1, 300).Draw(t, "size")
		var s state.State
		for i := range rapid.IntRange(1, 20_000).Draw(t, "events") {
			id := fmt.Sprintf("id-%d", i*7919%6007)
			slot, ok := table.Find(kind, id)
			if !ok {
				slot = table.Add(kind, id, uint64(i+1), 0, false)
				all[id] = make([]string, 4)
			}
			table.Touch(slot, uint64(i+1), int64(i))
			table.Load(slot, &s)
			was := all[id]
			for field, want := range was {
				if got := plainText(s.Get(field)); got != want && !s.Partial {
					t.Fatalf("%s: field %d is %.20q, want %.20q", id, field, got, want)
				} else if got == "" && want != "" {
					was[field] = "" // it was given up
				}
			}
			field := i % 4
			text := strings.Repeat("x", (i*31)%size)
			if trees && i%50 == 0 && field > 0 {
				s.SetIn(field, []string{"part"}, state.TextValue(text))
			} else {
				s.Set(field, state.TextValue(text))
			}
			was[field] = plainText(s.Get(field))
			table.Store(slot, &s)
			if held := table.held(); held > limit+4*slab.PageSize {
				t.Fatalf("%d bytes held of %d", held, limit)
			}
		}
		checkCounts(t, table, kind)
		if held := table.held(); table.kinds[0].Partial > 0 && held < limit/2 {
			t.Fatalf("states were given up, yet only %d bytes are held of %d", held, limit)
		}
	})
}

func plainText(v state.Value) string {
	if v.Kind() == state.Tree {
		return "tree " + v.Tree()["part"].Text()
	}
	return v.Text()
}

// checkCounts compares the counts, the list and the index with the records.
func checkCounts(t *rapid.T, table *Table, kind *state.Kind) {
	statuses, partial, n := map[string]uint64{}, 0, uint64(0)
	for slot := range table.Len() {
		r := table.At(slot)
		if r.kind == 0 {
			continue
		}
		n++
		if r.status != 0 {
			statuses[table.kinds[0].Statuses[r.status-1].Name]++
		}
		if r.flags&isPartial != 0 {
			partial++
		}
		if at, ok := table.Find(kind, packed.Clone(table.ID(r))); !ok || at != slot {
			t.Fatalf("entity %d is not found by its name", slot)
		}
	}
	if table.kinds[0].Total != n || uint64(table.Count()) != n || table.kinds[0].Partial != partial {
		t.Fatalf("%d entities, %d partial; counted %d and %d", n, partial, table.kinds[0].Total, table.kinds[0].Partial)
	}
	for _, c := range table.kinds[0].Statuses {
		if statuses[c.Name] != c.N {
			t.Fatalf("status %.10q: %d, counted %d", c.Name, statuses[c.Name], c.N)
		}
	}
	listed := table.Recent(0, int(n)+1)
	if uint64(len(listed)) != n {
		t.Fatalf("%d listed of %d", len(listed), n)
	}
	for i := 1; i < len(listed); i++ {
		if table.At(listed[i]).Last > table.At(listed[i-1]).Last {
			t.Fatal("not listed by when they were touched")
		}
	}
	for _, top := range []int{0, len(listed) / 2, len(listed) - 1} {
		if got := table.Recent(top, 3); len(got) == 0 || got[0] != listed[top] {
			t.Fatalf("rank %d is %v, want %d", top, got, listed[top])
		}
	}
}

func TestNamesWithinTheirShare(t *testing.T) {
	names := newNames(200_000)
	for i := range 20_000 {
		names.lead(fmt.Sprintf("ballot:%d", i), uint32(i), uint64(i), 0)
		if names.held() > 200_000+2*slab.PageSize {
			t.Fatalf("%d bytes held", names.held())
		}
	}
	if n, ok := names.find("ballot:19999"); !ok || n.slot != 19_999 {
		t.Error("the newest name is not there")
	}
	if _, ok := names.find("ballot:0"); ok {
		t.Error("the oldest name is still there")
	}
}

// TestStatesAreKept sets numbers and texts, whose lengths change and stay, and reads them back.
func TestStatesAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := New(1<<20, 1<<20)
		kind := state.NewKind("thing")
		table.Meet(kind)
		slot := table.Add(kind, "id", 1, 0, false)
		low := rapid.SampledFrom([]int{1, 126}).Draw(t, "lowest slot") // from 128 on they are encoded otherwise
		values := rapid.OneOf(
			rapid.Map(rapid.SampledFrom([]int64{0, 1, -1, 63, 64, -64, -65, 8191, 8192, 1 << 40, -1 << 63}), state.IntValue),
			rapid.Map(rapid.SampledFrom([]string{"", "text", "longer text"}), state.TextValue),
			rapid.Just(state.BoolValue(true)), rapid.Just(state.Value{}),
		)
		want := map[int]state.Value{}
		var s state.State
		for range rapid.IntRange(1, 40).Draw(t, "events") {
			table.Load(slot, &s)
			for range rapid.IntRange(1, 3).Draw(t, "writes") {
				field, v := low+rapid.IntRange(0, 3).Draw(t, "field"), values.Draw(t, "value")
				s.Set(field, v)
				want[field] = v
			}
			table.Store(slot, &s)
			var is state.State
			table.Load(slot, &is)
			for field, v := range want {
				if !is.Get(field).Equal(v) {
					t.Fatalf("field %d is %v, want %v", field, is.Get(field), v)
				}
			}
		}
	})
}
