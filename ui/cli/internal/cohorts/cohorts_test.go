package cohorts

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
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
	for _, one := range all {
		if err := Keep(one.Name, one.Cohort); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range all {
		if c, err := Find(want.Name); err != nil || c.Text != want.Text {
			t.Errorf("%+v, %v; want %s", c, err, want.Text)
		}
	}
	if _, err := Find("actve"); err == nil || !strings.Contains(err.Error(), "did you mean active?") {
		t.Errorf("%v", err)
	}
	name, err := kept.Path()
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

// Those that several save at once are all saved, and one that is taken away leaves the others.
func TestCohortsAreSavedOneByOne(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	const n = 20
	made := make([]*cohort.Cohort, n)
	for i := range made {
		var err error
		if made[i], err = cohort.Parse(fmt.Sprintf("delivery where state.budget < %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Keep("gone", made[0]); err != nil {
		t.Fatal(err)
	}
	var saving sync.WaitGroup
	for i, c := range made {
		saving.Go(func() {
			if err := Keep(fmt.Sprintf("c%d", i), c); err != nil {
				t.Error(err)
			}
			if i == n/2 {
				if err := Keep("gone", nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	saving.Wait()
	all, err := Read()
	if err != nil || len(all) != n {
		t.Fatalf("%d are saved, want %d: %v", len(all), n, err)
	}
	for _, s := range all {
		if want := "delivery where state.budget < " + strings.TrimPrefix(s.Name, "c"); s.Text != want {
			t.Errorf("%s is %s, want %s", s.Name, s.Text, want)
		}
	}
	if err := Keep("c3", made[0]); err != nil {
		t.Fatal(err)
	}
	if c, err := Find("c3"); err != nil || c.Text != made[0].Text {
		t.Errorf("%+v, %v", c, err)
	}
}

// A file with a mistake in it is not written over.
func TestCohortsWithAMistakeStay(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	c, err := cohort.Parse("delivery where state.budget < 0")
	if err != nil {
		t.Fatal(err)
	}
	if err := Keep("debt", c); err != nil {
		t.Fatal(err)
	}
	name, err := kept.Path()
	if err != nil {
		t.Fatal(err)
	}
	const text = "x: delivery\n"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Keep("debt", c); err == nil || !strings.Contains(err.Error(), "saving cohort debt") || !strings.Contains(err.Error(), ":1:1: x: want KIND where") {
		t.Errorf("%v", err)
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != text {
		t.Errorf("%q, %v", got, err)
	}
}
