package expression

import (
	"errors"
	"testing"

	"signalbox/sources/state"
)

const pickup = `{"type":"PICKUP","n":{"price":10,"count":"2","list":[1,2.5,"x"],"none":null},"words":"Ring Twice","yes":true,"list":["a","b"]}`

// sample is what the tests compute over: an event's data and headers, and a state.
type sample struct {
	lookup Lookup
	data   Document
	state  Value
}

func newSample(data string) *sample {
	o := &sample{state: state.TreeValue(map[string]Value{
		"budget": state.IntValue(50), "status": state.TextValue("ready"),
		"list": state.ListValue([]Value{state.TextValue("a"), state.JSONValue(`{"n":1}`), state.IntValue(3)}),
		"tree": state.TreeValue(map[string]Value{"a": state.TreeValue(map[string]Value{"b": state.BoolValue(true)})}),
	})}
	o.data.Reset(data, &o.lookup)
	return o
}

// scope has the names that rules have, as a package above this one makes them.
func (o *sample) scope() *Scope {
	headers := state.TreeValue(map[string]Value{"Kind": state.TextValue("k")})
	is := func(v Value, t Type) Name { return Name{Value: func(*Frame) Value { return v }, Type: t} }
	return NewScope(map[string]Name{
		"data": Members(&o.data, &o.lookup), "headers": is(headers, Object), "version": is(state.IntValue(0), Int),
		"id": is(state.TextValue("01"), Text), "type": is(state.TextValue("PICKUP"), Text), "subject": is(state.TextValue("a.b"), Text),
		"state": {
			Value:  func(*Frame) Value { return o.state },
			Member: func(name string) func(*Frame) Value { return func(*Frame) Value { return Member(o.state, name) } },
			Type:   Object,
		},
	})
}

func TestEval(t *testing.T) {
	for text, want := range map[string]string{
		`1 + 2 * 3`:                             `7`,
		`7 / 2`:                                 `3.5`,
		`7 % 4`:                                 `3`,
		`2 ** 3`:                                `8`,
		`-data.n.price`:                         `-10`,
		`int(data.n.price) * int(data.n.count)`: `20`,
		`int("10") + int(10.9)`:                 `20`,
		`float("1.5")`:                          `1.5`,
		`string(data.n.price) + "!"`:            `"10!"`,
		`data.words`:                            `"Ring Twice"`,
		`lower(data.words)`:                     `"ring twice"`,
		`len(data.list) + len("äö")`:            `4`,
		`data.list[1]`:                          `"b"`,
		`data.list[-1]`:                         `"b"`,
		`data.list[7]`:                          `null`,
		`data["words"]`:                         `"Ring Twice"`,
		`data.none.deeper.still`:                `null`,
		`data.none ?? "other"`:                  `"other"`,
		`data?.n?.price`:                        `10`,
		`data.n.list`:                           `[1,2.5,"x"]`,
		`state.budget - 5`:                      `45`,
		`state.budget < 51 && state.status == "ready"`: `true`,
		`state.tree.a.b`:                   `true`,
		`state.tree["a"]`:                  `{"b":true}`,
		`state.none == nil`:                `true`,
		`state.list`:                       `["a",{"n":1},3]`,
		`state.list[1].n + state.list[-1]`: `4`,
		`state.list[3] ?? "none"`:          `"none"`,
		`len(state.list)`:                  `3`,
		`"a" in state.list`:                `true`,
		`"b" in state.list`:                `false`,
		`state.list == ["a", {"n": 1}, 3]`: `true`,
		`string(state.list)`:               `"[\"a\",{\"n\":1},3]"`,
		`filter(state.list, # == 3)[0]`:    `3`,
		`data.yes ? "y" : "n"`:             `"y"`,
		`"b" in data.list`:                 `true`,
		`"price" in data.n`:                `true`,
		`data.n.price in [9, 10]`:          `true`,
		`data.n.price not in [9, 10]`:      `false`,
		`data.words contains "Twi"`:        `true`,
		`data.words startsWith "Ring"`:     `true`,
		`data.words endsWith "Ring"`:       `false`,
		`data.words matches "^R.*e$"`:      `true`,
		`data.gone contains "x"`:           `false`,
		`headers["Kind"] + subject`:        `"ka.b"`,
		`headers.None ?? id`:               `"01"`,
		`1 == 1.0`:                         `true`,
		`90s == 1.5m`:                      `true`,
		`"5m" + '5m'`:                      `"5m5m"`,
		`fromJSON("{\"a\": 1}").a`:         `1`,
		// On expr's interpreter:
		`filter(data.n.list, # != 1)`:            `[2.5,"x"]`,
		`sum(map(data.n.list[0:2], float(#)))`:   `3.5`,
		`let x = data.n.price; x + 1`:            `11`,
		`split(data.words, " ")[0]`:              `"Ring"`,
		`{"a": data.n.price}.a`:                  `10`,
		`any(data.list, # == "a") and not false`: `true`,
	} {
		o := newSample(pickup)
		for _, interpreter := range []bool{false, true} {
			x, err := o.scope().compile(text, interpreter)
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			got, err := x.Eval(&Frame{})
			if err != nil || string(got.AppendJSON(nil)) != want {
				t.Errorf("%s on the interpreter %v: %s, %v; want %s", text, x.interpreted, got.AppendJSON(nil), err, want)
			}
		}
	}
}

func TestEvalErrors(t *testing.T) {
	for text, want := range map[string]string{
		`data.gone * 2`:            `data.gone is missing`,
		`2 - state.gone`:           `state.gone is missing`,
		`int(data.gone)`:           `data.gone is missing`,
		`int(data.words)`:          `data.words: want a whole number, have "Ring Twice"`,
		`data.words * 2`:           `data.words: want a number, have "Ring Twice"`,
		`data.gone > 3`:            `data.gone is missing`,
		`data.words > 3`:           `data.words > 3: cannot compare "Ring Twice" with 3`,
		`data.n.price && true`:     `data.n.price: want true or false, have 10`,
		`data.n.price % 0`:         `cannot divide by zero`,
		`len(data.n.price)`:        `data.n.price: want a text, a list or an object, have 10`,
		`1 in data.words`:          `data.words: want a list or an object, have "Ring Twice"`,
		`data.gone ? 1 : 2`:        `data.gone is missing`,
		`data.n.price matches "x"`: `data.n.price: want a text, have 10`,
	} {
		scope := newSample(pickup).scope()
		x, err := scope.Compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if v, err := x.Eval(&Frame{}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, %v; want %s", text, v, err, want)
		}
		if x, err = scope.compile(text, true); err != nil {
			t.Errorf("%s on the interpreter: %v", text, err)
			continue
		}
		if v, err := x.Eval(&Frame{}); err == nil {
			t.Errorf("%s on the interpreter: %v; want an error", text, v)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for text, offset := range map[string]int{
		`1 +`:                   2,
		`stat.budget`:           0,
		`5m > 1 && stat.budget`: 10,
		`"a" - 1`:               4,
		`data.a matches "("`:    7,
	} {
		_, err := newSample("").scope().Compile(text)
		var at *Error
		if !errors.As(err, &at) {
			t.Errorf("%s: %v; want an *Error", text, err)
			continue
		}
		if at.Offset != offset {
			t.Errorf("%s: %v at %d; want %d", text, err, at.Offset, offset)
		}
	}
}
