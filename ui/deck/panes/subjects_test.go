package panes

import (
	"testing"

	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/sources/subjects"
)

func TestSubjectFiltersAreExact(t *testing.T) {
	for _, test := range []struct {
		path   string
		kind   subjects.RowKind
		want   string
		in, no []string
	}{
		{"orders", subjects.LeafRow, `subject:"orders"`, []string{"orders"}, []string{"orders.x", "orders2"}},
		{"orders.", subjects.BranchRow, "subject:orders.*", []string{"orders.x", "orders.a.b"}, []string{"orders", "xorders.a"}},
		{"a b:", subjects.BranchRow, `subject startsWith "a b:"`, []string{"a b:c"}, []string{"a", "b"}},
		{`say "hi"`, subjects.LeafRow, `subject == "say \"hi\""`, []string{`say "hi"`}, []string{"say", "hi"}},
		{"a*?", subjects.LeafRow, `subject == "a*?"`, []string{"a*?"}, []string{"axx"}},
		{"", subjects.LeafRow, `subject == ""`, []string{""}, []string{"a"}},
	} {
		text, ok := subjectFilter(&subjects.Row{Path: test.path, Kind: test.kind})
		if !ok || text != test.want {
			t.Errorf("%q: %q, want %q", test.path, text, test.want)
		}
		apply, err := filter.ParseEvents(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for _, subject := range test.in {
			if !apply.Wants(&sources.Event{Received: sources.Received{Subject: subject}}) {
				t.Errorf("%s does not match %q", text, subject)
			}
		}
		for _, subject := range test.no {
			if apply.Wants(&sources.Event{Received: sources.Received{Subject: subject}}) {
				t.Errorf("%s matches %q", text, subject)
			}
		}
	}
}
