package lists

// Renew has all rows made anew, and all events looked at again: what is held of some was amended.
func (ls *Lists) Renew() {
	ls.last = &Shown{}
	if ls.search != nil {
		ls.search.Again()
	}
	ls.focus.walk, ls.focus.last = nil, 0
	ls.travel = travel{}
	if ls.looking != nil {
		ls.travel.to(ls.looking.At)
		if ls.then != nil {
			ls.then = ls.thenListOf(ls.looking)
		}
	}
}
