package script

import (
	"fmt"
	"time"

	"signalbox/sources"
)

// State is how far a step has come.
type State string

// States of a step.
const (
	Running State = "running"
	Passed  State = "passed"
	Failed  State = "failed"
	Skipped State = "skipped" // because one before it failed
)

// Progress is news of one step.
type Progress struct {
	Index   int // of the step, from 0
	Of      int
	Text    string // what the step does
	State   State
	Took    time.Duration
	Note    string   // what came of it: the broker's receipt, the text of a say
	Failure *Failure // why it failed, when it did
}

// Result is what a run came to.
type Result struct {
	Script string
	Began  time.Time
	Took   time.Duration
	Steps  []Progress // the last of each step
	Failed *Failure   // nil: every expectation was met
	Sent   []Destination
	Notes  []string // what people should know besides
}

// Failure is an expectation that was not met.
type Failure struct { //nolint:errname // of a script, for people; no call returns it
	Step     int    // index
	Line     int    // in its file
	Expected string // "state.status == "active" of delivery/01HX within 2s"
	Found    string // "status=ready budget=50 (version 1, 0 rejected)"

	Entity sources.Entity // that it is about; zero for none
}

// Error says both.
func (f *Failure) Error() string {
	return fmt.Sprintf("step %d (line %d): expected %s; found %s", f.Step+1, f.Line, f.Expected, f.Found)
}
