package component

import "time"

// Recorder writes what passes into a file while the deck is shown. Begin and End wait for the disk: they are for commands.
type Recorder interface {
	// Begin begins a recording, and says in which file.
	Begin() (said string, err error)

	// End ends it, and says what is in the file.
	End() (said string, err error)

	// Recorded is how many messages are in the file, whether one is written, and why nothing more can be.
	Recorded() (messages uint64, on bool, failed error)

	// Mark notes a moment with a name.
	Mark(at time.Time, name string)
}
