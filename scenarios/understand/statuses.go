package understand

import "slices"

// statuses are those that the domain lists or, where it lists none, those that its rules lead to; none where an expression
// may give any.
func (d *Domain) statuses() []string {
	if len(d.States) > 0 {
		return d.States.Values()
	}
	var led []string
	for i := range d.Fold {
		facts := d.Fold[i].Value.Facts()
		if facts.Open {
			return nil
		}
		for _, status := range facts.Statuses {
			if !slices.Contains(led, status.Value) {
				led = append(led, status.Value)
			}
		}
	}
	return led
}

// States implements sources.Declaring.
func (u *Understanding) States(kind string) []string {
	var all []string
	for _, c := range u.claims {
		if c.kind.Name() != kind {
			continue
		}
		for _, status := range c.states {
			if !slices.Contains(all, status) {
				all = append(all, status)
			}
		}
	}
	return all
}
