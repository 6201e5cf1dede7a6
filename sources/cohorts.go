package sources

import (
	"signalbox/sources/internal/inquiry"
	"signalbox/sources/internal/lists"
)

// CohortList is cohorts that are counted; another list is another pointer.
type CohortList = lists.CohortList

// CohortSpec is entities of a kind that a filter wants.
type CohortSpec = lists.CohortSpec

// CohortRow is how many entities of a cohort there are now, and were.
type CohortRow = inquiry.CohortRow
