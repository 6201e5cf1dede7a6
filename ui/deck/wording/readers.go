package wording

import (
	"maps"
	"slices"
	"strings"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// NobodyReads says of stations of which no consumer is listed what their brokers tell of who reads them, in sentences.
func NobodyReads(stations []sources.StationRow) (sentences []string) {
	var alone, untold, unlisted []string
	besides := map[string][]string{}
	for i := range stations {
		r := &stations[i]
		if r.Offer != nil || !r.Detached.IsZero() {
			continue
		}
		switch s := &r.Station; {
		case s.Consumers < 0:
			untold = append(untold, r.Key)
		case s.Consumers > 0:
			unlisted = append(unlisted, r.Key)
		case s.Untold != "":
			besides[s.Untold] = append(besides[s.Untold], r.Key)
		default:
			alone = append(alone, r.Key)
		}
	}
	say := func(before string, names []string, behind string) {
		if len(names) > 0 {
			sentences = append(sentences, before+some(names)+behind)
		}
	}
	say("nobody reads ", alone, "")
	for _, who := range slices.Sorted(maps.Keys(besides)) {
		say("no consumer reads ", besides[who], "; the broker does not tell "+who)
	}
	say("the broker does not tell who reads ", untold, "")
	say("the consumers of ", unlisted, " are not listed yet")
	if len(sentences) == 0 {
		sentences = []string{"consumers stand here once there is a station"}
	}
	return sentences
}

// some are a few names, and how many more there are.
func some(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + screen.Grouped(uint64(len(names)-most)) + " more"
}
