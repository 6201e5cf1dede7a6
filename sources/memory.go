package sources

import "signalbox/bus"

// DefaultMemory is the budget of an engine that is not given one.
const DefaultMemory = 256 << 20

// GarbagePercent is what debug.SetGCPercent should be given in a process with an engine: with more, garbage takes as much
// memory as what is held. It costs little, since there are no pointers in what is held. A limit by debug.SetMemoryLimit
// that is less than what is held and waits costs much, since the collector then never rests: see Options.Holds.
const GarbagePercent = 25

// How a budget is shared. What is on its way, from a batch to the rows of a snapshot, lives in one part of transitShare;
// of the rest entities and names may take entityShare, and events have what those leave. While a burst waits in the
// feeds, the oldest events make room for it.
const (
	leastMemory  = 4 << 20
	transitShare = 4
	entityShare  = 3.0 / 4
	nameShare    = 1.0 / 16 // of the share of entities
	subjectShare = 1.0 / 32 // likewise
)

// Sizes within the window.
const (
	pagesInAll   = 4096 // about so many, so that a part of the window reopening is a small step
	leastPage    = 4 << 10
	mostPage     = 64 << 10
	headInBudget = 64      // the window keeps one part in so many of the budget of one payload,
	mostHead     = 1 << 20 // and no more than that
)

// Of one payload, feeds keep one part in so many of the budget, and so much in any case.
const (
	bodyInBudget = 16
	leastBody    = 1 << 20
)

// stateInBudget is how many states of the largest size would take the whole budget.
const stateInBudget = 16

func budgetOf(memory int64) int64 {
	if memory <= 0 {
		return DefaultMemory
	}
	return max(memory, leastMemory)
}

// heldShare is what the window and the entities may hold together.
func heldShare(budget int64) int64 { return budget - budget/transitShare }

// pageSize is the size of the window's pages.
func pageSize(budget int64) int { return int(min(max(budget/pagesInAll, leastPage), mostPage)) }

// headSize is how much of one payload the window keeps.
func headSize(budget int64) int { return int(min(budget/headInBudget, mostHead)) }

// FeedBudget makes the budget that the feeds of an engine with so much memory draw on: it is for Options.Feeds, and for the
// settings of each bus.
func FeedBudget(memory int64) *bus.Budget { return bus.NewBudget(feedShare(budgetOf(memory))) }

// BodySize is how much of one payload feeds should keep for an engine with so much memory: several are on their way at once,
// each of them more than once.
func BodySize(memory int64) int64 { return max(budgetOf(memory)/bodyInBudget, leastBody) }

// feedShare is what may wait in feeds while nothing is held: they may take of what is on its way, too.
func feedShare(budget int64) int64 { return budget - budget/transitShare/2 }

// stateSize is what the state of one entity may take: a fold that makes more of it fails for that event.
func stateSize(budget int64) int64 { return budget / stateInBudget }

// settle has the oldest events make room for what has grown beside them since the last one came, such as samples and
// charts, and tells what is held then.
func (e *Engine) settle() {
	e.store.Window.Shrink()
	e.holds()
}

// holds tells how much is held and waits now, and has feeds keep to what that leaves: the oldest events make room for what
// waits, entities do not.
func (e *Engine) holds() {
	if e.options.Feeds != nil {
		e.options.Feeds.SetLimit(feedShare(e.options.Memory) - e.held())
	}
	if e.options.Holds != nil {
		e.options.Holds(e.store.Window.Memory() + e.held() + e.feeds.waiting())
	}
}

// waiting is what waits in the feeds, and in the batches that they have delivered.
func (x *feeds) waiting() int64 {
	if x.budget != nil {
		return x.budget.Held()
	}
	var sum int64
	for _, f := range x.all {
		sum += bus.WaitingIn(f.source)
	}
	return sum
}
