package entities

import (
	"time"

	"signalbox/sources/state"
)

// Count is how many there are of something.
type Count struct {
	Name string
	N    uint64
}

// Row is one entity in a list.
type Row struct {
	state.Entity
	Version  uint64
	Status   string
	Fields   []state.Field // its state in the order of the fields' slots, without status
	Rejected uint64
	Partial  bool // Lack is not Whole
	Lack     Lack
	Evicted  bool // its state was given up for want of memory
	First    time.Time
	Touched  time.Time // its last event, refused ones included
}
