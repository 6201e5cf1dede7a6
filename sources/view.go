package sources

import (
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/entities"
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
	Entity       Entity // the chosen one, for the state pane; zero for none
	First        bool   // where Entity is zero, the first of the list is shown, a few times a second
	Version      uint64 // its state at that version; 0 is the newest
	Open         uint64 // number of the event that is open, whole; 0 for none

	// At is the time cursor: the number of the event after which every pane is shown. 0 is now.
	At uint64
}

// EventsView chooses rows of the events pane. Rows are in order of arrival, the newest last.
type EventsView struct {
	Filter  *EventFilter // nil: all
	Station string       // only this station's ("bus\x00station" is not needed: names as in StationRow.Key); "" is all
	Cursor  uint64       // the event to show; 0 follows the newest. When it is not among the rows, the next older is meant
	Above   int          // rows wanted before the cursor
	Below   int          // rows wanted after it
}

// EntitiesView chooses rows of the entities pane.
type EntitiesView struct {
	Kind       string        // only this kind; "" is all
	Filter     *EntityFilter // nil: all
	Sort       string        // "" is recently touched first; else "id", "status", "version", "kind" or a field's name
	Descending bool
	Top        int // index of the first row wanted
	Rows       int // how many

	// Hold is the number of an event: the order stands as it was after that one, as well as that can be told, until
	// another Hold is chosen. Nothing enters it, moves in it or leaves it but for want of memory. 0 sorts anew with each
	// event.
	Hold   uint64
	Cursor Entity // rows are wanted around this entity, where it is among them, rather than from Top on
	Above  int    // how many of the rows are to stand before it
}

// Snapshot is what a View shows, at one moment. It is immutable and may be used on any goroutine.
type Snapshot struct {
	View   View
	Number uint64 // grows with each snapshot
	Last   uint64 // number of the newest event taken in; 0 before the first
	Time   time.Time

	Buses     []BusRow
	Rate      float64   // events a second over the last second, without what is read of the past
	Rates     []float64 // the last 60 seconds, oldest first
	Intake    float64   // messages taken in over the last second, those of the past included
	Stations  []StationRow
	Subjects  []SubjectTree // in the order of Stations
	Consumers []ConsumerRow
	Events    EventRows
	Entities  EntityRows
	Entity    *EntityDetail // nil when none is chosen or it is not known
	Progress  []Progress    // how far consumers are with the events of Entity's history
	Dead      []DeadLetterRow
	Open      *EventDetail // nil when none is open or it has left the window
	Ledger    Ledger       // the sum over all stations
	Notices   []NoticeRow  // the last few, oldest first
}

// EventRows are the rows of the events pane.
type EventRows struct {
	Total     uint64 // held
	Matching  uint64 // held and wanted, as far as searched
	Searched  uint64 // held and looked at; less than Total while a search goes on
	Rank      uint64 // how many matching rows are older than Rows[0]
	Rows      []*Event
	Following bool
}

// SubjectTree is what a View has unfolded of one station.
type SubjectTree struct {
	Station int    // index in Snapshot.Stations
	Events  uint64 // that were counted in all, the sum over the rows of Depth 0
	Rows    []subjects.Row
}

// EntityRows are the rows of the entities pane.
type EntityRows struct {
	Total    int
	Matching int
	Searched int
	Top      int // index of Rows[0]
	At       int // index of the Cursor of the view; -1 when it is not among them
	Moving   int // how many would move, come or go, if the order were not held
	Rows     []EntityRow
	Statuses []Count // of the kind that is shown, most first; entities with no status are not counted
	Kinds    []Count // entities by kind
	Rejected uint64  // refused events of the kind that is shown
	Partial  int
}

// Count is how many there are of something.
type Count = entities.Count

// EntityRow is one entity in a list.
type EntityRow = entities.Row

// EntityDetail is one entity with the version chosen.
type EntityDetail = store.EntityDetail

// MaxHistory bounds the steps of an EntityDetail.
const MaxHistory = store.MaxHistory

// StateField is a field with where it comes from.
type StateField = store.StateField

// HistoryStep is one event of an entity.
type HistoryStep = store.HistoryStep

// EventDetail is an open event, whole, with what it changed.
type EventDetail struct {
	*Event
	Changes []state.FieldChange
	Held    int // bytes of payload held; less than Event.Size when it was too large to hold
}

// BusRow is one bus in the header.
type BusRow struct {
	Name  string
	Link  bus.Link
	Since time.Time // of Link
}

// NoticeRow is one notice.
type NoticeRow struct {
	Time    time.Time
	Level   int // as bus.Level
	Bus     string
	Station string
	Text    string
}
