package output

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// GapText is a gap in one sentence.
func GapText(g *sources.Gap) string {
	text := span(g) + ", " + g.Why
	switch {
	case g.From != "" && g.To != "":
		text += ", from " + g.From + " to " + g.To
	case g.From != "":
		text += ", from " + g.From + " on"
	}
	return text + missed(g.Missed, g.Unknown)
}

func span(g *sources.Gap) string {
	return g.Since.Format("15:04:05") + " to " + g.Until.Format("15:04:05")
}

// gapsText is so many gaps in one sentence; the newest of them are listed.
func gapsText(n uint64, newest []sources.Gap, gone uint64) string {
	all := newest[0]
	whys := []string{all.Why}
	for _, g := range newest[1:] {
		all.Until, all.Unknown = g.Until, all.Unknown || g.Unknown
		if !slices.Contains(whys, g.Why) {
			whys = append(whys, g.Why)
		}
	}
	return fmt.Sprintf("%s gaps up to %s, %s%s", screen.Grouped(n), all.Until.Format("15:04:05"), strings.Join(whys, ", "),
		missed(gone, all.Unknown))
}

// missed is how many messages were missed, in words behind what is said of a gap.
func missed(n uint64, unknown bool) string {
	switch {
	case n > 0 && unknown:
		return ": at least " + screen.Plural(n, "message") + " missed"
	case n > 0:
		return ": " + screen.Plural(n, "message") + " missed"
	case unknown:
		return ": whether anything was missed cannot be known"
	}
	return ""
}

// gapsEvery is how long nothing more is said of a station's gaps: some come with every answer of a broker.
const gapsEvery = time.Second

// toldGaps is how many gaps of a station were told.
type toldGaps struct {
	count, missed uint64
	when          time.Time
}

// Since tells the gaps that came between two snapshots.
func (b *Notices) Since(shown, now *sources.Snapshot) {
	for i := range shown.Stations {
		r := &shown.Stations[i]
		b.gaps[r.Key] = toldGaps{count: r.Ledger.GapCount, missed: r.Ledger.Missed}
	}
	for i := range now.Stations {
		b.tellGaps(&now.Stations[i], time.Now(), true)
	}
}

// tellGaps tells the gaps of a station that are new: one as it is, several as a sum.
func (b *Notices) tellGaps(r *sources.StationRow, now time.Time, last bool) {
	l, told := &r.Ledger, b.gaps[r.Key]
	n := l.GapCount - min(told.count, l.GapCount)
	if n == 0 || len(l.Gaps) == 0 || !last && now.Sub(told.when) < gapsEvery {
		return
	}
	b.gaps[r.Key] = toldGaps{l.GapCount, l.Missed, now}
	text := "a gap: " + GapText(&l.Gaps[len(l.Gaps)-1])
	if n > 1 {
		text = gapsText(n, l.Gaps[uint64(len(l.Gaps))-min(n, uint64(len(l.Gaps))):], l.Missed-min(told.missed, l.Missed))
	}
	b.Line(strings.Join([]string{"signalbox", r.Bus, r.Station.Name, text}, ": "))
}
