package overlays

import (
	"strconv"
	"strings"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// station is an open station.
type station struct {
	details
	key string
}

// Name implements component.Overlay.
func (v *station) Name() string { return "an open station" }

// OpenStation opens a station.
func OpenStation(d *component.Deck, key string) {
	v := &station{key: key}
	v.title = "station " + screen.Clean(key)
	v.facts = func(d *component.Deck) (r screen.Text, ok bool) {
		s := d.StationRow(key)
		if s != nil {
			stationFacts(d, &r, s)
		}
		return r, s != nil
	}
	d.Open(v)
}

// ChosenStation implements component.StationHolder.
func (v *station) ChosenStation(d *component.Deck) *sources.StationRow { return d.StationRow(v.key) }

// Row implements component.CopyingRow.
func (v *station) Row(d *component.Deck) any {
	if r := d.StationRow(v.key); r != nil {
		return output.StationJSON(r.Bus, r.Station)
	}
	return nil
}

// whyListed says why a station is not read.
func whyListed(s bus.Station) string {
	if !s.Readable && s.Reading != "" {
		return s.Reading
	}
	return "listed only"
}

func stationFacts(d *component.Deck, r *screen.Text, s *sources.StationRow) {
	r.Fact("kind", s.Station.Kind.Words())
	r.Fact("bus", s.Bus)
	for _, b := range d.Sender.Buses() {
		if mark := d.Sender.Mark(b); b.Info().Name == s.Bus && mark.Name != "" {
			r.Add(screen.BadLine, "production", mark.Name+": "+mark.Why)
		}
	}
	switch {
	case !s.Detached.IsZero():
		r.Add(screen.WarnLine, "reading", "detached since "+d.Clock(s.Detached, false)+": what is held is from before; :attach goes on with it")
	case s.Refused != "":
		r.Fault("refused", s.Refused)
	case !s.Reading:
		r.Add(screen.WarnLine, "reading", whyListed(s.Station))
	default:
		r.Fact("reading", s.Station.Reading)
	}
	r.Fact("from", s.From)
	if wording.CatchingUp(s) {
		r.Add(screen.WarnLine, "catching up", wording.Bar(s.Backfill, 20)+" "+wording.Backfill(s))
	}
	r.Fact("rate", screen.Rate(s.Rate)+"  "+screen.Sparkline(s.Rates, 40))
	if !s.Last.IsZero() {
		r.Fact("newest", d.Clock(s.Last, true))
	}
	r.Fact("subjects", strings.Join(s.Station.Subjects, "  "))
	if s.Unsampled {
		why, _ := d.Unsampled()
		r.Add(screen.WarnLine, "messages", why)
		r.Heading("ledger")
		ledgerFacts(r, s.Ledger)
		return
	}
	if s.Station.Replayable {
		r.Fact("messages", screen.Grouped(s.Station.Messages)+" kept, "+screen.Size(s.Station.Bytes))
	}
	if s.Station.Replayable && !s.Station.Last.IsZero() {
		r.Fact("positions", s.Station.Positions.Format(s.Station.First)+" to "+s.Station.Positions.Format(s.Station.Last))
	}
	if s.Station.Consumers >= 0 {
		r.Fact("consumers", strconv.Itoa(s.Station.Consumers))
	}
	if !s.Station.Created.IsZero() {
		r.Fact("created", s.Station.Created.In(d.Now().Location()).Format("2006-01-02 15:04:05"))
	}
	detailFacts(r, s.Station.Details)
	endpointFacts(r, s.Endpoints)
	subjectFacts(r, &s.Station)
	r.Heading("ledger")
	ledgerFacts(r, s.Ledger)
}

// subjectFacts are the subjects that have the most messages.
func subjectFacts(r *screen.Text, s *bus.Station) {
	if len(s.BySubject) == 0 {
		return
	}
	r.Heading("subjects")
	for _, c := range s.BySubject {
		r.Fact(c.Subject, screen.Plural(c.Messages, "message"))
	}
	if s.MoreSubjects > 0 {
		r.Fact("and", screen.Plural(uint64(s.MoreSubjects), "more subject"))
	}
}
