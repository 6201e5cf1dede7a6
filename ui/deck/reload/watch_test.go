package reload

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"signalbox/scenarios"
	"signalbox/sources"
)

const loans = `
domain: loans
entity: loan
events: { type: data.type, id: data.loan_id }
fold:
  Lent: { creates: true, set: { days: data.days } }
`

// files are one file; each text that is sent is one that was saved.
type files struct {
	saved chan string
	text  string
}

func (f *files) Names() []string { return []string{"loans.yaml"} }

func (f *files) Saved() bool {
	f.text = <-f.saved
	return f.text != ""
}

func (f *files) Library() (*scenarios.Library, error) {
	l := scenarios.Builtin()
	return l, l.Add("loans.yaml", []byte(f.text))
}

// engine notes what it is to fold anew.
type engine struct {
	kinds []string
	err   error
}

func (e *engine) Refold(_ context.Context, _ sources.Domains, others func(string) bool, progress func(float64)) (sources.Refolded, error) {
	for _, kind := range []string{"loan", "order"} {
		if others(kind) {
			e.kinds = append(e.kinds, kind)
		}
	}
	progress(0.5)
	return sources.Refolded{Differences: sources.Differences{Differ: 3}}, e.err
}

// A file that is saved is used where it can be, and what there was stays where it cannot.
func TestASavedFileIsUsed(t *testing.T) {
	library := scenarios.Builtin()
	if err := library.Add("loans.yaml", []byte(loans)); err != nil {
		t.Fatal(err)
	}
	look, news := make(chan time.Time), make(chan struct{}, 100)
	close(look)
	f, e := &files{saved: make(chan string)}, &engine{}
	w := &Watch{Files: f, Look: look}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx, e, library, time.Now, func() { news <- struct{}{} })
	}()
	number := 0
	save := func(text string) *Found {
		f.saved <- text
		for number++; w.Found() == nil || w.Found().Number < number; {
			<-news
		}
		return w.Found()
	}
	commands := func() int { return len(library.Commands()) }
	before := commands()
	const more = "commands: { lend: { send: { station: loans, type: Lent } } }\n"
	if found := save(loans + more); found.Rules || len(e.kinds) > 0 || commands() != before+1 {
		t.Errorf("%+v, %v, %d commands; want one more, and nothing to be folded anew", found, e.kinds, commands())
	}
	changed := strings.Replace(loans, "data.days", "data.days * 2", 1)
	if found := save(strings.Replace(changed, "set:", "sets:", 1) + "fields: {}\n"); len(found.Problems) != 2 || !strings.HasPrefix(found.Problems[0], "loans.yaml:6:26: unknown key") {
		t.Errorf("%q, want two mistakes with places", found.Problems)
	}
	if len(e.kinds) > 0 || commands() != before+1 {
		t.Errorf("%v, %d commands, by a file that is wrong", e.kinds, commands())
	}
	e.err = errors.New("no room")
	if found := save(changed); len(found.Problems) != 1 || commands() != before+1 {
		t.Errorf("%q, %d commands; want what there was to stay", found.Problems, commands())
	}
	e.err, e.kinds = nil, nil
	if found := save(changed); !found.Rules || found.Refolded.Differ != 3 || len(e.kinds) != 1 || e.kinds[0] != "loan" || commands() != before {
		t.Errorf("%+v, %v, %d commands", found, e.kinds, commands())
	}
	if _, going := w.Part(); going {
		t.Error("it is folded anew without end")
	}
	cancel()
	close(f.saved)
	<-done
}
