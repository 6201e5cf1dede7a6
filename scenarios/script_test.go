package scenarios

import (
	"errors"
	"signalbox/scenarios/file"
	"testing"
)

func TestScriptsOfTheLibrary(t *testing.T) {
	l := Builtin()
	for _, name := range []string{"orders/happy-path", "votes/happy-path", "deliveries/happy-path", "deliveries/refusals"} {
		s, err := l.Script(name)
		if err != nil {
			t.Fatal(err)
		}
		if s.About == "" || len(s.Steps) == 0 || s.FullName() != name {
			t.Errorf("%s: %+v", name, s)
		}
	}
	_, err := l.Script("deliveries/happy-pat")
	if err == nil || err.Error() != `no script "deliveries/happy-pat"; did you mean deliveries/happy-path?` {
		t.Errorf("got %v", err)
	}
}

// TestMistakesInScripts has, for each, where it is and what is said of it.
func TestMistakesInScripts(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{
			"an unknown command", "s:\n  - deliveries.creat: {}\n",
			`s.yaml:2:5: no command "deliveries.creat"; did you mean deliveries.create?`,
		},
		{
			"a command without its domain", "s:\n  - create: {}\n",
			`s.yaml:2:5: unknown step "create": want a command with its domain, such as deliveries.create, or one of call, choose, expect, if, let, note, parallel, pause, repeat, say, stand-in, wait`,
		},
		{
			"a misspelt step", "s:\n  - wiat: 1s\n",
			`s.yaml:2:5: unknown step "wiat"; did you mean wait?`,
		},
		{
			"an unknown field", "s:\n  - deliveries.create: { budgt: 1 }\n",
			`s.yaml:2:26: deliveries.create has no field "budgt"; did you mean budget?`,
		},
		{
			"a value the field does not take", "s:\n  - deliveries.create: { budget: lots }\n",
			`s.yaml:2:34: budget: want a whole number, have "lots"`,
		},
		{
			"a reference to nothing", "s:\n  - deliveries.start: { id: d.id }\n",
			`s.yaml:2:29: nothing before this has the name d, which d.id refers to; known are run; for the text itself write "{'d.id'}"`,
		},
		{
			"a name that could be a text", "s:\n  - deliveries.create: {}\n    as: d\n  - deliveries.start: { id: d }\n",
			`s.yaml:4:29: d is a name here: write {d} for its value, or "{'d'}" for the text`,
		},
		{
			"a name given twice", "s:\n  - deliveries.create: {}\n    as: d\n  - deliveries.create: {}\n    as: d\n",
			`s.yaml:5:9: the name "d" is given twice`,
		},
		{
			"a name with another meaning", "s:\n  - deliveries.create: {}\n    as: state\n",
			`s.yaml:3:9: the name "state" has a meaning of its own in expressions; choose another`,
		},
		{
			"a name for a wait", "s:\n  - wait: 1s\n    as: d\n",
			`s.yaml:3:5: only a command or an expected event can have a name`,
		},
		{
			"two things in one step", "s:\n  - wait: 1s\n    say: hello\n",
			`s.yaml:3:5: a step does one thing: wait and say are two`,
		},
		{
			"a time that is none", "s:\n  - wait: soon\n",
			`s.yaml:2:11: "soon" is no time: want 500ms, 2s, 1m30s or a range such as 200ms..1s`,
		},
		{
			"an expression that does not compile", "s:\n  - deliveries.create: {}\n    as: d\n  - expect: { entity: d, that: stat.x == 1 }\n",
			`s.yaml:4:32: unknown name stat; did you mean state?`,
		},
		{
			"an expectation that asks nothing", "s:\n  - deliveries.create: {}\n    as: d\n  - expect: { entity: d, that: state.budget }\n",
			`s.yaml:4:32: state.budget is a value, not a condition: compare it, as in state.budget > 3 or state.budget == true`,
		},
		{
			"an event that is a name", "s:\n  - expect: { event: data.id }\n",
			`s.yaml:2:22: data.id is a value, not a condition: compare it, as in data.id > 3 or data.id == true`,
		},
		{
			"an entity that nothing names", "s:\n  - expect: { entity: d, that: version == 1 }\n",
			`s.yaml:2:23: no step before this one has the name d (as: d); want such a name or kind/id`,
		},
		{
			"half an expectation", "s:\n  - expect: { that: version == 1 }\n",
			`s.yaml:2:13: want entity and that, or event, or rejected and entity, or consumer and that, or station and that, or drift, or violations; have that`,
		},
		{
			"an unknown key", "s:\n  - expect: { entty: d }\n",
			`s.yaml:2:15: unknown key "entty"; did you mean entity?`,
		},
		{
			"an unknown stand-in", "s:\n  needs: [deliveries.courrier]\n  steps: [{ wait: 1s }]\n",
			`s.yaml:2:11: no stand-in "deliveries.courrier"; did you mean deliveries.courier?`,
		},
		{
			"no steps", "s: { about: nothing }\n",
			`s.yaml:1:1: script s has no steps`,
		},
		{
			"no YAML", "s:\n  - [wait\n",
			``,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Builtin().LoadScript("s.yaml", []byte(c.text))
			var at *file.Error
			if !errors.As(err, &at) {
				t.Fatalf("got %v, want a *FileError", err)
			}
			if c.want != "" && err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if at.File != "s.yaml" || at.Line == 0 {
				t.Errorf("no place in %+v", at)
			}
		})
	}
}
