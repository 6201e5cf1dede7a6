package entities

// Lack is why events of an entity may be missing from what is known of it.
type Lack uint8

// Lacks.
const (
	Whole   Lack = iota // none is
	Began               // it began, or may have, before the first one that was seen
	Missed              // some may have been missed between those that were seen
	Dropped             // what was known of it was given up for want of memory
)

// String says it in words for people; nothing of what is whole.
func (l Lack) String() string {
	switch l {
	case Began:
		return "began before you attached"
	case Missed:
		return "events of it may have been missed"
	case Dropped:
		return "its beginning was given up for want of memory"
	}
	return ""
}
