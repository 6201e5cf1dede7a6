package lists

import "time"

// A list that is narrowed by age is looked at again each second, so that rows come and go as time goes by; but no more
// than a part of the time goes into that, however much is held.

// aging says when one list is looked at again.
type aging struct {
	busy  bool
	spent time.Duration // on looking at it this time
	next  time.Time     // not before then
}

// agingShare is how much of the time may go into looking again: one part in so many.
const agingShare = 10

// due tells whether it is time to look again, which has then begun.
func (a *aging) due() bool {
	if a.busy || time.Now().Before(a.next) {
		return false
	}
	a.busy, a.spent = true, 0
	return true
}

// step does a step of a search and counts the time while that looks again.
func (a *aging) step(search func() bool) bool {
	if !a.busy {
		return search()
	}
	began := time.Now()
	done := search()
	if a.spent += time.Since(began); done {
		a.busy, a.next = false, time.Now().Add(agingShare*a.spent)
	}
	return done
}

// Ages tells whether what is looked at changes as time goes by. An earlier time, and a frozen view, stay as they are.
func (ls *Lists) Ages() bool {
	v := ls.looking
	return v != nil && v.At == 0 && (v.Events.Filter.Ages() || v.Entities.Filter.Ages())
}

// Age has lists looked at again that are narrowed by age.
func (ls *Lists) Age() {
	if !ls.Ages() {
		return
	}
	if ls.search != nil && ls.looking.Events.Filter.Ages() && ls.events.due() {
		ls.search.Again()
	}
	if ls.listing != nil && ls.looking.Entities.Filter.Ages() && ls.entities.due() {
		ls.listing.again = ls.listing.table.Len()
	}
}
