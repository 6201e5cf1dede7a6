package stations

import "testing"

func TestSeparatorsWhereThereAreSeveralSubjects(t *testing.T) {
	for _, test := range []struct {
		subjects []string
		want     string
	}{
		{[]string{"orders.*.eu"}, "."},
		{[]string{">"}, "."},
		{[]string{"orders.new"}, ""},
		{[]string{"a", "b"}, "."},
		{nil, "."}, // a mirror
	} {
		if got := separators(test.subjects); got != test.want {
			t.Errorf("%q: separators %q, want %q", test.subjects, got, test.want)
		}
	}
}
