package lists

import (
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
)

// CohortList is cohorts that are counted. Another list is another pointer.
type CohortList struct{ All []CohortSpec }

// CohortSpec is entities of a kind that a filter wants. Two that are equal with == are the same.
type CohortSpec struct {
	Number int // tells it from others
	Kind   string
	Filter *event.Filter[entities.Row]
}
