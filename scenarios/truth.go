package scenarios

import "signalbox/scenarios/truth"

// Truths are the places where applications keep their own copies of the entities of domains.
func (l *Library) Truths() []truth.Place {
	if l == nil {
		return nil
	}
	var all []truth.Place
	for _, d := range l.now().domains {
		for _, at := range d.Truth {
			if p, ok := truth.ParsePlace(d.Entity, at.Name, at.Value.Value); ok {
				all = append(all, p)
			}
		}
	}
	return all
}
