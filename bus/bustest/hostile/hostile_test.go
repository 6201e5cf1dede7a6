package hostile

import (
	"encoding/json"
	"strings"
	"testing"
)

// The samples of a kind have names of their own, and are what their names say where that can be told.
func TestSamplesHaveNames(t *testing.T) {
	for kind, all := range map[string][]Sample{
		"texts": Texts(), "payloads": append(Payloads(), LargePayloads()...), "YAML": YAML(), "alias bombs": AliasBombs(), "expressions": Expressions(),
	} {
		known := map[string]bool{}
		for _, s := range all {
			if known[s.Name] || s.Name == "" {
				t.Errorf("%s: two are named %q", kind, s.Name)
			}
			known[s.Name] = true
			if strings.HasPrefix(s.Name, "large-") && (len(s.Text) < Large*9/10 || len(s.Text) > Large*13/10) {
				t.Errorf("%s: %s is of %d bytes", kind, s.Name, len(s.Text))
			}
		}
		if len(all) < 3 {
			t.Errorf("%s: only %d", kind, len(all))
		}
	}
	for _, n := range Numbers() {
		if !json.Valid([]byte(n)) {
			t.Errorf("%s is no number of JSON", n)
		}
	}
	for _, n := range NoNumbers() {
		if json.Valid([]byte(n)) {
			t.Errorf("%s is a number of JSON", n)
		}
	}
	for _, s := range Small(Payloads(), 10) {
		if len(s.Text) > 10 {
			t.Errorf("%s is not small", s.Name)
		}
	}
	for _, s := range AliasBombs() {
		if len(s.Text) > 2000 {
			t.Errorf("the alias bomb %s is of %d bytes: it is meant to be small", s.Name, len(s.Text))
		}
	}
}
