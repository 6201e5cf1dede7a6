package sources

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestListingIsTheNaiveSort sorts and filters entities in every way, while they change.
func TestListingIsTheNaiveSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e, ctx := running(t, Options{})
		b := newMemoryBus("s")
		attach(ctx, t, e, b)
		var touched []string // by "kind id", the most recent last
		fields := map[string]map[string]string{}
		versions := map[string]int{}
		filters := []*EntityFilter{nil, NewFilter(func(r *EntityRow) bool { return r.Version%2 == 1 }),
			NewFilter(func(r *EntityRow) bool { return r.Status == "ready" })}
		keep := []func(string) bool{
			func(string) bool { return true }, func(x string) bool { return versions[x]%2 == 1 },
			func(x string) bool { return fields[x]["status"] == "ready" },
		}
		for range rapid.IntRange(1, 5).Draw(t, "rounds") {
			var texts []string
			for range rapid.IntRange(1, 300).Draw(t, "events") {
				kind := rapid.SampledFrom([]string{"box", "van"}).Draw(t, "kind")
				id := fmt.Sprintf("id-%02d", rapid.IntRange(0, 40).Draw(t, "id"))
				status := rapid.SampledFrom([]string{"ready", "active", "done"}).Draw(t, "status")
				budget := fmt.Sprint(rapid.IntRange(-5, 5).Draw(t, "budget"))
				texts = append(texts, fmt.Sprintf("%s SET %s status=%s budget=%s", kind, id, status, budget))
				x := kind + " " + id
				touched = append(slices.DeleteFunc(touched, func(y string) bool { return x == y }), x)
				versions[x]++
				fields[x] = map[string]string{"status": status, "budget": budget, "id": id, "kind": kind}
			}
			b.texts(ctx, t, e, "s", texts...)
			which := rapid.IntRange(0, len(filters)-1).Draw(t, "filter")
			v := EntitiesView{
				Filter: filters[which], Kind: rapid.SampledFrom([]string{"", "box", "van"}).Draw(t, "kind shown"),
				Sort:       rapid.SampledFrom([]string{"", "id", "status", "version", "kind", "budget"}).Draw(t, "sort"),
				Descending: rapid.Bool().Draw(t, "descending"), Top: rapid.IntRange(0, 20).Draw(t, "top"), Rows: 15,
			}
			var want []string
			for _, x := range slices.Backward(touched) {
				if keep[which](x) && (v.Kind == "" || strings.HasPrefix(x, v.Kind)) {
					want = append(want, x)
				}
			}
			sortNaively(want, v, fields, versions)
			s := looks(ctx, t, e, View{Entities: v}, func(s *Snapshot) bool {
				return s.Entities.Searched == s.Entities.Total && s.Events.Total == e.Last()
			})
			if s.Entities.Matching != len(want) {
				t.Fatalf("%d match, want %d", s.Entities.Matching, len(want))
			}
			top := max(0, min(v.Top, len(want)-1))
			want = want[min(top, len(want)):min(top+15, len(want))]
			var got []string
			for _, r := range s.Entities.Rows {
				got = append(got, r.Kind+" "+r.ID)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%+v:\n%v, want\n%v", v, got, want)
			}
		}
	})
}

func sortNaively(list []string, v EntitiesView, fields map[string]map[string]string, versions map[string]int) {
	if v.Sort == "" {
		if v.Descending {
			slices.Reverse(list)
		}
		return
	}
	compare := func(x, y string) int {
		c := cmp.Compare(fields[x][v.Sort], fields[y][v.Sort])
		switch v.Sort {
		case "version":
			c = cmp.Compare(versions[x], versions[y])
		case "budget":
			c = cmp.Compare(number(fields[x]["budget"]), number(fields[y]["budget"]))
		}
		return cmp.Or(c, cmp.Compare(fields[x]["id"], fields[y]["id"]), cmp.Compare(x, y))
	}
	slices.SortStableFunc(list, func(x, y string) int {
		if v.Descending {
			return compare(y, x)
		}
		return compare(x, y)
	})
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}
