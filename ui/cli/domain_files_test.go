package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

const loansFile = `domain: loans
entity: loan
events: { stations: [loans], type: data.type, id: data.loan_id }
fold:
  Lent: { creates: true, set: { days: int(data.days) }, to: lent }
`

// writeAt writes a file as an editor does, a while after it was last written.
func writeAt(t *testing.T, name, text string, at int) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	when := time.Date(2026, 11, 20, 14, 3, at, 0, time.UTC)
	if err := os.Chtimes(name, when, when); err != nil {
		t.Fatal(err)
	}
}

// A file of --domain counts as saved once it stays as it is, and not while it is away.
func TestDomainFilesAreSaved(t *testing.T) {
	name := filepath.Join(t.TempDir(), "loans.yaml")
	writeAt(t, name, loansFile, 0)
	f := newDomainFiles(&options{domains: []string{name}})
	want := func(what string, saved ...bool) {
		t.Helper()
		for _, want := range saved {
			if f.Saved() != want {
				t.Errorf("%s: saved %t", what, !want)
			}
		}
	}
	want("as it was", false, false)
	writeAt(t, name, loansFile, 1)
	want("written", false)
	writeAt(t, name, loansFile, 2)
	want("written on", false, true, false)
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	want("away", false, false)
	writeAt(t, name, loansFile+"states: [lent]\n", 3)
	want("there again", false, true, false)
	library, err := f.Library()
	if err != nil || !strings.Contains(strings.Join(library.Names(), " "), "loans") {
		t.Errorf("%v", err)
	}
}

// A file that signalbox.yaml names is used when it sends nothing; one that sends is, once it was trusted.
func TestDomainFilesThatSendAreTrusted(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", folder)
	t.Setenv("XDG_STATE_HOME", filepath.Join(folder, "state"))
	t.Chdir(folder)
	writeAt(t, "signalbox.yaml", "domains: [loans.yaml]\n", 0)
	writeAt(t, "loans.yaml", loansFile, 0)
	var said bytes.Buffer
	o := &options{out: &said, err: &said}
	if err := o.readConfigurations(context.Background()); err != nil {
		t.Fatal(err)
	}
	f := newDomainFiles(o)
	saved := func() bool { return !f.Saved() && f.Saved() }
	writeAt(t, "loans.yaml", loansFile+"states: [lent]\n", 1)
	if !saved() {
		t.Fatal("it was saved")
	}
	if _, err := f.Library(); err != nil {
		t.Errorf("a file that sends nothing: %v", err)
	}
	const sends = loansFile + "commands: { lend: { send: { station: loans, type: Lent } } }\n"
	writeAt(t, "loans.yaml", sends, 2)
	if !saved() {
		t.Fatal("it was saved")
	}
	_, err := f.Library()
	if err == nil || !strings.Contains(err.Error(), "loans.yaml has changed and may send: run signalbox trust "+filepath.Dir(o.project.Path)) {
		t.Errorf("%v", err)
	}
	if f.Saved() {
		t.Error("it was not trusted, and is used")
	}
	trusted := &trustCommand{options: &options{out: &said, err: &said, in: strings.NewReader("y\n")}}
	p, err := trusted.readProject()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.judge(trusted.options); err != nil {
		t.Fatal(err)
	}
	if err := p.keep(); err != nil {
		t.Fatal(err)
	}
	if !f.Saved() {
		t.Error("it was trusted, and is not used")
	}
	library, err := f.Library()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := library.Command("loans.lend"); err != nil {
		t.Error(err)
	}
	writeAt(t, "loans.yaml", loansFile, 3) // it sends no more
	if saved(); f.refused != "" {
		t.Error("refused")
	}
	if _, err := f.Library(); err != nil {
		t.Error(err)
	}
}

// The deck folds anew what is held when a domain file is saved, and says what came out different, or what is wrong.
func TestDeckUsesASavedDomainFile(t *testing.T) {
	t.Parallel()
	url, b := serverWithBus(t)
	out := bus.Outgoing{Station: "$JS.API.STREAM.CREATE.loans", Data: []byte(`{"name":"loans","subjects":["loans"],"num_replicas":1,"storage":"memory"}`)}
	if _, _, err := b.Request(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"n-1", "n-2", "n-3"} {
		text := `{"type":"Lent","loan_id":"` + id + `","days":14}`
		if _, err := bus.Publish(t.Context(), b, bus.Outgoing{Station: "loans", Kind: bus.Stream, Data: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	name := filepath.Join(folder, "loans.yaml")
	writeAt(t, name, loansFile, 0)
	c := startConsoleIn(t, folder, 140, 40, url, "loans", "--domain", "loans.yaml")
	c.sees("n-3", "days", "14")
	writeAt(t, name, strings.Replace(loansFile, "int(data.days)", "2 * int(data.days)", 1), 1)
	c.sees("3 events folded anew, 3 entities of 3 came out different (R)", "28")
	c.press("R")
	c.sees("days 14→28")
	c.press("\x1b")
	writeAt(t, name, strings.Replace(loansFile, "int(data.days)", "int(data.days", 1), 2)
	c.sees("domain files are used as they were (R): loans.yaml:5:", "✗ domain file (R)")
	c.press("q")
	c.ends(exitDone)
}
