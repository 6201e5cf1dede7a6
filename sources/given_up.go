package sources

import (
	"slices"

	"signalbox/bus"
)

// whyUnlisted is said of messages of which it is not known which they are.
const whyUnlisted = "max deliveries, before this session watched: the broker does not tell which"

// agreeOnGivenUp makes dead letters and consumers tell the same of how many messages were given up, though they were asked
// for at different times: of each consumer it is those that are listed, and those of which is not known which they are.
func (x *attachments) agreeOnGivenUp() {
	listed := map[DeadKey]int64{}
	for i := range x.letters {
		if r := &x.letters[i]; r.Standing == bus.GivenUp {
			listed[DeadKey{Bus: r.Bus, Station: r.Station, Consumer: r.Consumer}]++
		}
	}
	rows, dead := slices.Clone(x.consumers), []DeadLetterRow(nil)
	for i := range rows {
		c := &rows[i]
		if !slices.ContainsFunc(x.buses, func(a *attached) bool { return a.name == c.Bus && a.listsDead }) {
			continue
		}
		c.GivenUp = c.Unlisted + listed[DeadKey{Bus: c.Bus, Station: c.Station, Consumer: c.Name}]
		if c.Unlisted > 0 {
			dead = append(dead, DeadLetterRow{Bus: c.Bus, Unlisted: c.Unlisted, AtLeast: c.AtLeast, DeadLetter: bus.DeadLetter{
				Standing: bus.GivenUp, Station: c.Station, Consumer: c.Name, Deliveries: c.MaxDeliver, Why: whyUnlisted,
			}})
		}
	}
	x.consumers, x.dead = rows, slices.Concat(dead, x.letters)
	x.news()
}
