package natsbus

import "signalbox/bus"

// FromLibrary is how many messages of a core subject's feed have come by the client library.
func FromLibrary(f bus.Feed) (int64, error) { return f.(*subjectFeed).sub.Delivered() }
