package cli

import (
	saved "signalbox/ui/cli/internal/cohorts"
	"signalbox/ui/deck/cohorts"
)

// savedCohorts are those that the user has saved, as the deck has them.
func savedCohorts() ([]cohorts.Saved, error) {
	kept, err := saved.Read()
	all := make([]cohorts.Saved, len(kept))
	for i := range kept {
		all[i] = cohorts.Saved(kept[i])
	}
	return all, err
}

// keepCohorts saves those of the deck.
func keepCohorts(all []cohorts.Saved) error {
	kept := make([]saved.Saved, len(all))
	for i := range all {
		kept[i] = saved.Saved(all[i])
	}
	return saved.Keep(kept)
}
