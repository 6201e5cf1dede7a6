package subjects

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"signalbox/bus"
)

var everything = bus.Station{Name: ">", Traits: bus.Traits{Separators: "."}}

func newTree() *Tree { return New(everything, &Space{Limit: 64 << 20}) }

func (t *Tree) countAll(names ...string) {
	for i, name := range names {
		t.Count(name, int64(i+1))
	}
}

// drawn writes rows as lines: the depth as dots, the token, and how many events.
func drawn(rows []Row) string {
	var out []string
	for _, r := range rows {
		name := r.Token
		switch r.Kind {
		case BranchRow:
			name = "+" + name
		case MoreRow:
			name = fmt.Sprintf("[%d more]", r.Hidden)
		case OtherRow:
			name = "[others]"
		}
		out = append(out, fmt.Sprintf("%s%s=%d", strings.Repeat("·", r.Depth), name, r.Events))
	}
	return strings.Join(out, " ")
}

func unfold(t *Tree, most map[string]int) string {
	var branches []Branch
	for path, n := range most {
		branches = append(branches, Branch{Path: path, Most: n})
	}
	rows, _ := t.Rows(branches, 0)
	return drawn(rows)
}

func TestSubjectsAreATree(t *testing.T) {
	tree := newTree()
	tree.countAll("orders.created.eu", "orders.created.us", "orders.created.eu", "orders.paid", "orders", "pay", "orders..x")
	for _, test := range []struct {
		most map[string]int
		want string
	}{
		{map[string]int{"": 9}, "+orders.=5 orders=1 pay=1"},
		{map[string]int{"": 9, "orders.": 9, "orders.created.": 1},
			"+orders.=5 ·+created.=3 ··eu=2 ··[1 more]=1 ·+.=1 ·paid=1 orders=1 pay=1"},
		{map[string]int{"": 1, "orders.created.": 9}, "+orders.=5 [2 more]=2"},
		{map[string]int{"": 0}, "[3 more]=7"},
	} {
		if got := unfold(tree, test.most); got != test.want {
			t.Errorf("%v: %s, want %s", test.most, got, test.want)
		}
	}
}

func TestRedisChannelsAreSplitAtColonsAndDots(t *testing.T) {
	tree := New(bus.Station{Traits: bus.Traits{Separators: ":."}}, &Space{Limit: 1 << 20})
	tree.countAll("shop:cart.eu", "shop:", "shop.x")
	want := "+shop:=2 ·=1 ·+cart.=1 ··eu=1 +shop.=1 ·x=1"
	if got := unfold(tree, map[string]int{"": 9, "shop:": 9, "shop:cart.": 9, "shop.": 9}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestStationsOfOneSubjectCountNone(t *testing.T) {
	for separators, want := range map[string]bool{"": false, ".": true, ":.": true} {
		tree := New(bus.Station{Traits: bus.Traits{Separators: separators}}, &Space{Limit: 1 << 20})
		tree.Count("a.b", 1)
		tree.Tick()
		if got := tree != nil; got != want {
			t.Errorf("%q: counts %v", separators, got)
		}
	}
}

func TestSubjectRatesAreOfTheLastWholeSecond(t *testing.T) {
	tree := newTree()
	rates := func() string {
		tree.sumBranches()
		a, b := tree.leaves["x.a"], tree.leaves["x.b"]
		return fmt.Sprint(a.rate(tree.ticks), b.rate(tree.ticks), tree.root.rate(tree.ticks))
	}
	check := func(want string) {
		t.Helper()
		if got := rates(); got != want {
			t.Errorf("rates %s, want %s", got, want)
		}
	}
	tree.Past(true)
	tree.countAll("x.a", "x.b")
	tree.Past(false)
	tree.countAll("x.a", "x.a", "x.b")
	check("0 0 0")
	tree.Tick()
	check("2 1 3")
	tree.countAll("x.a")
	check("2 1 3")
	tree.Tick()
	check("1 0 1")
	tree.Tick()
	check("0 0 0")
}

// sums checks that the children of each branch sum up to it, and returns how many leaves and branches there are.
func (t *Tree) sums(f interface{ Fatalf(string, ...any) }, branch *node) int {
	sum, n := uint64(0), 0
	for _, kid := range branch.kids {
		sum += kid.events
		n++
		if t.branches[kid.path] == kid {
			n += t.sums(f, kid)
		}
	}
	if branch.rest != nil {
		sum += branch.rest.events
	}
	if sum != branch.events {
		f.Fatalf("%q has %d events, its children %d", branch.path, branch.events, sum)
	}
	return n
}

func TestChildrenSumUpToTheirBranch(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		room := &Space{Limit: rapid.SampledFrom([]int64{500, 5000, 1 << 20}).Draw(r, "limit")}
		tree := New(everything, room)
		token := rapid.SampledFrom([]string{"a", "b", "c", "", "long" + strings.Repeat("g", 120)})
		sent := uint64(0)
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			name := strings.Join(rapid.SliceOfN(token, 1, 5).Draw(r, "subject"), ".")
			for range rapid.IntRange(1, 3).Draw(r, "times") {
				tree.Count(name, int64(sent))
				sent++
			}
			for range rapid.SampledFrom([]int{0, 0, 1, quietSeconds + 2}).Draw(r, "seconds") {
				tree.Tick()
			}
		}
		tree.sumBranches()
		n := tree.sums(r, tree.root)
		if tree.root.events != sent || n != tree.kept || n != len(tree.leaves)+len(tree.branches) {
			r.Fatalf("%d events and %d nodes, want %d and %d (%d leaves, %d branches)", tree.root.events, n, sent, tree.kept,
				len(tree.leaves), len(tree.branches))
		}
	})
}

