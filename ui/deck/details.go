package deck

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// detailView is a station or a consumer, opened. It is drawn from the newest snapshot, so that its figures are live.
type detailView struct {
	title    string
	facts    func(*deck) (screen.Text, bool) // ok is false when it is gone
	station  string                          // its key, when it is a station
	consumer string                          // likewise
	picked   int                             // of the lines that can be chosen
	reader   screen.Text
}

func (v *detailView) typing() bool                  { return false }
func (v *detailView) moves() bool                   { return true }
func (v *detailView) update(*deck, tea.Msg) tea.Cmd { return nil }
func (v *detailView) move(d *deck, by int)          { v.reader.Move(by, v.place(d).h-2) }

// pickable is a place: a line can be chosen.
func pickable(d *deck) bool {
	v, ok := d.top().(*detailView)
	return ok && v.reader.Choices() > 0
}

// next chooses the next line that can be, and scrolls to it.
func (v *detailView) next(d *deck) tea.Cmd {
	v.picked = (v.picked + 1) % max(v.reader.Choices(), 1)
	if at := v.reader.Choose(v.picked); at >= 0 {
		v.reader.Top = screen.ScrollTo(v.reader.Top, at, len(v.reader.Lines), v.place(d).h-2)
	}
	return nil
}

// aim is what levers would be pulled on.
func (v *detailView) aim(d *deck) (aim, bool) {
	if r := d.stationRow(v.station); r != nil {
		return d.atStation(r)
	}
	if r := d.consumerRow(v.consumer); r != nil {
		return d.atConsumer(r, v.picked)
	}
	return aim{}, false
}

func (v *detailView) place(d *deck) box {
	return d.centred(min(d.layout.width, 92), min(len(v.reader.Lines)+2, d.layout.height-4))
}

func (v *detailView) draw(d *deck) (screen.Panel, box) {
	top := v.reader.Top
	facts, ok := v.facts(d)
	if !ok {
		facts.Heading("it is gone")
	}
	facts.Wrap(min(d.layout.width, 92) - 2)
	v.picked = min(v.picked, max(facts.Choices()-1, 0))
	facts.Choose(v.picked)
	v.reader = facts
	v.reader.Top = top
	b := v.place(d)
	p := v.reader.Panel(d.theme, b.w-2, b.h-2)
	p.Title = v.title
	return p, b
}

// stationRow is a station by its key, as it is now; nil when there is none.
func (d *deck) stationRow(key string) *sources.StationRow {
	for i := range d.snap.Stations {
		if s := &d.snap.Stations[i]; s.Key == key && key != "" {
			return s
		}
	}
	return nil
}

// consumerRow is a consumer by its key, as it is now; nil when there is none.
func (d *deck) consumerRow(key string) *sources.ConsumerRow {
	for i := range d.snap.Consumers {
		if c := &d.snap.Consumers[i]; key != "" && consumerKey(c) == key {
			return c
		}
	}
	return nil
}

func newStationView(key string) overlay {
	return &detailView{title: "station " + screen.Clean(key), station: key, facts: func(d *deck) (r screen.Text, ok bool) {
		s := d.stationRow(key)
		if s != nil {
			stationFacts(d, &r, s)
		}
		return r, s != nil
	}}
}

// whyListed says why a station is not read.
func whyListed(s bus.Station) string {
	if !s.Readable && s.Reading != "" {
		return s.Reading
	}
	return "listed only"
}

func stationFacts(d *deck, r *screen.Text, s *sources.StationRow) {
	r.Fact("kind", s.Station.Kind.Words())
	r.Fact("bus", s.Bus)
	switch {
	case s.Refused != "":
		r.Fault("refused", s.Refused)
	case !s.Reading:
		r.Add(screen.WarnLine, "reading", whyListed(s.Station))
	default:
		r.Fact("reading", s.Station.Reading)
	}
	r.Fact("from", s.From)
	if backfilling(s) {
		r.Add(screen.WarnLine, "catching up", gauge(s.Backfill, 20)+" "+backfillText(s))
	}
	r.Fact("rate", screen.Rate(s.Rate)+"  "+screen.Sparkline(s.Rates, 40))
	if !s.Last.IsZero() {
		r.Fact("newest", d.clock(s.Last, true))
	}
	r.Fact("subjects", strings.Join(s.Station.Subjects, "  "))
	if s.Station.Replayable {
		r.Fact("messages", screen.Grouped(s.Station.Messages)+" kept, "+screen.Size(s.Station.Bytes))
		r.Fact("positions", s.Station.Positions.Format(s.Station.First)+" to "+s.Station.Positions.Format(s.Station.Last))
	}
	if s.Station.Consumers >= 0 {
		r.Fact("consumers", strconv.Itoa(s.Station.Consumers))
	}
	if !s.Station.Created.IsZero() {
		r.Fact("created", s.Station.Created.In(d.opt.Now().Location()).Format("2006-01-02 15:04:05"))
	}
	detailFacts(r, s.Station.Details)
	r.Heading("ledger")
	ledgerFacts(r, s.Ledger)
}

func detailFacts(r *screen.Text, details []bus.Detail) {
	for _, x := range details {
		r.Fact(x.Name, x.Value)
	}
}

// messagesOf is how many messages a station keeps or, where it keeps none, how many have come from it.
func messagesOf(s *sources.StationRow) uint64 {
	if s.Station.Replayable {
		return s.Station.Messages
	}
	return s.Ledger.Received
}
