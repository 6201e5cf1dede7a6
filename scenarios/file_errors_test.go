package scenarios

import (
	"errors"
	"signalbox/scenarios/file"
	"strings"
	"testing"
)

// sound is a domain file with nothing wrong; the tests put mistakes into it.
const sound = `domain: parcels
entity: parcel
states: [ready, away]
events:
  type: data.type
  id: data.parcel_id
fold:
  sent:
    let: { cost: int(data.price) * 2 }
    reject:
      "Too dear": cost > 10
    set: { cost: cost }
    to: away
  lost:
    set:
      note: >-
        data.note ?? "none"
      why: |
        data.a +
        data.b
commands:
  send:
    send: { station: parcels, subject: "parcels.{id}", type: sent, payload: '{"type": type, "parcel_id": id}' }
    fields:
      id: { default: "{ulid()}" }
      price: { type: int, default: 3 }
`

func TestSoundFile(t *testing.T) {
	if err := (&Library{}).Add("parcels.yaml", []byte(sound)); err != nil {
		t.Fatal(err)
	}
}

func TestFileErrors(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"domain: parcels\n", "", `parcels.yaml:1:7: want the domain's name ("domain: orders")`},
		{"entity: parcel\n", "entity: parcel\nhighlight: csot\n", `parcels.yaml:3:12: no rule knows a field csot of parcel; did you mean cost?`},
		{"entity: parcel\n", "entty: parcel\n", `parcels.yaml:2:1: unknown key "entty"; did you mean entity?`},
		{"to: away", "too: away", `parcels.yaml:13:5: unknown key "too"; did you mean to?`},
		{"cost > 10", "cst > 10", `parcels.yaml:11:19: unknown name cst; did you mean cost?`},
		{"cost > 10", "cost > ", `parcels.yaml:11:25: the expression is not finished`},
		{"cost > 10", `"1 + 1"`, `parcels.yaml:11:20: want something that is true or false, such as data.quantity > 3`},
		{"cost > 10", `'state.sum > 1 && stat.sum > 2'`, `parcels.yaml:11:37: unknown name stat; did you mean state?`},
		{"int(data.price) * 2 }", "int(data.price) * }", `parcels.yaml:9:34: the expression is not finished`},
		{"data.type", "dat.type", `parcels.yaml:5:9: unknown name dat; did you mean data?`},
		{"data.b", "dato.b", `parcels.yaml:20:9: unknown name dato; did you mean data?`},
		{"fold:", "fold: [a]\nfald:", `parcels.yaml:7:7: want a mapping (name: value), have a list`},
		{"set: { cost: cost }", `set: { "cost[": cost }`, `parcels.yaml:12:12: want a field such as budget, or a path such as ballots[data.ballot_id].cast, have "cost["`},
		{"    let: { cost:", "    let: { state:", `parcels.yaml:9:12: state is a name already`},
		{"type: int, ", "type: itn, ", `parcels.yaml:26:22: field price: want a type of text, int, number, bool, choice, list, entity, have "itn"; did you mean int?`},
		{"default: 3", "default: three", `parcels.yaml:26:36: default of price: want a whole number, have "three"`},
		{"station: parcels, ", "", `parcels.yaml:22:3: command send: want the station it sends to (send: { station: … })`},
		{"parcels.{id}", "parcels.{ident}", `parcels.yaml:23:50: unknown name ident; known are id, now, pick, price, random, type, ulid, uuid`},
		{"parcels.{id}", "parcels.{id", `parcels.yaml:23:49: a { without its }; write {{ for the brace itself`},
		{`"parcel_id": id}`, `"parcel_id": ids}`, `parcels.yaml:23:106: unknown name ids; did you mean id?`},
		{"to: away", "to: awaay", `parcels.yaml:13:9: awaay is none of states; did you mean away?`},
		{"id: data.parcel_id\n", "id: data.parcel_id\n  alone: ship\n", `parcels.yaml:7:10: alone: want one of names, have ship`},
		{"{ulid()}", "{ulit()}", `parcels.yaml:25:24: unknown name ulit; did you mean ulid?`},
		{"to: away", "to: [away]", `parcels.yaml:13:9: want a text, have a list`},
		{"  sent:\n", "  sent:\n  sent:\n", `parcels.yaml:9:3: mapping key "sent" already defined at [8:3]`},
		{"domain: parcels\n", "domain: [parcels\n", `parcels.yaml:2:1: ',' or ']' must be specified`},
		{"domain: parcels\n", "domain: *parcels\n", `parcels.yaml:1:9: want a text, have an alias of nothing before it`},
		{
			"commands:\n", "stand-ins:\n  s:\n    reads: parcels\n    does:\n      - { when: data.urgent, sends: send }\ncommands:\n",
			`parcels.yaml:25:17: data.urgent is a value, not a condition: compare it, as in data.urgent > 3 or data.urgent == true`,
		},
		{sound, "", `parcels.yaml:1:1: want a domain file: domain, entity, events, fold, …`},
	} {
		text := strings.Replace(sound, c.old, c.new, 1)
		if text == sound {
			t.Errorf("%q is not in the file", c.old)
			continue
		}
		l := &Library{}
		err := l.Add("parcels.yaml", []byte(text))
		var at *file.Error
		if !errors.As(err, &at) || err.Error() != c.want {
			t.Errorf("%q for %q:\n%v\nwant\n%s", c.new, c.old, err, c.want)
		}
		if len(l.Names()) != 0 {
			t.Errorf("%q for %q: the domain was added", c.new, c.old)
		}
	}
}

// A user's domain takes the place of the built-in one of its name.
func TestAddReplaces(t *testing.T) {
	l := Builtin()
	if err := l.Add("mine.yaml", []byte(strings.Replace(sound, "domain: parcels", "domain: orders", 1))); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(l.Names(), " "); got != "orders votes deliveries" {
		t.Errorf("domains %s", got)
	}
	if _, err := l.Command("orders.send"); err != nil {
		t.Error(err)
	}
	if _, err := l.Command("orders.place"); err == nil {
		t.Error("the built-in domain is still there")
	}
}

// FuzzAdd: whatever a file holds, it is added or there is an error, and no panic.
func FuzzAdd(f *testing.F) {
	f.Add(sound)
	f.Add("a: &a [*a]\nb: *a")
	f.Add("domain: x\nentity: y\nevents: { type: a.b[, id: !!int x }")
	f.Fuzz(func(_ *testing.T, text string) {
		l := &Library{}
		if err := l.Add("fuzz.yaml", []byte(text)); err == nil {
			l.Domains()
		}
	})
}
