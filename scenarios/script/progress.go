package script

import (
	"fmt"
	"strconv"
	"time"

	"signalbox/scenarios/load"
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

// Progress is news of one step, or of one inside it.
type Progress struct {
	Index   int // of the step, from 0
	Of      int
	Kind    string // "send", or the word that says what the step does: "wait", "say", "repeat" …
	Text    string // what the step does, with the values of this run once it has begun
	Written string // what it does, as the script has it
	State   State
	Took    time.Duration
	Note    string        // what came of it: the broker's receipt, the text of a say; of a pause that waits, its text
	Failure *Failure      // why it failed, when it did
	Load    *load.Figures // what a load has come to, once it has ended
	Inner   *Inner        // the step inside it that the news is of, while the step itself is running; nil: itself
}

// Inner is a step inside another.
type Inner struct {
	Path    string // where: "buyer 2", "iteration 3, step 1"
	Kind    string
	Text    string
	State   State
	Took    time.Duration
	Note    string
	Failure *Failure
	Load    *load.Figures
}

// tell tells the watcher of a step of this part of the run.
func (p *Run) tell(news Progress) {
	if p.quiet {
		return
	}
	if p.outer != nil {
		inner := Inner{Path: p.place(), Kind: news.Kind, Text: news.Text, State: news.State, Took: news.Took, Note: news.Note, Failure: news.Failure, Load: news.Load}
		news = *p.outer
		news.Inner = &inner
	}
	p.telling.Lock()
	defer p.telling.Unlock()
	p.report(news)
}

// tellText tells what a step says before it has ended.
func (p *Run) tellText(text string) {
	news := p.news
	news.Note = text
	p.tell(news)
}

// place is where the step under way is in the step that this part is inside of.
func (p *Run) place() string {
	if p.outer == nil {
		return "step " + strconv.Itoa(p.news.Index+1)
	}
	return p.within + " " + strconv.Itoa(p.news.Index+1)
}

// path is where the step under way is in the script.
func (p *Run) path() string {
	if p.outer == nil {
		return p.place()
	}
	return fmt.Sprintf("step %d, %s", p.outer.Index+1, p.place())
}

// Result is what a run came to.
type Result struct {
	Script string
	Began  time.Time
	Took   time.Duration
	Steps  []Progress // the last of each step
	Failed *Failure   // nil: every expectation was met
	Sent   []Destination
	Seed   uint64   // of all that was left to chance: the same seed, the same messages
	Notes  []string // what people should know besides
	Loads  []Loaded
}

// Loaded is what a load of a run has come to.
type Loaded struct {
	Path    string // where it is: "step 4"
	Text    string
	Figures load.Figures
}

// Loaded is what a load has come to that the news is of, and whether it is of one.
func (p *Progress) Loaded() (l Loaded, is bool) {
	step := fmt.Sprintf("step %d", p.Index+1)
	switch {
	case p.Inner != nil && p.Inner.Load != nil:
		return Loaded{step + ", " + p.Inner.Path, p.Inner.Text, *p.Inner.Load}, true
	case p.Inner == nil && p.Load != nil:
		return Loaded{step, p.Text, *p.Load}, true
	}
	return Loaded{}, false
}

// Failure is an expectation that was not met.
type Failure struct { //nolint:errname // of a script, for people; no call returns it
	Step     int    // index of the step, or of that which holds it
	Path     string // where it is: "step 4", or "step 4, buyer 2"
	Line     int    // in its file
	Expected string // "state.status == "active" of delivery/01HX within 2s"
	Found    string // "status=ready budget=50 (version 1, 0 rejected)"

	Entity   sources.Entity // that it is about; zero for none
	Evidence *Evidence      // what was there; nil: nothing is known

	blind bool // nothing could be learnt of what was expected
}

// Where is the place of the step in its script and in its file.
func (f *Failure) Where() string { return fmt.Sprintf("%s (line %d)", f.Path, f.Line) }

// Error says where, and both.
func (f *Failure) Error() string {
	return fmt.Sprintf("%s: expected %s; found %s", f.Where(), f.Expected, f.Found)
}
