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

func TestRemove(t *testing.T) {
	e := newEntity(t, `remove: { items: data.item, "by[data.who]": data.item }`)
	slot := func(name string) int { return e.rule.kind.Slot(name) }
	e.state.Set(slot("items"), state.JSONValue(`["tea",1,{"sku":"a","n":2},"tea",{"sku":"b"}]`))
	e.state.SetIn(slot("by"), []string{"x"}, state.JSONValue(`["tea","milk"]`))
	e.takes(`{"item":"tea","who":"x"}`, `{"by":{"x":["milk"]},"items":[1,{"n":2,"sku":"a"},{"sku":"b"}]}`)
	e.takes(`{"item":{"sku":"a"},"who":"y"}`, `{"by":{"x":["milk"]},"items":[1,{"sku":"b"}]}`)
	e.takes(`{"item":[1,"milk"],"who":"x"}`, `{"by":{"x":[]},"items":[{"sku":"b"}]}`)
	e.takes(`{"item":"none"}`, `data.who: want a name, have ""`)
	e.takes(`{"who":"x"}`, `{"by":{"x":[]},"items":[{"sku":"b"}]}`)
}

// What was removed is there again when the event is refused after all.
func TestRemoveIsUndone(t *testing.T) {
	e := newEntity(t, `{ remove: { items: data.item }, set: { "by[data.who]": 1 } }`)
	e.state.Set(e.rule.kind.Slot("items"), state.JSONValue(`[1,2]`))
	e.state.Commit()
	e.takes(`{"item":1,"who":{}}`, `data.who: want a name, have "{}"`)
	e.takes(`{"item":2,"who":"a"}`, `{"by":{"a":1},"items":[1]}`)
}

func TestMergeInto(t *testing.T) {
	e := newEntity(t, `merge: { at: data.at, tags: data.tags }`)
	e.takes(`{"at":{"city":"Rome","zip":1}}`, `{"at":{"city":"Rome","zip":1}}`)
	e.takes(`{"at":{"zip":null,"gate":{"n":2}},"tags":["a","b"]}`, `{"at":{"city":"Rome","gate":{"n":2}},"tags":["a","b"]}`)
	e.takes(`{"at":{},"tags":["b","c","c"]}`, `{"at":{"city":"Rome","gate":{"n":2}},"tags":["a","b","c"]}`)
	e.takes(`{"at":5}`, `merge: want an object or a list, have 5`)
	e.state.Set(e.rule.kind.Slot("at"), state.JSONValue(`{"city":"Bern","way":{"no":1}}`))
	e.takes(`{"at":{"zip":3}}`, `{"at":{"city":"Bern","way":{"no":1},"zip":3},"tags":["a","b","c"]}`)
	e.state.Set(e.rule.kind.Slot("at"), state.TextValue("here"))
	e.takes(`{"at":{"zip":3}}`, `{"at":{"zip":3},"tags":["a","b","c"]}`)
}

// What a partial state lacks is not begun anew, and what it has is merged into.
func TestMergeIntoAPartialState(t *testing.T) {
	e := newEntity(t, `merge: { at: data.at }`)
	e.state.Partial = true
	e.takes(`{"at":{"a":1}}`, `{}`)
	e.state.Set(e.rule.kind.Slot("at"), state.JSONValue(`{"b":2}`))
	e.takes(`{"at":{"a":1}}`, `{"at":{"a":1,"b":2}}`)
}

func TestMistakesInMergeAndRemove(t *testing.T) {
	for text, want := range map[string]string{
		"remove: { a: }": `x:1:9: want an expression for each field: what is removed from it`,
		"merge: { a: }":  `x:1:8: want an expression for each field: the object or list that is merged into it`,
	} {
		_, err := compiled(text)
		if err = file.InFile("x", err); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
}
