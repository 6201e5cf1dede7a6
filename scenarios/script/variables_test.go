package script

import "testing"

func TestVariables(t *testing.T) {
	scripts, err := Load([]byte(
		"s:\n  vars: { budget: 50, half: '{budget / 2}', who: ada, mail: '{who}@example.com' }\n  steps: [{ say: 'hello {who}' }]\n"), Known{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{"run": "r"}
	if err := scripts[0].values(map[string]string{"who": "bob", "budget": "7.5"}, got, nil); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{"budget": 7.5, "half": "3.75", "who": "bob", "mail": "bob@example.com"} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	for set, want := range map[string]string{
		"budgt":  `script s: no variable "budgt"; did you mean budget?`,
		"run":    `script s: no variable "run"; known are budget, half, mail, who`,
		"budget": `script s: budget=lots: want a number`,
	} {
		err := scripts[0].values(map[string]string{set: "lots"}, map[string]any{"run": "r"}, nil)
		if err == nil || err.Error() != want {
			t.Errorf("--set %s=lots: got %v, want %s", set, err, want)
		}
	}
}
