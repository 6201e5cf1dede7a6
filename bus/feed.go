package bus

import "context"

// Feed is one station being read. It drains the broker by its own goroutine into a bounded buffer, whether or not Next
// is called. When the buffer is full, a replayable station is read no further until there is room; on any other,
// messages are let go and counted in Batch.Dropped.
type Feed interface {
	// Next waits for the next batch. It returns ctx.Err() when ctx ends, and io.EOF after Close or after a batch that
	// has Ended. One goroutine at a time may call it. What a batch takes counts against the feed's bound until it is
	// released or settled.
	Next(ctx context.Context) (*Batch, error)

	// Close stops reading, removes whatever the broker keeps for this feed and waits for the feed's goroutine.
	// It may be called twice.
	Close() error
}

// Concluder is a Feed that can tell what was lost of all that it has read, before it is closed. Conclude asks for that; it does
// not wait. The feed compares what it read with what its broker has, as far as that can be known at this moment, and says what it
// finds with a batch that is Concluded, behind all messages before it. Any goroutine may ask.
type Concluder interface{ Conclude() }

// Waiter is a Feed that tells how many bytes of memory wait in it for Next; any goroutine may ask.
type Waiter interface{ Waiting() int64 }
