package scenarios

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"signalbox/bus/bustest/hostile"
)

// whole is a domain in which every part holds with the others; the tests put mistakes into it.
const whole = `domain: parcels
entity: parcel
states: [ready, away]
events:
  type: data.type
  id: data.parcel_id
  stations: [parcels, "raw:*"]
stations:
  parcels: { kind: stream, subjects: ["parcels.>"] }
  copies: { kind: kv }
  news: { kind: channel }
fold:
  Made:
    creates: true
    set: { weight: data.weight }
    to: ready
  Sent:
    wire: "*.sent"
    reject: { "Too heavy": state.weight > 10, "Sent already": state.status == "away" }
    to: away
commands:
  make:
    send: { station: parcels, subject: "parcels.{id}", type: Made, payload: '{"type": type, "parcel_id": id, "weight": weight}' }
    fields: { id: { default: "{ulid()}" }, weight: { type: int, default: 3, min: 1 } }
  send:
    send: { station: news, type: x.sent }
    fields: { parcel_id: { type: entity, of: parcel } }
scripts:
  there:
    vars: { weight: 12 }
    steps:
      - make: { weight: "{weight}" }
        as: p
      - expect: { entity: p, that: status == "ready" && state.weight == weight }
      - send: { parcel_id: p.id }
      - expect: { rejected: Too heavy, entity: p }
      - expect: { event: type == "Sent" && rejected == "Too heavy" }
      - expect: { entity: "parcel/{p.id}", that: 'status in ["ready", "away"]' }
stand-ins:
  sorter:
    reads: parcels
    does: [{ on: Made, when: state.weight > 3 && status == "ready", sends: send, with: { parcel_id: "{id}" } }]
    keeps: { bucket: copies, key: "{id}" }
traffic:
  - every: 1s
    steps:
      - raw: { station: "parcels.x", data: "?" }
      - repeat: { times: 2, steps: [{ make: {} }] }
`

func problems(found []Problem) string {
	var all []string
	for _, p := range found {
		text := p.Text
		if p.Warning {
			text = "warning: " + text
		}
		place := fmt.Sprint(p.Line)
		if p.Line == 3 { // where the tests are about columns too
			place = fmt.Sprintf("%d:%d", p.Line, p.Column)
		}
		all = append(all, place+": "+text)
	}
	return strings.Join(all, "\n")
}

