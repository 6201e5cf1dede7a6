package deck

import (
	"signalbox/sources"
)

// openLedger opens the honest account: of all stations, of each, and every gap.
func (d *deck) openLedger() {
	d.open(&detailView{title: "ledger", facts: func(d *deck) (r reader, ok bool) {
		r.head("all stations")
		ledgerFacts(&r, d.snap.Ledger)
		for i := range d.snap.Stations {
			s := &d.snap.Stations[i]
			if s.Ledger.Received == 0 && s.Ledger.GapCount == 0 && s.Refused == "" {
				continue
			}
			r.head(s.Key)
			r.fault("refused", s.Refused)
			ledgerFacts(&r, s.Ledger)
		}
		return r, true
	}})
}

// ledgerFacts writes an account in words, so that its sum can be followed: received = held + evicted + dropped.
func ledgerFacts(r *reader, l sources.Ledger) {
	r.fact("received", grouped(l.Received)+" = "+grouped(l.Held)+" held + "+grouped(l.Evicted)+" evicted + "+
		grouped(l.Dropped)+" dropped")
	r.fact("decoded", grouped(l.Decoded)+", "+grouped(l.Undecodable)+" undecodable")
	r.fact("folded", grouped(l.Folded)+", "+grouped(l.Rejected)+" rejected, "+grouped(l.Failed)+" could not be folded")
	if l.Missed > 0 {
		r.add(badLine, "missed", grouped(l.Missed)+" never reached this process")
	}
	if l.GapCount == 0 {
		r.add(goodLine, "gaps", "none known")
	}
	for _, g := range l.Gaps {
		r.add(warnLine, "gap", gapText(g))
	}
	if n := uint64(len(l.Gaps)); l.GapCount > n {
		r.add(warnLine, "gap", "and "+grouped(l.GapCount-n)+" older")
	}
}

// gapText is a gap in one sentence.
func gapText(g sources.Gap) string {
	text := g.Since.Format("15:04:05") + " to " + g.Until.Format("15:04:05") + ", " + g.Why
	if g.From != "" {
		text += ", from " + g.From + " to " + g.To
	}
	switch {
	case g.Missed > 0:
		text += ": " + plural(g.Missed, "message") + " missed"
	case g.Unknown:
		text += ": whether anything was missed cannot be known"
	}
	return text
}
