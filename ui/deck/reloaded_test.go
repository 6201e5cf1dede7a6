package deck

import (
	"context"
	"testing"
	"time"

	"signalbox/scenarios"
	"signalbox/sources"
	"signalbox/sources/state"
)

// savedFile is a domain file that was saved.
type savedFile string

func (f savedFile) Names() []string { return []string{"parcels.yaml"} }
func (f savedFile) Saved() bool     { return true }

func (f savedFile) Library() (*scenarios.Library, error) {
	l := scenarios.Builtin()
	return l, l.Add("parcels.yaml", []byte(f))
}

// refolds is what comes of folding anew.
type refolds sources.Refolded

func (r refolds) Refold(context.Context, sources.Domains, func(string) bool, func(float64)) (sources.Refolded, error) {
	return sources.Refolded(r), nil
}

// save has the deck use a file that was saved.
func (d *driver) save(text string, out sources.Refolded) {
	d.t.Helper()
	w := d.model.Reload
	look, news, done := make(chan time.Time), make(chan struct{}, 1), make(chan struct{})
	w.Files, w.Look = savedFile(text), look
	ctx, cancel := context.WithCancel(d.t.Context())
	go func() {
		defer close(done)
		w.Run(ctx, refolds(out), scenarios.Builtin(), func() time.Time { return noon }, func() { news <- struct{}{} })
	}()
	look <- noon
	<-news
	cancel()
	<-done
	d.send(reloaded{})
}

const parcelsFile = "domain: parcels\nentity: parcel\nevents: { type: data.type, id: data.parcel_id }\nfold: { SENT: { creates: true, to: sent } }\n"

// outDifferent is what a changed file led to in the demo.
func outDifferent() sources.Refolded {
	r := sources.Refolded{Events: 48_210, Entities: 214, Differences: sources.Differences{Differ: 4, Untold: 12}, Took: 214 * time.Millisecond}
	for i := range 4 {
		d := sources.Different{Entity: demo().entities[i].Entity, WasVersion: 4, Version: 4 + uint64(i)}
		switch i {
		case 0:
			d.Gone = true
		case 1:
			d.New = true
		default:
			d.Changes = []state.FieldChange{{Name: "status", Was: state.TextValue("ready"), Is: state.TextValue("active")}, {Name: "budget", Was: state.IntValue(50)}}
			d.Rejected = 1
		}
		r.Found = append(r.Found, d)
	}
	return r
}

// A domain file that is saved says how many entities came out different, and lists them; one that is wrong, what is.
func TestSavedDomainFiles(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("R").shows("no domain file is used besides those that are built in")
	s.key("esc")
	s.save(parcelsFile, outDifferent())
	s.shows("48,210 events folded anew, 4 entities of 214 came out different, 12 are partial (R)")
	s.key("R").golden("refolded_120x36")
	s.key("esc")
	for i := range s.fake.entities {
		s.fake.entities[i].Status = "sent" // by the rules of now, with the version that it had
	}
	s.fake.base.Anew++
	s.send(snapshotMsg{})
	s.shows("01HX01Q sent", "01HX02Q sent")
	s.key("R")
	s.key("enter").shows("4 entities of 214 came out different") // it is gone: there is nothing to be opened
	want := demo().entities[2].Entity
	if s.key("down", "down", "enter"); s.model.Selection.Entity != want || s.model.Overlays.Top() != nil {
		t.Errorf("%v is chosen, want %v", s.model.Selection.Entity, want)
	}
	s.save(parcelsFile+"folds: {}\nstates: [send]\n", sources.Refolded{})
	s.shows("domain files are used as they were (R lists 2 mistakes): parcels.yaml:4", "✗ domain file (R)")
	s.key("R").shows("parcels.yaml:5:1: unknown key", "saved 14:03:22: not used, what there was before still is")
	s.key("esc")
	s.save(parcelsFile, sources.Refolded{Entities: 3})
	s.hides("✗ domain file")
	s.key("R").shows("every entity came out as it was")
}