func TestCheck(t *testing.T) {
	if _, found := (&Library{}).Check("x", []byte(whole)); len(found) > 0 {
		t.Fatalf("the whole domain has problems:\n%s", problems(found))
	}
	for _, c := range []struct{ old, new, want string }{
		{"send: { station: parcels,", "send: { station: parcls,", `23: no station "parcls" is among those that parcels lists; did you mean parcels?`},
		{"reads: parcels", "reads: nowhere", `41: no station "nowhere" is among those that parcels lists; known are copies, news, parcels, raw:*`},
		{"bucket: copies", "bucket: copes", `43: no station "copes" is among those that parcels lists; did you mean copies?`},
		{`station: "parcels.x"`, `station: "parsels.x"`, `47: no station "parsels.x" is among those that parcels lists; did you mean parcels?`},
		{"station: news", "station: raw:news", ""},
		{`subject: "parcels.{id}"`, `subject: "parsels.{id}"`, `23: the station parcels takes parcels.>, and not parsels.{id}`},
		{`subject: "parcels.{id}"`, `subject: parcels`, `23: the station parcels takes parcels.>, and not parcels`},
		{`subject: "parcels.{id}"`, `subject: "{id}.made"`, ""},
		{`subject: "parcels.{id}"`, `subject: "parcels.made.{id}.x"`, ""},
		{"type: Made, ", "type: 'Made ', ", `23: parcels has no rule that folds the type Made ; did you mean Made?`},
		{"type: Made, ", "type: Mode, ", `23: parcels has no rule that folds the type Mode; did you mean Made?`},
		{"type: x.sent", "type: y.lost", `26: parcels has no rule that folds the type y.lost; known are Made, Sent`},
		{"on: Made", "on: Maid", `42: parcels has no rule that folds the type Maid; did you mean Made?`},
		{"on: Made, ", "", `40: stand-in sorter: want on, the type of the events that it answers`},
		{"reads: parcels\n", "reads: parcels\n    takes: 1s..40s\n", `42: warning: stand-in sorter may take 40s, and what is not acknowledged after 30s is delivered again (ack-wait)`},
		{`type == "Sent"`, `type == "Semt"`, `37: no rule is for the type Semt; did you mean Sent?`},
		{`type == "Sent"`, `type == "Elsewhere"`, `37: warning: no rule is for the type Elsewhere; known are Made, Sent`},
		{`rejected == "Too heavy"`, `rejected == "Too heavi"`, `37: no rule rejects with the reason Too heavi; did you mean Too heavy?`},
		{`rejected: Too heavy`, `rejected: Too havy`, `36: no rule rejects with the reason Too havy; did you mean Too heavy?`},
		{`status == "ready" && state.weight == w`, `status == "redy" && state.weight == w`, `34: no rule gives the status redy; did you mean ready?`},
		{`["ready", "away"]`, `["ready", "awai"]`, `38: no rule gives the status awai; did you mean away?`},
		{`state.status == "away"`, `state.status == "awai"`, `19: no rule gives the status awai; did you mean away?`},
		{`state.weight > 10`, `state.weigt > 10`, `19: no rule sets weigt; did you mean weight?`},
		{`state.weight > 3`, `state.wieght > 3`, `42: no rule sets wieght; did you mean weight?`},
		{`state.weight == weight`, `state.weigth == weight`, `34: no rule sets weigth; did you mean weight?`},
		{`"parcel/{p.id}"`, `"parsel/{p.id}"`, `38: no domain has entities of the kind parsel; did you mean parcel?`},
		{`of: parcel`, `of: parsel`, `27: no domain has entities of the kind parsel; did you mean parcel?`},
		{`status == "ready" && state.weight == w`, `status == "ready" && status == "away" && state.weight == w`, `34: this is never true: nothing is both "ready" and "away"`},
		{`that: 'status in ["ready", "away"]'`, `that: 1 > 2`, `38: this is never true, so that it waits in vain`},
		{`that: 'status in ["ready", "away"]'`, `that: 2 > 1`, `38: warning: this is always true`},
		{`"Too heavy": state.weight > 10`, `"Too heavy": 1 > 10`, `19: warning: this is always false`},
		{`vars: { weight: 12 }`, `vars: { weight: 12, note: x }`, `30: warning: nothing in there uses the variable note`},
		{`[ready, away]`, `[ready, away, away]`, `3:23: warning: the status away is listed twice`},
		{`[ready, away]`, `[ready, away, lost]`, `3:23: warning: no rule leads to the status lost`},
		{`[ready, away]`, `[ready, away, ""]`, `3:23: states: want the name of a status, have an empty text`},
		{", min: 1 }", ", min: 1 }, note: { default: x }", `24: warning: the field note is in nothing that make sends`},
		{`{ default: "{ulid()}" }`, `{ default: "{ulid()}", options: [a] }`, `24: warning: field id: only a choice has options`},
		{`{ default: "{ulid()}" }`, `{ default: "{ulid()}", max: 3 }`, `24: warning: field id: only numbers have min and max`},
		{`{ default: "{ulid()}" }`, `{ default: "{ulid()}", of: parcel }`, `24: warning: field id: only an entity is of a kind`},
		{"commands:", "  Again: { wire: big.sent, to: away }\ncommands:", `21: Again is never reached: Sent takes all events whose type is like *.sent`},
		{"commands:", "  Again: { alone: { to: away } }\ncommands:", `21: Again says what it does to an entity that stands alone, and no alone of events names such a kind`},
		{"states: [ready", `always: { "it weighs": state.wieght > 0 }` + "\nstates: [ready", `3:24: no rule sets wieght; did you mean weight?`},
		{"states: [ready", `always: { "it weighs": before.wieght == nil || changed.weigt }` + "\nstates: [ready",
			"3:24: no rule sets wieght; did you mean weight?\n3:48: no rule sets weigt; did you mean weight?"},
		{"states: [ready", `always: { "it is sent": type != "Semt" || before.status == "awai" }` + "\nstates: [ready",
			"3:33: no rule is for the type Semt; did you mean Sent?\n3:60: no rule gives the status awai; did you mean away?"},
		{"states: [ready", `always: { "it weighs": state.price > 0 }` + "\nstates: [ready", `3:24: warning: no rule sets price; known are status, weight`},
		{"states: [ready", `always: { reject: { "It is away": state.status == "awai" } }` + "\nstates: [ready", `3:51: no rule gives the status awai; did you mean away?`},
		{"type: int, default", "type: itn, default", `24: field weight: want a type of text, int, number, bool, choice, list, json, entity, have "itn"; did you mean int?`},
		{"    vars: { weight: 12 }", "    needs: [sortr]\n    vars: { weight: 12 }", `30: no stand-in "sortr"; did you mean sorter?`},
		{"    to: ready", "    too: ready", `16: unknown key "too"; did you mean to?`}, // and so nothing leads to ready, which is not said
		{"    to: ready", "    to: raedy", `16: raedy is none of states; did you mean ready?`},
		{"{ weight: data.weight }\n    to: ready", `{ weight: data.weight, status: "'raedy'" }`, `15: raedy is none of states; did you mean ready?`},
		{"{ weight: data.weight }\n    to: ready", `{ weight: data.weight, status: 'data.far ? "away" : "ready"' }`, ""},
		{"sends: send,", "sends: sent,", `42: no command "sent"; did you mean send?`},
		{"  Sent:\n", "  Made: {}\n  Sent:\n", `17: Made is there already, in line 13`},
		{"set: { weight: data.weight }", "set: { weight: [1] }", `15: want a text, have a list; an expression that begins with [ or { is written in quotes`},
		{"stand-ins:", "truth: { redis: 'parcel:{ids}' }\nstand-ins:", `39: unknown name ids; did you mean id?`},
		{"  id: data.parcel_id\n", "", `5: events: want id too, an expression for whose each event is; without one no entity is known`},
	} {
		text := strings.Replace(whole, c.old, c.new, 1)
		if text == whole {
			t.Errorf("%q is not in the file", c.old)
			continue
		}
		if _, found := (&Library{}).Check("x", []byte(text)); problems(found) != c.want {
			t.Errorf("%q for %q:\n%s\nwant\n%s", c.new, c.old, problems(found), c.want)
		}
	}
}

