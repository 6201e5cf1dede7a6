package cli

import (
	"fmt"
	"time"

	"signalbox/sources"
	"signalbox/ui/output"
)

// printPending prints the oldest messages that consumers have and did not acknowledge.
func (c *consumers) printPending(found []sources.ConsumerRow) error {
	rows := output.NewRows(c.out, c.json, "STATION", "CONSUMER", "POSITION", "DELIVERIES", "AGE", "MEMBER")
	for _, r := range found {
		for _, p := range r.Pending {
			err := rows.Add(func() any { return output.UnackedJSON(r, p) }, func() []string {
				age := ""
				if p.Age > 0 {
					age = p.Age.Round(time.Millisecond).String()
				}
				return []string{r.Station, r.Name, r.Positions.Format(p.Position), output.Count(p.Deliveries), age, p.Member}
			})
			if err != nil {
				return err
			}
		}
		if untold := r.Unacked - int64(len(r.Pending)); untold > 0 {
			c.warn(fmt.Sprintf("%s of %s has %d more that are not acknowledged; the broker does not tell which", r.Name, r.Station, untold))
		}
	}
	return rows.Flush()
}
