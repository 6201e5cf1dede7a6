package mask_test

import (
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/bus/recording/internal/mask"
)

func TestData(t *testing.T) {
	for _, c := range []struct{ rules, data, want string }{
		{"data.email", `{"id":1,"email":"a@b.c"}`, `{"id":1,"email":"***"}`},
		{"data.email", ` { "email" : null , "n":2}`, ` { "email" : "***" , "n":2}`},
		{"data.email", `{"email":"a","email":{"x":1}}`, `{"email":"***","email":"***"}`},
		{"data.user.email", `{"email":"kept","user":{"email":"a","x":[1,{"email":"kept"}]}}`, `{"email":"kept","user":{"email":"***","x":[1,{"email":"kept"}]}}`},
		{"data.users.email", `{"users":[{"email":"a"},{"email":"b","n":1}]}`, `{"users":[{"email":"***"},{"email":"***","n":1}]}`},
		{"data.*.pin", `{"a":{"pin":1},"b":{"pin":2},"pin":3}`, `{"a":{"pin":"***"},"b":{"pin":"***"},"pin":3}`},
		{"data.a data.a.b data.c", `{"a":{"b":1},"c":[],"d":0}`, `{"a":"***","c":"***","d":0}`},
		{"data.body.pin", `{"body":"{\"pin\":12,\"n\":\"ü\"}"}`, `{"body":"{\"pin\":\"***\",\"n\":\"ü\"}"}`},
		{"data.e\u0301", "{\"e\\u0301\":1}", "{\"e\\u0301\":\"***\"}"},
		{"data.email", `[{"email":1},2]`, `[{"email":"***"},2]`},
		{"data.email", `{"email":"cut sho`, `"***"`},
		{"data.email", "plain email", "plain email"},
		{"data.email", "", ""},
		{"data.email", strings.Repeat("[", 2000) + strings.Repeat("]", 2000), `"***"`},
		{"headers.x", `{"x":1}`, `{"x":1}`},

		// with an envelope, or a message within a message
		{"data.email", `{"type":"A","email":"a","data":{"email":"b"},"payload":{"email":"c"},"other":{"email":"kept"}}`,
			`{"type":"A","email":"***","data":{"email":"***"},"payload":{"email":"***"},"other":{"email":"kept"}}`},
		{"data.email", `{"data":"{\"email\":\"b\"}","notes":"[urgent] ring"}`, `{"data":"{\"email\":\"***\"}","notes":"[urgent] ring"}`},
		{"data.email headers.Authorization", `{"group":"mailer","field:data":"{\"data\":{\"email\":\"b\"}}","field:authorization":"Bearer s","field:n":"1"}`,
			`{"group":"mailer","field:data":"{\"data\":{\"email\":\"***\"}}","field:authorization":"***","field:n":"1"}`},
		{"headers.Authorization", `{"field:Authorization":"Bearer s"}`, `{"field:Authorization":"***"}`},
		{"headers.Authorization", `{"field:Authorization":"cut sho`, `{"field:Authorization":"cut sho`},
		{"data.email", `{"a":{"b":"{\"email\":1}"}}`, `{"a":{"b":"{\"email\":1}"}}`},
	} {
		rules, err := mask.New(strings.Fields(c.rules))
		if err != nil {
			t.Fatal(err)
		}
		m := bus.Message{Data: []byte(c.data), Size: len(c.data) + 3}
		rules.Message(&m)
		if string(m.Data) != c.want || m.Size != len(c.want)+3 {
			t.Errorf("%s of %.60s: %.80s, of %d bytes, want %s", c.rules, c.data, m.Data, m.Size, c.want)
		}
	}
}

func TestHeaders(t *testing.T) {
	rules, err := mask.New([]string{"headers.Authorization", "headers.x-token.v2"})
	if err != nil {
		t.Fatal(err)
	}
	m := bus.Message{Headers: bus.Headers{{Name: "authorization", Value: "Bearer s"}, {Name: "X-Token.V2", Value: "s"}, {Name: "a", Value: "s"}}}
	rules.Message(&m)
	if m.Headers[0].Value != mask.Hidden || m.Headers[1].Value != mask.Hidden || m.Headers[2].Value != "s" {
		t.Errorf("%v", m.Headers)
	}
}

func TestRules(t *testing.T) {
	for _, text := range []string{"email", "data", "data.", "data..x", "headers.", "", "body.x"} {
		if _, err := mask.New([]string{text}); err == nil {
			t.Errorf("%q is a rule", text)
		}
	}
	if none, err := mask.New(nil); none != nil || err != nil {
		t.Error("there are rules where none are given")
	}
}

// Whatever a payload is: after the rule a member of that name is nowhere where the rule looks.
func FuzzData(f *testing.F) {
	for _, data := range []string{`{"a":"secret"}`, `{"a":1,"a":"{\"a\":\"secret\"}"}`, `[[{"\u0061":"secret"}]]`, `{"a":`} {
		f.Add([]byte(data))
	}
	rules, _ := mask.New([]string{"data.a"})
	f.Fuzz(func(t *testing.T, data []byte) {
		once, _ := rules.Data(data)
		again, _ := rules.Data(once)
		if string(once) != string(again) {
			t.Errorf("%q becomes %q, and then %q", data, once, again)
		}
	})
}

// A rule that replaced nothing is told: it may be misspelt.
func TestUnmet(t *testing.T) {
	rules, err := mask.New([]string{"data.emial", "data.user.pin", "headers.Authorization", "headers.X"})
	if err != nil {
		t.Fatal(err)
	}
	m := bus.Message{Data: []byte(`{"email":"a","user":{"pin":1}}`), Headers: bus.Headers{{Name: "authorization", Value: "Bearer s"}}}
	rules.Message(&m)
	if have := strings.Join(rules.Unmet(), " "); have != "data.emial headers.X" {
		t.Errorf("%q have replaced nothing, want data.emial and headers.X", have)
	}
}
