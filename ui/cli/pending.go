package cli

import (
	"fmt"
	"time"

	"signalbox/sources"
	"signalbox/ui/output"
)

// pending prints the oldest messages that consumers have and did not acknowledge.
func (o *options) pending(rows []sources.ConsumerRow, asJSON bool) error {
	t := output.NewTable(o.out, "STATION", "CONSUMER", "POSITION", "DELIVERIES", "AGE", "MEMBER")
	for _, c := range rows {
		for _, p := range c.Pending {
			if asJSON {
				if err := output.WriteJSON(o.out, output.UnackedJSON(c, p)); err != nil {
					return err
				}
				continue
			}
			age := ""
			if p.Age > 0 {
				age = p.Age.Round(time.Millisecond).String()
			}
			t.Row(c.Station, c.Name, c.Positions.Format(p.Position), output.Count(p.Deliveries), age, p.Member)
		}
		if untold := c.Unacked - int64(len(c.Pending)); untold > 0 {
			o.warn(fmt.Sprintf("%s of %s has %d more that are not acknowledged; the broker does not tell which", c.Name, c.Station, untold))
		}
	}
	if asJSON {
		return nil
	}
	return t.Flush()
}
