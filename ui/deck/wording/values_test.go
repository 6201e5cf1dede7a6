package wording

import "testing"

func TestPathsAreShortened(t *testing.T) {
	const id = "01M7XHR7AMYVVBREC7ESMP1T0Q"
	for path, want := range map[string]string{
		"ballots.b-19.cast":       "ballots.b-19.cast",
		"ballots." + id + ".cast": "ballots.01M7…P1T0Q.cast",
	} {
		if got := PathName(path); got != want {
			t.Errorf("%s is shortened to %q, want %q", path, got, want)
		}
	}
	if isIdentifier("ring twice, please, at the door") || !isIdentifier(id) || isIdentifier("beware-of-the-dog-please") {
		t.Error("identifiers are not told from text")
	}
}
