package expression

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/expr-lang/expr"
)

// Fields of a Redis stream are all texts: {"quantity":"10"}.
const flat = `{"quantity":"10","budget":"50","id":"007","note":"ten","blank":" 7 ","half":"2.50","big":"9007199254740993","empty":"","n":10,"list":["1",2]}`

func TestNumbersInText(t *testing.T) {
	for text, want := range map[string]bool{
		`data.quantity > 3`:                true,
		`data.quantity > 10`:               false,
		`data.quantity >= 10`:              true,
		`data.quantity < 9`:                false, // as texts it would be so
		`3 < data.quantity`:                true,
		`data.quantity <= 9.5`:             false,
		`data.quantity == 10`:              true,
		`10 == data.quantity`:              true,
		`data.quantity == 10.0`:            true,
		`data.quantity != 10`:              false,
		`data.quantity == data.n`:          true,
		`data.quantity in [9, 10]`:         true,
		`data.quantity not in [9, 10]`:     false,
		`2 in data.list && 1 in data.list`: true,
		`data.budget == "50"`:              true,
		`data.budget == "50.0"`:            false,
		`data.n == "10"`:                   true,
		`data.n == "ten"`:                  false,
		`data.note == "ten"`:               true,
		`data.note != 10`:                  true,
		`data.id == "007"`:                 true,
		`data.id == "7"`:                   false,
		`data.id == 7`:                     true,
		`data.blank == 7`:                  true,
		`data.half < 2.6`:                  true,
		`data.big > 9007199254740992`:      true,
		`data.big == 9007199254740992`:     false,
		`data.empty == 0`:                  false,
		`data.gone == 0`:                   false,
		`data.quantity > "3"`:              false, // two texts
		`data.n > "3"`:                     true,
		`any([data.quantity], # > 3)`:      true,
		`let q = data.quantity; q == 10`:   true,
		`data.quantity in 9..11`:           true,
		`data.quantity * 2 > 3`:            true,
		`data.quantity * data.half == 25`:  true,
		`data.quantity - data.blank == 3`:  true,
		`data.quantity / 4 == 2.5`:         true,
		`data.quantity % 4 == 2`:           true,
		`data.half ** 2 == 6.25`:           true,
		`-data.quantity < 0`:               true,
		`1 + data.quantity == 11`:          true,
		`data.half + 1 == 3.5`:             true,
		`data.quantity + "1" == "101"`:     true, // two texts are joined
		`any([data.quantity], # * 2 > 3)`:  true,
		`max(data.quantity, 3) == 10`:      true,
		`min(data.quantity, 30) == 10`:     true,
		`max(data.list) == 2`:              true,
		`sum([data.quantity, 1]) == 11`:    true,
		`sum(data.list) == 3`:              true,
		`sum([data], .quantity) == 10`:     true,
		`mean([data.quantity, 20]) == 15`:  true,
		`abs(data.quantity) == 10`:         true,
		`round(data.half) == 3`:            true,
		`floor(data.half) == 2`:            true,
		`ceil(data.half) == 3`:             true,
		`median([data.half, 1, 4]) == 2.5`: true,
	} {
		for _, interpreter := range []bool{false, true} {
			x, err := newSample(flat).scope().compile(text, interpreter)
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			if got, err := x.Test(&Frame{}); got != want || err != nil {
				t.Errorf("%s on the interpreter %v: %v, %v; want %v", text, x.interpreted, got, err, want)
			}
			if want && !x.May([]byte(flat)) {
				t.Errorf("%s: the glance at the bytes says no", text)
			}
		}
	}
}

// A text that a condition wants may be written as a number.
func TestGlanceAtNumbers(t *testing.T) {
	for data, want := range map[string]bool{`{"n":1e1}`: true, `{"n":"10"}`: true, `{"n":10.0}`: true, `{"n":"10.0"}`: false, `{"n":11}`: false} {
		x, err := newSample(data).scope().Compile(`data.n == "10"`)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := x.Test(&Frame{}); got && !x.May([]byte(data)) || got != want || err != nil {
			t.Errorf("%s: %v, %v; want %v", data, got, err, want)
		}
	}
}

// Where types agree, comparisons mean what they mean to expr-lang; where one side is a number and the other a text that
// holds one, what they mean to it of the two numbers.
func TestComparisonsAreTheLanguage(t *testing.T) {
	scalars := []string{`null`, `true`, `false`, `0`, `3`, `-3`, `2.5`, `10`, `9`, `1e3`, `""`, `"a"`, `"b"`, `"3"`, `"2.5"`, `"-3"`, `"10"`, `" 9"`, `"1e3"`, `"x3"`}
	numeric := func(v any) (any, bool) {
		if text, ok := v.(string); ok {
			x, ok := toFloat(FromAny(text))
			return Any(x), ok == ""
		}
		_, number := FromAny(v).Float()
		return v, number
	}
	for _, left := range scalars {
		for _, right := range scalars {
			a, b := Any(FromJSON(left)), Any(FromJSON(right))
			if _, aText := a.(string); !aText || fmt.Sprintf("%T", b) != "string" {
				if x, ok := numeric(a); ok {
					if y, ok := numeric(b); ok {
						a, b = x, y
					}
				}
			}
			for _, operator := range []string{"==", "!=", "<", "<=", ">", ">="} {
				text := "data.a " + operator + " data.b"
				want, wrong := expr.Eval(text, map[string]any{"data": map[string]any{"a": a, "b": b}})
				x, err := newSample(`{"a":` + left + `,"b":` + right + `}`).scope().Compile(text)
				if err != nil {
					t.Fatal(err)
				}
				got, err := x.Test(&Frame{})
				if (err == nil) != (wrong == nil) || err == nil && strconv.FormatBool(got) != fmt.Sprint(want) {
					t.Errorf("%s %s %s: %v, %v; expr-lang %v, %v", left, operator, right, got, err, want, wrong)
				}
			}
		}
	}
}
