package bus

import "context"

// Standing is how far a consumer is with one message.
type Standing string

// Standings, told apart honestly: Unknown is said wherever the broker does not tell.
const (
	Done      Standing = "done"
	Delivered Standing = "delivered" // and not acknowledged
	Waiting   Standing = "waiting"
	Filtered  Standing = "filtered out" // or older than the consumer's beginning

	// What a consumer will not get again though it did not acknowledge it, as far as this session saw it.
	GivenUp    Standing = "given up"   // delivered as often as the consumer allows: the broker says so
	Terminated Standing = "terminated" // the consumer wants it no more
	Unknown    Standing = "cannot be known"
)

// Tracker is a bus that can say how far a consumer is with a message.
type Tracker interface {
	// Standing judges by what Consumers returned of c; it never blocks. who is the member that holds a Delivered
	// message, or "".
	Standing(c Consumer, subject string, at Position) (standing Standing, who string)
}

// DeadLetter is a message that a consumer failed with. It is dead when it was given up or terminated. One that is
// Delivered is in trouble and not dead: it will be delivered again, or would be if anybody asked for it.
type DeadLetter struct {
	Standing   Standing // GivenUp, Terminated or Delivered
	Station    string
	Consumer   string
	Position   Position
	Positions  PositionForm
	Deliveries int64
	Why        string // "max deliveries", "terminated: cannot parse order", "not acknowledged"
	UnixNano   int64  // when it was given up
	Message    *Message
}

// Dead tells whether the consumer will not get the message again.
func (d *DeadLetter) Dead() bool { return d.Standing == GivenUp || d.Standing == Terminated }

// DeadLetterLister is a bus that learns of dead letters while it is attached.
type DeadLetterLister interface {
	// DeadLetters returns those learnt of so far, oldest first, bounded. Their messages are fetched where they are
	// still kept.
	DeadLetters(ctx context.Context) ([]DeadLetter, error)
}
