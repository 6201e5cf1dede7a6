package cohorts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"signalbox/scenarios/cohort"
)

// What is saved is read again as it was; a mistake in the file has its place.
func TestCohortsAreSaved(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	if all, err := Read(); len(all) > 0 || err != nil {
		t.Fatalf("%v, %v, of no file", all, err)
	}
	if _, err := Find("debt"); err == nil || !strings.Contains(err.Error(), "none is saved") {
		t.Errorf("%v", err)
	}
	var all []Saved
	for name, text := range map[string]string{
		"debt: \"deep\"": `delivery where state.budget < 0 && state.notes != "ü\t'" sort -budget columns budget, notes`,
		"active":         "delivery where status:active",
	} {
		c, err := cohort.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Saved{Name: name, Cohort: c})
	}
	if err := Keep(all); err != nil {
		t.Fatal(err)
	}
	for _, want := range all {
		if c, err := Find(want.Name); err != nil || c.Text != want.Text {
			t.Errorf("%+v, %v; want %s", c, err, want.Text)
		}
	}
	if _, err := Find("actve"); err == nil || !strings.Contains(err.Error(), "did you mean active?") {
		t.Errorf("%v", err)
	}
	name, err := path()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("active: delivery where status:active\nx: delivery\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(); err == nil || !strings.Contains(err.Error(), filepath.Join("signalbox", "cohorts.yaml")+":2:1: x: want KIND where") {
		t.Errorf("%v", err)
	}
}
