package nearest

import "testing"

func TestHint(t *testing.T) {
	known := []string{"select", "budget", "orders"}
	for word, want := range map[string]string{
		"budgt":    "; did you mean budget?",
		"BUDGET":   "; did you mean budget?",
		"oders":    "; did you mean orders?",
		"abc":      "; known are budget, orders, select",
		"widget":   "; known are budget, orders, select",
		"anything": "; known are budget, orders, select",
	} {
		if got := Hint(word, known); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
	if got := Question("deliveries.nope", []string{"deliveries.create"}); got != "" {
		t.Errorf("what both begin with counts: %q", got)
	}
	if got := Name("of", []string{"on", "off"}); got != "off" {
		t.Errorf("of is near %q, want off, which begins with it", got)
	}
	if got := Question("deliveries.creaet", []string{"deliveries.create"}); got != "; did you mean deliveries.create?" {
		t.Errorf("with what both begin with: %q", got)
	}
	if got := Hint("budgt", nil); got != "" {
		t.Errorf("with no names: %q", got)
	}
	if got := Question("anything", known); got != "" {
		t.Errorf("a question about nothing near: %q", got)
	}
}

func TestMisspelt(t *testing.T) {
	for _, c := range []struct{ word, name, want string }{
		{"deliverise", "deliveries", "deliveries"},
		{"Deliveris", "deliveries", "deliveries"},
		{"delivery", "deliveries", ""},
		{"electoin", "election", "election"},
		{"oders", "orders", "orders"},
		{"ordres", "orders", "orders"},
		{"place-ordr", "place-order", "place-order"},
		{"logs", "jobs", ""},
		{"job", "jobs", "jobs"},
		{"ping", "orders", ""},
		{"order:17", "order:18", ""},
		{"orders2", "orders", ""},
		{"shop:nwes", "shop:news", "shop:news"},
	} {
		if got := Misspelt(c.word, []string{c.name}); got != c.want {
			t.Errorf("%s beside %s: %q, want %q", c.word, c.name, got, c.want)
		}
	}
}