func TestUniqueSubjectsKeepToTheirBounds(t *testing.T) {
	tree := newTree()
	for i := range 50_000 {
		tree.Count(fmt.Sprintf("_INBOX.%d.%d", i, i), 1)
		tree.Count(fmt.Sprintf("ids.a%d", i), 1)
	}
	for i := range 10_000 {
		tree.Count(fmt.Sprintf("late.g%d.x%d", i%20, i), 1)
	}
	tree.countAll("late.shown", "over."+strings.Repeat("long", 100))
	tree.sumBranches()
	if n := tree.sums(t, tree.root); n > mostSubjects || n != tree.kept {
		t.Errorf("%d are kept, of at most %d", n, mostSubjects)
	}
	if n := len(tree.branches["ids."].kids); n != mostTokens {
		t.Errorf("ids has %d children, want %d", n, mostTokens)
	}
	if got := tree.branches["ids."].rest.events; got != 49_000 {
		t.Errorf("the rest of ids has %d events, want 49000", got)
	}
	if got, want := tree.root.events, uint64(110_002); got != want {
		t.Errorf("%d events, want %d", got, want)
	}
}

func TestQuietSubjectsMakeRoom(t *testing.T) {
	tree := newTree()
	for i := range mostTokens + 10 {
		tree.Count(fmt.Sprint("ids.", i), 1)
	}
	tree.countAll("rare.once")
	for range quietSeconds + 1 {
		tree.Count("ids.7", 2)
		tree.Tick()
	}
	tree.Count("ids.new", 3)
	tree.Tick() // it found no place; now there is
	tree.Count("ids.new", 4)
	want := fmt.Sprintf("+ids.=%d ·7=%d ·new=1 ·[others]=%d +rare.=1", mostTokens+10+quietSeconds+3, quietSeconds+2, mostTokens+10)
	if got := unfold(tree, map[string]int{"": 9, "ids.": 9}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if tree.sums(t, tree.root) != tree.kept || tree.kept != len(tree.leaves)+len(tree.branches) {
		t.Errorf("%d are kept: %d leaves, %d branches", tree.kept, len(tree.leaves), len(tree.branches))
	}
	var held int64
	for _, known := range []map[string]*node{tree.leaves, tree.branches} {
		for path := range known {
			held += nodeCost + int64(len(path))
		}
	}
	if held += nodeCost; tree.space.Held != held { // the rest of ids
		t.Errorf("%d bytes are held, want %d", tree.space.Held, held)
	}
}

// While an order is held, subjects that were listed keep their places and new ones come behind; another number sorts anew.
func TestSubjectsStandStillWhileTheirOrderIsHeld(t *testing.T) {
	tree := newTree()
	tree.countAll("a", "a", "b")
	for _, step := range []struct {
		names []string
		hold  uint64
		want  string
	}{
		{nil, 1, "a=2 b=1"},
		{[]string{"b", "b", "b", "c"}, 1, "a=2 b=4 c=1"},
		{[]string{"c", "c"}, 2, "b=4 c=3 a=2"},
		{[]string{"a", "a", "a"}, 2, "b=4 c=3 a=5"},
		{nil, 0, "a=5 b=4 c=3"},
		{[]string{"b", "b"}, 0, "b=6 a=5 c=3"},
	} {
		tree.countAll(step.names...)
		rows, _ := tree.Rows([]Branch{{Most: 9}}, step.hold)
		if got := drawn(rows); got != step.want {
			t.Errorf("held for %d: %s, want %s", step.hold, got, step.want)
		}
	}
}
