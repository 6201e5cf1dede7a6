package entities

// Partial tells whether events of the entity may be missing.
func (r *Record) Partial() bool { return r.flags&isPartial != 0 }

// First is when its first event was, in nanoseconds since 1970.
func (r *Record) First() int64 { return r.first }

// Lack is why events of the entity may be missing.
func (r *Record) Lack() Lack {
	switch {
	case r.flags&isPartial == 0:
		return Whole
	case r.flags&isMissed != 0:
		return Missed
	case r.flags&isDropped != 0:
		return Dropped
	}
	return Began
}

// Gone tells whether its state was given up.
func (r *Record) Gone() bool { return r.flags&isGone != 0 }

// Changed tells whether the entity waits to be put in its place in a list, as setChanged said.
func (r *Record) Changed() bool { return r.flags&isChanged != 0 }

// SetChanged notes whether the entity waits to be put in its place in a list.
func (r *Record) SetChanged(changed bool) {
	if r.flags &^= isChanged; changed {
		r.flags |= isChanged
	}
}

// Marks are those of partial and gone: when they change, something is to be shown anew.
func (r *Record) Marks() uint16 { return r.flags &^ isChanged }
