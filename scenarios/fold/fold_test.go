package fold

import (
	"encoding/json"
	"strings"
	"testing"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/scope"
	"signalbox/sources"
	"signalbox/sources/state"
)

// entity is one that a test folds events of one type into, by a rule as a file has it.
type entity struct {
	t     *testing.T
	rule  *Rule
	state state.State
}

func compiled(text string) (*Rule, error) {
	tree, err := file.Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	var section Section
	if err := file.Decode(tree, &section); err != nil {
		return nil, err
	}
	c := &Compiler{View: &scope.View{}, Frame: &expression.Frame{}, Data: &expression.Lookup{}, States: []string{"open", "closed"}}
	return c.Rule("Changed", &section, state.NewKind("order"))
}

func newEntity(t *testing.T, text string) *entity {
	t.Helper()
	rule, err := compiled(text)
	if err != nil {
		t.Fatal(err)
	}
	e := &entity{t: t, rule: rule}
	e.state.Reset(rule.kind)
	return e
}

// takes folds an event with some data and compares the state, or what went wrong.
func (e *entity) takes(data, want string) {
	e.t.Helper()
	refused, err := e.rule.Apply(&sources.Event{Received: sources.Received{Data: []byte(data)}}, &e.state)
	if err != nil || refused != "" {
		e.state.Undo()
		if err != nil {
			refused = err.Error()
		}
		if refused != want {
			e.t.Errorf("%s: %q, want %q", data, refused, want)
		}
		return
	}
	e.state.Version++
	e.state.Commit()
	if got, _ := json.Marshal(e.state.Map()); string(got) != want {
		e.t.Errorf("%s: state %s, want %s", data, got, want)
	}
}

func TestOperations(t *testing.T) {
	e := newEntity(t, `
reject: { too much: data.n > 9 }
set: { n: data.n, "by[data.who].n": data.n, last: state.by }
unset: [gone, "by.old"]
to: closed
`)
	e.takes(`{"n":1,"who":"a"}`, `{"by":{"a":{"n":1}},"n":1,"status":"closed"}`)
	e.takes(`{"n":2,"who":"b"}`, `{"by":{"a":{"n":1},"b":{"n":2}},"last":{"a":{"n":1}},"n":2,"status":"closed"}`)
	e.takes(`{"n":10}`, `too much`)
	e.takes(`{"n":3,"who":{}}`, `data.who: want a name, have "{}"`)
}

// Every operation is refused where its value makes no sense, with its place.
func TestMistakesInOperations(t *testing.T) {
	for text, want := range map[string]string{
		"sett: { a: 1 }":            `1:1: unknown key "sett"; did you mean set?`,
		"set: [a]":                  `1:6: want a mapping (name: value), have a list`,
		"unset: { a: 1 }":           `1:8: want a list, have a mapping`,
		"to: opn":                   `1:5: opn is none of states; did you mean open?`,
		"set: { a: dta.x }":         `1:11: unknown name dta; did you mean data?`,
		"set: { a( : 1 }":           `1:8: want a field such as budget, or a path such as ballots[data.ballot_id].cast, have "a("`,
		"unset: ['a[stat.x]']":      `1:10: unknown name stat; did you mean state?`,
		"set:\n  a: 1\nset: {b: 1}": `3:1: set is there already, in line 1`,
	} {
		_, err := compiled(text)
		if err == nil || !strings.HasSuffix(file.InFile("x", err).Error(), "x:"+want) {
			t.Errorf("%s:\ngot  %v\nwant %s", text, file.InFile("x", err), want)
		}
	}
}
