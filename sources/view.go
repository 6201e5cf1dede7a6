package sources

import (
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/breakpoints"
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/lists"
	"signalbox/sources/internal/store"
	"signalbox/sources/subjects"
)

// View is what a deck looks at. The engine answers each new View, and each change of what it shows, with a Snapshot
// that holds just these rows. A View is a value: two that compare equal with == show the same.
type View = lists.View

// EventsView chooses rows of the events pane.
type EventsView = lists.EventsView

// EntitiesView chooses rows of the entities pane.
type EntitiesView = lists.EntitiesView

// EventRows are the rows of the events pane.
type EventRows = lists.EventRows

// EntityRows are the rows of the entities pane.
type EntityRows = lists.EntityRows

// EventDetail is an open event, whole, with what it changed.
type EventDetail = lists.EventDetail

// Breakpoint is something that events may make true; see View.Breaks.
type Breakpoint = breakpoints.Breakpoint

// BreakList is breakpoints that do not change: another list is another pointer.
type BreakList = breakpoints.List

// BreakRow is a breakpoint with what hit it.
type BreakRow = breakpoints.Row

// BreakHit is an event that hit a breakpoint.
type BreakHit = breakpoints.Hit

// MaxBreakHits bounds the events that a BreakRow names.
const MaxBreakHits = breakpoints.MaxEvents

// RowData is how much of a payload the rows of the events pane have; an open event has all that is held.
const RowData = lists.RowData

// Snapshot is what a View shows, at one moment. It is immutable and may be used on any goroutine.
type Snapshot struct {
	View       View
	Number     uint64 // grows with each snapshot
	Last       uint64 // number of the newest event taken in; 0 before the first
	Anew       uint64 // how often all was folded or read anew: an entity may be another since, with the version that it had
	Time       time.Time
	Then       *Then  // the earlier moment that is shown; nil: now
	Everything bool   // any moment can be gone to: events that are held no more are read again
	Going      *Going // the one that is being gone to, of which nothing is shown yet; nil: none

	Buses      []BusRow
	Rate       float64   // events a second over the last second, without what is read of the past
	Rates      []float64 // the last 60 seconds, oldest first
	Intake     float64   // messages taken in over the last second, those of the past included
	Stations   []StationRow
	Subjects   []SubjectTree // in the order of Stations
	Consumers  []ConsumerRow
	Events     EventRows
	Entities   EntityRows
	Entity     *EntityDetail // nil when none is chosen or it is not known
	Progress   []Progress    // how far consumers are with the events of Entity's history
	Dead       []DeadLetterRow
	Open       *EventDetail // nil when none is open or it has left the window
	Breaks     []BreakRow   // the breakpoints of the view, with what hit them
	Invariants []BreakRow   // what is to hold always, with what has violated it
	Hits       []uint64     // numbers of Events.Rows that hit a breakpoint, of the newest hits
	Violations []uint64     // likewise that violated an invariant
	Line       *TimeLine    // nil when none is wanted, or nothing is held
	Flow       *Flow        // that is looked at; nil for none
	Chart      *Chart       // likewise
	Cohorts    []CohortRow  // those of the view: as they are now, whatever moment is shown
	Ledger     Ledger       // the sum over all stations
	Notices    []NoticeRow  // the last few, oldest first
}

// SubjectTree is what a View has unfolded of one station.
type SubjectTree struct {
	Station int    // index in Snapshot.Stations
	Events  uint64 // that were counted in all, the sum over the rows of Depth 0
	Rows    []subjects.Row
}

// Count is how many there are of something.
type Count = entities.Count

// EntityRow is one entity in a list.
type EntityRow = entities.Row

// Lack is why events of an entity may be missing from what is known of it.
type Lack = entities.Lack

// Lacks.
const (
	Whole   = entities.Whole   // none is
	Began   = entities.Began   // it began, or may have, before the first one that was seen
	Missed  = entities.Missed  // some may have been missed between those that were seen
	Dropped = entities.Dropped // what was known of it was given up for want of memory
)

// EntityDetail is one entity with the version chosen.
type EntityDetail = store.EntityDetail

// MaxHistory bounds the steps of an EntityDetail.
const MaxHistory = store.MaxHistory

// StateField is a field with where it comes from.
type StateField = store.StateField

// HistoryStep is one event of an entity.
type HistoryStep = store.HistoryStep

// BusRow is one bus in the header.
type BusRow struct {
	Name  string
	Link  bus.Link
	Since time.Time // of Link

	Product    string   // what the bus was recognised as, as bus.Info has it
	Recognised []string // domains whose events were found there among what nobody named
}

// NoticeRow is one notice.
type NoticeRow struct {
	Time    time.Time
	Level   int // as bus.Level
	Bus     string
	Station string
	Text    string
}