// What comes with signalbox has nothing suspicious in it.
func TestCheckBuiltin(t *testing.T) {
	l := Builtin()
	for _, name := range l.Names() {
		text, err := builtin.ReadFile(path.Join("library", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if domain, found := l.Check(name, text); domain != name || len(found) > 0 {
			t.Errorf("%s: domain %s\n%s", name, domain, problems(found))
		}
	}
}

// A file of scripts is held against the domains that are known.
func TestCheckScript(t *testing.T) {
	l := Builtin()
	n, found := l.CheckScript("x", []byte(`story:
  - deliveries.create: {}
    as: d
  - expect: { entity: d, that: status == "redy" }
  - expect: { entity: d, that: state.bugdet > 3 }
  - expect: { entity: order/1, that: status == "placd" }
other:
  - say: 
`))
	want := "4: no rule gives the status redy; did you mean ready?\n5: no rule sets bugdet; did you mean budget?\n" +
		"6: no rule gives the status placd; did you mean placed?\n8: want a value, have nothing"
	if n != 2 || problems(found) != want {
		t.Errorf("%d scripts\n%s\nwant\n%s", n, problems(found), want)
	}
	if n, found := l.CheckScript("x", nil); n != 0 || len(found) != 1 {
		t.Errorf("an empty file: %d scripts\n%s", n, problems(found))
	}
}

// FuzzCheck: whatever a file holds, it is checked without a panic, and what is added has no errors.
func FuzzCheck(f *testing.F) {
	f.Add(whole)
	f.Add(sound)
	f.Add("a: &a [*a]\nscripts: { a: [{ repeat: *a }, { expect: { that: 1 } }] }")
	f.Add("a:\n  vars: { n: 1 }\n  steps:\n    - let: { m: \"{n * 2}\" }\n    - parallel: { p: [{ choose: [{ weight: 2, steps: [{ call: b }] }] }] }\n" +
		"    - if: m > 2\n      then: [{ repeat: { for: 1s, steps: [{ say: \"{i}\" }] } }]\n      else: [{ pause: x }, { note: y }]\n" +
		"    - wait: { station: s, that: rate > 1 }\n    - expect: { event: type == \"A\", never: 1s }\nb: [{ call: a, with: { n: 3 } }]\n")
	f.Add("domain: x\nentity: y\nevents: { type: a }\ntraffic: [{ steps: [{ raw: 1 }] }]\nstand-ins: { a: }\nscripts: { a: }")
	for _, s := range hostile.Small(hostile.YAML(), 3000) {
		f.Add(s.Text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		(&Library{}).Check("fuzz.yaml", []byte(text))
		Builtin().CheckScript("fuzz.yaml", []byte(text))
	})
}
