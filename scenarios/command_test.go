package scenarios

import (
	"errors"
	"regexp"
	"testing"

	"signalbox/bus"
	"signalbox/scenarios/command"
)

func compose(t *testing.T, name string, values map[string]string) bus.Outgoing {
	t.Helper()
	c, err := shared.Command(name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.Compose(values)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

func TestCompose(t *testing.T) {
	for _, c := range []struct {
		command       string
		values        map[string]string
		subject, data string
		headers       bus.Headers
	}{
		{"deliveries.create", map[string]string{"id": "01HX", "budget": "100"}, "deliveries.01HX",
			`^\{"type":"CREATE_DELIVERY","delivery_id":"01HX","data":\{"budget":100,"notes":"ring twice"\}\}$`, nil},
		{"deliveries.create", map[string]string{"id": "01HX", "notes": `say "hi"`, "courier": "auto"}, "deliveries.01HX",
			`^\{"type":"CREATE_DELIVERY","delivery_id":"01HX","data":\{"budget":50,"notes":"say \\"hi\\""\}\}$`, bus.Headers{{Name: "Courier", Value: "auto"}}},
		{"deliveries.start", map[string]string{"id": "01HX"}, "deliveries.01HX", `^\{"type":"START_DELIVERY","delivery_id":"01HX","data":\{\}\}$`, nil},
		{"orders.place", map[string]string{"id": "p-1", "items": "tea, milk,"}, "", `^\{"id":"p-1","items":\["tea","milk"\]\}$`, nil},
		{"orders.create", map[string]string{"id": "p-1", "order_id": "42"}, "", `^\{"id":"[0-9A-Z]{26}","command_id":"p-1","order_id":"42"\}$`, nil},
		{"votes.register-voter", map[string]string{"id": "e-1", "voter_id": "v"}, "",
			`^\{"id":"[0-9A-Z]{26}","voter_id":"v","election_id":"e-1","name":"Ada","email":"v@example.com"\}$`,
			bus.Headers{{Name: "Event-Type", Value: "PhotoVote.Event.Voter.VoterRegistered"}}},
		{"votes.rate-candidate", map[string]string{"id": "e", "ballot_id": "b", "competition_id": "c", "candidate_id": "k", "rating": "9"}, "",
			`^\{"id":"[0-9A-Z]{26}","ballot_id":"b","election_id":"e","competition_id":"c","candidate_id":"k","rating":9\}$`,
			bus.Headers{{Name: "Event-Type", Value: "PhotoVote.Event.Ballot.BallotCandidateRated"}}},
	} {
		out := compose(t, c.command, c.values)
		if out.Subject != c.subject || !regexp.MustCompile(c.data).Match(out.Data) || len(out.Headers) != len(c.headers) {
			t.Errorf("%s: subject %q, headers %v, data %s; want %q, %v, %s", c.command, out.Subject, out.Headers, out.Data, c.subject, c.headers, c.data)
			continue
		}
		for i := range c.headers {
			if out.Headers[i] != c.headers[i] {
				t.Errorf("%s: header %v, want %v", c.command, out.Headers[i], c.headers[i])
			}
		}
	}
}

func TestComposeRefuses(t *testing.T) {
	for _, c := range []struct{ command, field, value, want string }{
		{"deliveries.create", "budget", "abc", `budget: want a whole number, have "abc"`},
		{"deliveries.create", "budget", "12abc", `budget: want a whole number, have "12abc"`},
		{"deliveries.create", "budget", "1.5", `budget: want a whole number, have "1.5"`},
		{"deliveries.create", "budget", "99999999999999999999", `budget: want a whole number, have "99999999999999999999"`},
		{"deliveries.create", "budget", "-1", `budget: want at least 0, have -1`},
		{"deliveries.create", "budget", "", `budget: want a value, have nothing`},
		{"deliveries.create", "courier", "fast", `courier: want one of none, auto, have "fast"`},
		{"deliveries.create", "id", "a b", `id: it becomes part of the subject, so it cannot hold blanks, * or >; have "a b"`},
		{"deliveries.create", "budgte", "1", `budgte: deliveries.create has no such field; did you mean budget?`},
		{"deliveries.start", "courier", "none", `id: want a value, have nothing`},
		{"orders.place", "items", " , ", `items: want texts with commas between, have " , "`},
	} {
		found, err := shared.Command(c.command)
		if err != nil {
			t.Fatal(err)
		}
		_, err = found.Compose(map[string]string{c.field: c.value})
		var at *command.FieldError
		if !errors.As(err, &at) || err.Error() != c.want {
			t.Errorf("%s %s=%s: %v; want %s", c.command, c.field, c.value, err, c.want)
		}
	}
}

// Every command can be sent with its defaults and, where it asks for one, some id; and its domain, where it understands events, understands it.
func TestEveryCommandIsUnderstood(t *testing.T) {
	for _, c := range shared.Commands() {
		values := c.Defaults()
		for _, f := range c.Fields {
			if values[f.Name] == "" && !f.Optional {
				values[f.Name] = "some-id"
			}
		}
		out, err := c.Compose(values)
		if err != nil {
			t.Errorf("%s: %v", c.FullName(), err)
			continue
		}
		w := newWorld(t)
		e := w.send(out.Station, string(out.Data), out.Headers...)
		if c.Type != "" && e.Type != c.Type || e.Problem != "" {
			t.Errorf("%s is understood as %q, problem %q; want %q", c.FullName(), e.Type, e.Problem, c.Type)
		}
	}
}

func TestDefaultsAreNew(t *testing.T) {
	c, err := shared.Command("orders.place")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := c.Defaults(), c.Defaults(); a["id"] == b["id"] || a["items"] != "tea, milk" {
		t.Errorf("defaults %v, then %v", a, b)
	}
}

func TestUnknownCommand(t *testing.T) {
	_, err := Builtin().Command("deliveries.crate")
	if want := `no command "deliveries.crate"; did you mean deliveries.create?`; err == nil || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
}
