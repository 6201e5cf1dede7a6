package lists

import (
	"signalbox/sources/internal/breakpoints"
	"signalbox/sources/internal/chart"
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/store"
	"signalbox/sources/state"
	"signalbox/sources/subjects"
)

// View is what a deck looks at. The engine answers each new View, and each change of what it shows, with a Snapshot
// that holds just these rows. A View is a value: two that compare equal with == show the same.
type View struct {
	Serial uint64 // chosen by the caller, comes back in the Snapshot

	Events   EventsView
	Subjects subjects.Unfolded // what is unfolded of stations' subjects

	// HoldSubjects keeps the order of subjects as it was when they were first listed with this number; 0 sorts them anew.
	HoldSubjects uint64
	Entities     EntitiesView
	Entity       state.Entity // the chosen one, for the state pane; zero for none
	First        bool         // where Entity is zero, the first of the list is shown, a few times a second
	Version      uint64       // its state at that version; 0 is the newest
	Open         uint64       // number of the event that is open, whole; 0 for none

	Breaks *breakpoints.List // what is watched for; the same pointer as long as it is the same
	Chart  *chart.Spec       // that is looked at; the same pointer as long as it is the same; nil for none
	Flow   string            // the kind of entities whose flow is looked at; "" for none

	Cohorts *CohortList // what is counted; the same pointer as long as it is the same; nil for none

	Line LineView // the time line that is wanted

	// At is the time cursor: the number of the event after which every pane is shown. 0 is now.
	At uint64

	// Moment is the time, in nanoseconds, at which stations and consumers are shown where that is not the one of the event
	// At: a moment after it, before the next one. 0 is that of the event.
	Moment int64
}

// LineView asks for how many events happened when: in so many parts of the time between two seconds; both 0 is all that is held.
// No columns ask for nothing.
type LineView struct {
	From, To int64
	Columns  int
}

// EventsView chooses rows of the events pane. Rows are in order of arrival, the newest last.
type EventsView struct {
	Filter  *event.Filter[event.Event] // nil: all
	Station string                     // only this station's ("bus\x00station" is not needed: names as in StationRow.Key); "" is all
	Copies  bool                       // those that tell of applications' copies of entities are shown, too
	Cursor  uint64                     // the event to show; 0 follows the newest. When it is not among the rows, the next older is meant
	Above   int                        // rows wanted before the cursor
	Below   int                        // rows wanted after it
}

// EntitiesView chooses rows of the entities pane.
type EntitiesView struct {
	Kind       string                      // only this kind; "" is all
	Filter     *event.Filter[entities.Row] // nil: all
	Sort       string                      // "" is recently touched first; else "id", "status", "version", "kind" or a field's name
	Descending bool
	Top        int // index of the first row wanted
	Rows       int // how many

	// Hold is the number of an event: the order stands as it was after that one, as well as that can be told, until
	// another Hold is chosen. Nothing enters it, moves in it or leaves it but for want of memory. 0 sorts anew with each
	// event.
	Hold   uint64
	Cursor state.Entity // rows are wanted around this entity, where it is among them, rather than from Top on
	Above  int          // how many of the rows are to stand before it
}

// Shown is what a view shows. Nobody changes it.
type Shown struct {
	Events   EventRows
	Entities EntityRows
	Entity   *store.EntityDetail // nil when none is chosen or it is not known
	Open     *EventDetail        // nil when none is open or it has left the window

	view EntitiesView // the one that Entities answer
	at   uint64       // and the time cursor
}

// EventRows are the rows of the events pane.
type EventRows struct {
	Total     uint64 // held
	Copies    uint64 // held, and left out because they tell of applications' copies
	Matching  uint64 // held and wanted, as far as searched
	Searched  uint64 // held and looked at; less than Total while a search goes on
	Rank      uint64 // how many matching rows are older than Rows[0]
	Before    uint64 // an event before those that were looked at, which can be gone to; 0: none
	After     uint64 // likewise one after them
	Rows      []*event.Event
	Following bool
}

// EntityRows are the rows of the entities pane.
type EntityRows struct {
	Total    int
	Matching int
	Searched int
	Top      int // index of Rows[0]
	At       int // index of the Cursor of the view; -1 when it is not among them
	Moving   int // how many would move, come or go, if the order were not held
	Rows     []entities.Row
	Statuses []entities.Count // of the kind that is shown, most first; entities with no status are not counted
	Kinds    []entities.Count // entities by kind
	Rejected uint64           // refused events of the kind that is shown
	Partial  int
}

// EventDetail is an open event, whole, with what it changed, and the state of its entity before and after it.
type EventDetail struct {
	*event.Event
	Moment  *event.Moment // nil when it is not held
	Changes []state.FieldChange
	Held    int // bytes of payload held; less than Event.Size when it was too large to hold
}
