package scenarios_test

import (
	"errors"
	"strings"
	"testing"

	"signalbox/scenarios"
	"signalbox/scenarios/command"
)

const application = `
domain: loans
entity: loan
events: { type: data.type, id: data.loan_id }
commands:
  lend:
    send: { type: Lent, http: { post: "{base}/loans/{id}", json: '{"type": type, "days": days}' } }
    fields: { id: { type: text }, days: { type: int, default: 14 } }
  renew:
    send: { type: Renewed, station: loans, http: { post: "{base}/renew" } }
    fields: { id: { type: text } }
  fixed:
    send: { type: Fixed, http: { post: "http://127.0.0.1:7777/fixed" } }
`

func TestCommandsArePosted(t *testing.T) {
	l := &scenarios.Library{}
	if err := l.Add("loans.yaml", []byte(application)); err != nil {
		t.Fatal(err)
	}
	find := func(name string) *command.Command {
		c, err := l.Command("loans." + name)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, c := range []struct{ name, base, id, url, body, wrong string }{
		{"lend", "http://127.0.0.1:8000", "n-1", "http://127.0.0.1:8000/loans/n-1", `{"type":"Lent","days":14}`, ""},
		{"lend", "http://127.0.0.1:8000/api/", "../a b?x", "http://127.0.0.1:8000/api/loans/..%2Fa%20b%3Fx", `{"type":"Lent","days":14}`, ""},
		{"lend", "", "n-1", "", "", "where is the application?"},
		{"lend", "127.0.0.1:8000", "n-1", "", "", "is no URL of an application"},
		{"renew", "http://[::1]:8000", "n-1", "http://[::1]:8000/renew", `{"type":"Renewed","id":"n-1"}`, ""},
		{"fixed", "", "", "http://127.0.0.1:7777/fixed", `{"type":"Fixed"}`, ""},
		{"lend", "http://me:secret@127.0.0.1:x", "n-1", "", "", "is no URL of an application"},
	} {
		values := map[string]string{"id": c.id}
		if c.id == "" {
			values = nil
		}
		out, err := find(c.name).ComposePost(values, c.base)
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s at %s: %v, want %q", c.name, c.base, err, c.wrong)
			}
			continue
		}
		if err != nil || out.Subject != c.url || string(out.Data) != c.body {
			t.Errorf("%s at %s: %s %s, %v; want %s %s", c.name, c.base, out.Subject, out.Data, err, c.url, c.body)
		}
	}
	if !find("lend").Posted("") || find("renew").Posted("") || !find("renew").Posted("http://a") || !find("fixed").Posted("") {
		t.Error("what is posted and what is sent to a station are mixed up")
	}
	if _, err := find("lend").Compose(map[string]string{"id": "n-1"}); err == nil || !strings.Contains(err.Error(), "posted to an application") {
		t.Errorf("a station takes what is posted: %v", err)
	}
	var field *command.FieldError
	if _, err := find("lend").ComposePost(nil, "http://a"); !errors.As(err, &field) || field.Field != "id" {
		t.Errorf("without an id: %v", err)
	}
}

func TestWrongPostsAreFound(t *testing.T) {
	for text, want := range map[string]string{
		`http: { post: "/event" }`:                      "want a URL that begins with {base}",
		`http: { post: "http://{id}/event" }`:           "want a URL that begins with {base}",
		`http: { post: "{base}/{idd}" }`:                "idd",
		`http: { post: "{base}/x", json: "{a: dayz}" }`: "dayz",
		`http: { json: "{a: 1}" }`:                      "want the URL it posts to",
		`http: { post: "{base}/x", put: "{base}/y" }`:   "put",
	} {
		domain := "domain: loans\nentity: loan\nevents: { type: data.type, id: data.loan_id }\ncommands:\n  lend:\n    send: { type: Lent, " + text +
			" }\n    fields: { id: { type: text }, days: { type: int, default: 14 } }\n"
		if err := (&scenarios.Library{}).Add("loans.yaml", []byte(domain)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
