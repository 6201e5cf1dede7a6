package bus

import "context"

// Rereader is a bus of which a station can be read again, message for message as it was read first: a recording.
type Rereader interface {
	// Reread opens a station as Open does, but leaves out the first messages that it would deliver, so many of them.
	Reread(ctx context.Context, station Station, from From, after uint64) (Feed, error)
}
