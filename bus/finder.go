package bus

import "context"

// Finder finds what can be read as a station and is not listed as one, because nothing but its content tells that it is
// wanted: groups of keys. It only looks, and a call is quick however much there is.
type Finder interface {
	// Find looks a little further with each call, and returns all that it has found so far. whole says that it has looked
	// at everything at least once.
	Find(ctx context.Context) (found []Found, whole bool, err error)
}

// Found is a group of keys that are named alike.
type Found struct {
	Station string // the name under which Stations resolves it: "keys:*.Event:*"
	Kind    Kind   // of that station
	Keys    int    // how many were seen, about
	Values  string // what they hold, in words: "hashes"
	Traits  Traits
	Samples []Message // what a few of them held when they were found; never changed
}
