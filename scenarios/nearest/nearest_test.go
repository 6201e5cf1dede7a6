package nearest

import "testing"

func TestHint(t *testing.T) {
	known := []string{"select", "budget", "orders"}
	for word, want := range map[string]string{
		"budgt":    "; did you mean budget?",
		"BUDGET":   "; did you mean budget?",
		"oders":    "; did you mean orders?",
		"anything": "; known are budget, orders, select",
	} {
		if got := Hint(word, known); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
	if got := Hint("budgt", nil); got != "" {
		t.Errorf("with no names: %q", got)
	}
	if got := Question("anything", known); got != "" {
		t.Errorf("a question about nothing near: %q", got)
	}
}
