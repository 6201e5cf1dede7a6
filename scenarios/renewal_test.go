package scenarios

import (
	"strings"
	"testing"
)

// A library becomes another one at once, and knows for which kinds the rules are others.
func TestALibraryBecomesAnother(t *testing.T) {
	read := func(text string) *Library {
		l := Builtin()
		if err := l.Add("x.yaml", []byte(text)); err != nil {
			t.Fatal(err)
		}
		return l
	}
	const text = `
domain: loans
entity: loan
events: { type: data.type, id: data.loan_id }
fold:
  Lent: { creates: true, set: { days: data.days } } # how long
`
	l := read(text)
	for changed, others := range map[string]bool{
		text: false,
		text + "commands: { lend: { send: { station: loans, type: Lent } } }\n": false,
		strings.Replace(text, "# how long", "# in days", 1):                     false,
		strings.Replace(text, "data.days }", "data.days * 2 }", 1):              true,
		text + "always: { few: state.days < 60 }\n":                             true,
	} {
		next := read(changed)
		of := l.Others(next)
		if (of != nil) != others || others && (!of("loan") || of("order")) {
			t.Errorf("the rules are others: %t, of:\n%s", of != nil, changed)
		}
	}
	if of := l.Others(Builtin()); of == nil || !of("loan") {
		t.Error("a domain that is there no more is not told of")
	}
	l.Become(read(text + "commands: { lend: { send: { station: loans, type: Lent } } }\n"))
	if _, err := l.Command("loans.lend"); err != nil {
		t.Error(err)
	}
}
