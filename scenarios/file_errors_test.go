package scenarios

import (
	"errors"
	"strings"
	"testing"

	"signalbox/bus/bustest/hostile"
	"signalbox/scenarios/file"
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
		{`"parcels.{id}"`, `"par cels.{id}"`, `parcels.yaml:23:40: subject of parcels.send: want one without blanks, * and >, have "par cels.{id}"`},
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
		{"fold:", "fold: [a]\nfald:", "parcels.yaml:7:7: want a mapping (name: value), have a list\nparcels.yaml:8:1: unknown key \"fald\"; did you mean fold?"},
		{"set: { cost: cost }", `set: { "cost[": cost }`, `parcels.yaml:12:12: want a field such as budget, or a path such as ballots[data.ballot_id].cast, have "cost["`},
		{"    let: { cost:", "    let: { cost: 1, state:", `parcels.yaml:9:21: state is a name already`},
		{"type: int, ", "type: itn, ", `parcels.yaml:26:22: field price: want a type of text, int, number, bool, choice, list, json, entity, have "itn"; did you mean int?`},
		{"default: 3", "default: three", `parcels.yaml:26:36: default of price: want a whole number, have "three"`},
		{"station: parcels, ", "", `parcels.yaml:22:3: command send: want the station it sends to (send: { station: … })`},
		{"parcels.{id}", "parcels.{ident}", `parcels.yaml:23:50: unknown name ident; known are fake, hex, id, md5, now, pick, price, random, type, ulid, uuid`},
		{"parcels.{id}", "parcels.{id", `parcels.yaml:23:49: a { without its }; write {{ for the brace itself`},
		{`"parcel_id": id}`, `"parcel_id": ids}`, `parcels.yaml:23:106: unknown name ids; did you mean id?`},
		{"to: away", "to: awaay", `parcels.yaml:13:9: awaay is none of states; did you mean away?`},
		{"id: data.parcel_id\n", "id: data.parcel_id\n  alone: ship\n", `parcels.yaml:7:10: alone: want one of names, have ship`},
		{"{ulid()}", "{ulit()}", `parcels.yaml:25:24: unknown name ulit; did you mean ulid?`},
		{"to: away", "to: [away]", `parcels.yaml:13:9: want the name of a status, have a list`},
		{"to: away", "to: 7", `parcels.yaml:13:9: want the name of a status, have "7"; a status of that name is written '7'`},
		{"to: away", "to: true", `parcels.yaml:13:9: want the name of a status, have "true"; a status of that name is written 'true'`},
		{"to: away", "to: ' '", `parcels.yaml:13:9: want the name of a status, have an empty text`},
		{"domain: parcels", "domain: my parcels", `parcels.yaml:1:9: the name of a domain has letters, digits, - and _ only, and begins with a letter; have "my parcels"`},
		{"domain: parcels", "domain: 7", `parcels.yaml:1:9: the name of a domain has letters, digits, - and _ only, and begins with a letter; have "7"`},
		{"entity: parcel", "entity: a/b", `parcels.yaml:2:9: the name of a kind of entities has letters, digits, - and _ only, and begins with a letter; have "a/b"`},
		{"  send:\n", "  say:\n", `parcels.yaml:22:3: a command cannot have the name say: in a script it begins a step of another sort`},
		{"  send:\n", "  '':\n", `parcels.yaml:22:3: want a name of a command, have an empty text`},
		{"  sent:\n", "  '':\n", `parcels.yaml:8:3: want the type of the events that the rule is for, have an empty text`},
		{`"Too dear": cost`, `"": cost`, `parcels.yaml:11:7: want a reason before the colon: it is what people read`},
		{"states:", "stations: { parcels: { kind: steam } }\nstates:", `parcels.yaml:3:30: station parcels: want a kind of stream, kv, channel, have "steam"; did you mean stream?`},
		{"states:", "stations: { parcels: { kind: kv, subjects: [a] } }\nstates:", `parcels.yaml:3:45: station parcels: only a stream has subjects`},
		{"states:", "stations: { parcels: { subjects: ['>.a', a.>] } }\nstates:", `parcels.yaml:3:35: station parcels: want a subject such as orders.>, have ">.a"`},
		{"states:", "stations: { my parcels: {} }\nstates:", `parcels.yaml:3:13: the name of a station has no blanks, and is not empty; have "my parcels"`},
		{"states:", "truth: { reddis: 'a:{id}' }\nstates:", `parcels.yaml:3:10: no bus "reddis"; did you mean redis?`},
		{"states:", "truth: { redis: 'a' }\nstates:", `parcels.yaml:3:17: want a key with {id} in it, such as parcel:{id}, have "a"`},
		{"states:", "scripts: { a: [{ expect: { event: 'type == \"x\"', within: 0s } }] }\nstates:", `parcels.yaml:3:58: want one time above 0, such as 2s, have "0s"`},
		{"states:", "scripts: { a b: [{ wait: 1s }] }\nstates:", `parcels.yaml:3:12: the name of a script has letters, digits, - and _ only, and begins with a letter; have "a b"`},
		{"states:", "traffic: [{ every: 1s, at-once: 0, steps: [{ wait: 1s }] }]\nstates:", `parcels.yaml:3:33: at-once: want a whole number from 1 on, have 0`},
		{"states:", "stand-ins: { a: { reads: parcels, deliver: -1 } }\nstates:", `parcels.yaml:3:44: deliver: want a whole number from 1 on, have -1`},
		{"states:", "stand-ins: { a: { reads: parcels, keeps: { bucket: b } } }\nstates:", `parcels.yaml:3:17: stand-in a: keeps wants bucket and key`},
		{"  sent:\n", "  sent:\n  sent:\n", `parcels.yaml:9:3: sent is there already, in line 8`},
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
	if got := strings.Join(l.Names(), " "); got != "orders votes deliveries eventspype" {
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
	for _, s := range hostile.Small(hostile.YAML(), 3000) {
		f.Add(s.Text)
		f.Add(sound + s.Text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		l := &Library{}
		if err := l.Add("fuzz.yaml", []byte(text)); err == nil {
			l.Domains()
		}
	})
}

// All that is wrong is said at once, in the order of the file, and what only comes of something else is not said.
func TestAllErrorsOfAFile(t *testing.T) {
	text := strings.NewReplacer(
		"entity: parcel\n", "entty: parcel\n", // and so there is none, which is not said
		"data.type", "dat.type",
		"int(data.price) * 2", "int(data.prize", // what uses cost is right all the same
		"to: away", "to: awaay",
		"type: int, ", "type: itn, ",
		`"parcel_id": id}`, `"parcel_id": ids}`,
	).Replace(sound) + `scripts:
  a:
    - send: { prize: 4 }
      as: p
    - expect: { entity: p, that: stat.x == 1 }
    - sent: {}
    - expect: { entity: q, that: state.cost == 1, within: soon }
`
	want := `parcels.yaml:2:1: unknown key "entty"; did you mean entity?
parcels.yaml:5:9: unknown name dat; did you mean data?
parcels.yaml:9:31: the expression is not finished
parcels.yaml:13:9: awaay is none of states; did you mean away?
parcels.yaml:23:106: unknown name ids; did you mean id?
parcels.yaml:26:22: field price: want a type of text, int, number, bool, choice, list, json, entity, have "itn"; did you mean int?
parcels.yaml:29:15: parcels.send has no field "prize"; did you mean price?
parcels.yaml:31:34: unknown name stat; did you mean state?
parcels.yaml:32:7: unknown step "sent"; did you mean send?
parcels.yaml:33:25: no step before this one has the name q (as: q); want such a name or kind/id
parcels.yaml:33:59: want one time above 0, such as 2s, have "soon"`
	err := (&Library{}).Add("parcels.yaml", []byte(text))
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}
