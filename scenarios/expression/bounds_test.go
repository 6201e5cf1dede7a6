package expression

import (
	"errors"
	"strings"
	"testing"
)

// Each of these ended the program, or took minutes or gigabytes.
func TestExpressionsAreBounded(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
	}{
		{strings.Repeat("(", 500_000), maxExpression},
		{strings.Repeat("(", 5_000), maxNesting},
		{`"((" + ` + strings.Repeat("[", 200), 7 + maxNesting},
		{strings.Repeat("!", 10_000) + "true", maxExpression},
		{`x matches "` + strings.Repeat("a{1000}", 10) + `"`, 10},
	} {
		_, err := Named("x").Compile(c.text)
		var mistake *Error
		if !errors.As(err, &mistake) || mistake.Offset != c.offset {
			t.Errorf("%.40s: %v at %+v, want an error at %d", c.text, err, mistake, c.offset)
		}
		Read(c.text)
	}
}

func TestComputationsAreBounded(t *testing.T) {
	thousand := make([]any, 1000)
	for i := range thousand {
		thousand[i] = i
	}
	long := strings.Repeat("x", 1<<20-1)
	values := map[string]any{"list": thousand, "long": long, "n": 1_000_000, "pattern": strings.Repeat("(x+x+)+", 250) + "y"}
	scope := Named("list", "long", "n", "pattern")
	for _, text := range []string{
		`repeat("x", 1000000) + repeat("y", 1000000) == ""`,
		`repeat(long, n) == ""`,
		`all(list, all(list, all(list, true)))`,
		`count(list, any(list, # == -1)) > 0`,
		`all(1..n, # > 0)`,
		`len(1..1000000000) > 3`,
		`len(map(1..999, 1..999)) == 1`,
		`len(reduce(1..60, #acc + #acc, "x")) > 1`,
		`len(reduce(1..60, [#acc, #acc], [1])) == 1`,
		`len(reduce(1..60, concat(#acc, #acc), [1])) > 1`,
		doubling(),
		`len(replace(long, "", long)) > 1`,
		`len(join(map(1..100, long), long)) > 1`,
		`len(uniq(1..900000)) > 1`,
		`all(list, sum(map(list, #)) > 0) and all(list, len(list) > 0)`,
		`long + long == ""`,
		`[long, long] == long + long + long`,
		`long matches "(x+x+)+y{900}"`,
		`long matches pattern`,
		`any(list, long matches pattern)`,
		`any(list, long matches "q")`,
		strings.TrimSuffix(strings.Repeat(`long matches "q{20}" || `, 100), " || "),
		// Each round of these goes through all of a large value.
		`all(1..50000, not (long contains "zzz"))`,
		`all(1..50000, long startsWith long)`,
		`all(1..50000, long == long)`,
		`all(1..50000, long != long + "x")`,
		`all(1..50000, list == list)`,
		`all(1..50000, not ("z" in list))`,
		`all(1..50000, list in [list, list])`,
		`all(1..50000, string(list) != "")`,
		`all(1..50000, upper(long) != "")`,
		`all(1..50000, toJSON(long) != "")`,
		`all(1..50000, toBase64(long) != "")`,
		`all(1..50000, len(sort(list)) > 0)`,
		`len(toJSON([long, long, long, long, long, long, long, long, long, long, long, long])) > 1`,
	} {
		x, err := scope.Compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		f := Frame{Values: values}
		f.Begin()
		if v, err := x.Eval(&f); !errors.Is(err, ErrTooMuch) {
			t.Errorf("%s: %.60v, %v", text, v, err)
		}
		f.Begin()
		if y, err := scope.Compile(`len(filter(list, # > 10)) + len(repeat("ab", 3))`); err != nil {
			t.Error(err)
		} else if v, err := y.Eval(&f); err != nil || v.String() != "995" {
			t.Errorf("after %s another comes to %v, %v", text, v, err)
		}
	}
}

// doubling names lists that each hold the one before twice.
func doubling() string {
	var text strings.Builder
	text.WriteString("let a = [1, 1]; ")
	before := "a"
	for range 25 {
		text.WriteString("let " + before + "a = [" + before + ", " + before + "]; ")
		before += "a"
	}
	return text.String() + "len(" + before + ") == 1"
}

// What people write is far from the bounds.
func TestUsualComputationsAreInBounds(t *testing.T) {
	items := make([]any, 10_000)
	for i := range items {
		items[i] = map[string]any{"name": "thing", "price": i, "tags": []any{"a", "b"}}
	}
	f := Frame{Values: map[string]any{"items": items}}
	for _, text := range []string{
		`sum(map(filter(items, .price > 3), .price)) > 1`,
		`len(groupBy(items, .name)) == 1 and len(sortBy(items, .price)) == 10000`,
		`reduce(items, #acc + #.price, 0) > 0`,
		`len(join(map(items, .name), ",")) > 5`,
		`any(items, .name matches "^th(i|o)ng$") and all(items, "a" in .tags)`,
		`len(split(repeat("ab,", 1000), ",")) == 1001`,
	} {
		x, err := Named("items").Compile(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		f.Begin()
		if ok, err := x.Test(&f); !ok || err != nil {
			t.Errorf("%s: %v, %v", text, ok, err)
		}
	}
}
