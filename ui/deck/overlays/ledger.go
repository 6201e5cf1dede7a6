package overlays

import (
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// ledger is the honest account: of all stations, of each, and every gap.
type ledger struct{ details }

// Name implements component.Overlay.
func (v *ledger) Name() string { return "the ledger" }

func openLedger(d *component.Deck) {
	v := &ledger{}
	v.title, v.facts = "ledger", func(d *component.Deck) (screen.Text, bool) { return wholeLedger(d), true }
	d.Open(v)
}

func wholeLedger(d *component.Deck) (r screen.Text) {
	for _, b := range d.Sender.Buses() {
		if mark := d.Sender.Mark(b); mark.Name != "" {
			r.Heading(b.Info().Name)
			r.Add(screen.BadLine, "production", mark.Name+": "+mark.Why)
		}
	}
	r.Heading("all stations")
	ledgerFacts(&r, d.Snapshot().Ledger)
	stations := d.Snapshot().Stations
	for i := range stations {
		s := &stations[i]
		if s.Ledger.Received == 0 && s.Ledger.GapCount == 0 && s.Refused == "" {
			continue
		}
		r.Heading(s.Key)
		r.Fault("refused", s.Refused)
		ledgerFacts(&r, s.Ledger)
	}
	return r
}

// ledgerFacts writes an account in words. Each line is a sum that can be followed.
func ledgerFacts(r *screen.Text, l sources.Ledger) {
	dropped := counted{l.Dropped, "dropped"}
	r.Fact("received", sum(l.Received, counted{l.Held, "held"}, counted{l.Evicted, "evicted"}, dropped))
	r.Fact("received", sum(l.Received, counted{l.Decoded, "decoded"}, counted{l.Undecodable, "undecodable"}, dropped))
	r.Fact("decoded", sum(l.Decoded, counted{l.Folded, "folded"}, counted{l.Rejected, "rejected"}, counted{l.Failed, "failed"},
		counted{l.Unfolded, "of no entity, or a copy"}))
	if l.Unread > 0 {
		r.Add(screen.WarnLine, "unread", screen.Plural(l.Unread, "message")+" came, and will be taken in")
	}
	if l.ReadAgain > 0 {
		r.Fact("read again", screen.Plural(l.ReadAgain, "message")+", to complete entities; they count nowhere else")
	}
	if l.Missed > 0 {
		r.Add(screen.BadLine, "missed", screen.Grouped(l.Missed)+" never reached this process")
	}
	if l.GapCount == 0 {
		r.Add(screen.GoodLine, "gaps", "none known")
	}
	for _, g := range l.Gaps {
		r.Add(screen.WarnLine, "gap", output.GapText(&g))
	}
	if n := uint64(len(l.Gaps)); l.GapCount > n {
		r.Add(screen.WarnLine, "gap", "and "+screen.Grouped(l.GapCount-n)+" older")
	}
}

// counted is a part of a sum.
type counted struct {
	n    uint64
	what string
}

// sum writes "7 = 4 held + 2 evicted + 1 dropped".
func sum(of uint64, parts ...counted) string {
	text := screen.Grouped(of) + " ="
	for i, p := range parts {
		if i > 0 {
			text += " +"
		}
		text += " " + screen.Grouped(p.n) + " " + p.what
	}
	return text
}

func ledgerKeys() []component.Key {
	return []component.Key{
		{Names: []string{"L", "shift+l"}, Short: "ledger", Help: "the ledger: received, held, lost, and where",
			Rank: component.RankReport, For: component.AnyPane, Do: component.Plain(openLedger)},
	}
}
