package fold

import (
	"strings"
	"testing"

	"signalbox/scenarios/file"
	"signalbox/sources/state"
)

func TestAppend(t *testing.T) {
	e := newEntity(t, `
reject:
  twice: data.item in (state.items ?? [])
  too many: len(state.items ?? []) == 3
set: { first: "state.items[0]" }
append: { items: data.item, "by[data.who]": data.item }
`)
	e.takes(`{"item":"tea","who":"a"}`, `{"by":{"a":["tea"]},"items":["tea"]}`)
	e.takes(`{"item":"tea","who":"a"}`, `twice`)
	e.takes(`{"item":{"n":1},"who":"b"}`, `{"by":{"a":["tea"],"b":[{"n":1}]},"first":"tea","items":["tea",{"n":1}]}`)
	e.takes(`{"item":["x"],"who":"a"}`, `{"by":{"a":["tea",["x"]],"b":[{"n":1}]},"first":"tea","items":["tea",{"n":1},["x"]]}`)
	e.takes(`{"item":"milk","who":"a"}`, `too many`)
}

// What comes in as an array is a list that can be added to; anything else is replaced by one.
func TestAppendToWhatIsThere(t *testing.T) {
	e := newEntity(t, `append: { items: data.item }`)
	slot := e.rule.kind.Slot("items")
	e.state.Set(slot, state.JSONValue(`[1, 2]`))
	e.takes(`{"item":3}`, `{"items":[1,2,3]}`)
	e.state.Set(slot, state.TextValue("none"))
	e.takes(`{"item":3}`, `{"items":[3]}`)
}

// A list that a partial state lacks is not begun anew, and one that it has is added to.
func TestAppendToAPartialState(t *testing.T) {
	e := newEntity(t, `append: { items: data.item }`)
	e.state.Partial = true
	e.takes(`{"item":1}`, `{}`)
	e.state.Set(e.rule.kind.Slot("items"), state.JSONValue(`[1]`))
	e.takes(`{"item":2}`, `{"items":[1,2]}`)
}

func TestMistakesInAppend(t *testing.T) {
	for text, want := range map[string]string{
		"apend: { a: 1 }":      `x:1:1: unknown key "apend"; did you mean append?`,
		"append: [a]":          `x:1:9: want a mapping (name: value), have a list`,
		"append: { a: dta.x }": `x:1:14: unknown name dta; did you mean data?`,
		"append: { a: }":       `x:1:9: want an expression for each field: the value that is added to it`,
	} {
		_, err := compiled(text)
		if err = file.InFile("x", err); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
}
