package bus

import (
	"context"
	"time"
)

// ConsumerLister is a bus that knows who reads its stations.
type ConsumerLister interface {
	// Consumers lists the readers of all stations. Partial results come with an error that says what is missing.
	Consumers(ctx context.Context) ([]Consumer, error)
}

// Consumer is who reads a station. Counts of -1 are unknown.
type Consumer struct {
	Station     string
	Name        string
	Kind        string // "durable", "ephemeral", "group", "subscribers"
	Push        bool
	Session     bool     // it is what another session of signalbox reads with, which takes nothing from anybody
	Filters     []string // subjects it reads, wildcards included; none: all of its station
	Acks        string   // "explicit", "all" or "none"; empty when unknown
	First       Position // the first it may have got; zero when unknown
	Lag         int64    // messages not delivered yet
	Unacked     int64    // delivered, not acknowledged
	Redelivered int64
	GivenUp     int64        // delivered as often as MaxDeliver allows, not acknowledged, and so not delivered any more
	AtLeast     bool         // GivenUp may be more: the broker does not tell
	Unlisted    int64        // so many of GivenUp are not among the dead letters: it is not known which messages they are
	Heard       Position     // of those delivered after it, it is known which were given up
	Terminated  int64        // messages it wants no more, as far as this session saw it: the broker keeps no account
	Waiting     int64        // pulls (or members) that wait for messages right now
	Sessions    int64        // so many of these are other sessions of signalbox, as far as that is known
	AckLimit    int64        // at most so many unacknowledged; 0 is no limit
	MaxDeliver  int64        // deliveries before a message is given up; 0 is no limit
	Positions   PositionForm // of all its positions
	Delivered   Position
	AckFloor    Position // all up to here are acknowledged
	PausedUntil time.Time
	LastActive  time.Time // last delivery or acknowledgement
	Created     time.Time
	Members     []Member
	MoreMembers int       // that are not listed among Members
	Pending     []Pending // the oldest unacknowledged, where the broker tells; bounded
	Details     []Detail
}

// Member is one process of a consumer that the broker tells apart.
type Member struct {
	Name     string
	Pending  int64         // -1 when unknown
	Idle     time.Duration // since it last tried to read; -1 when unknown
	Inactive time.Duration // since it last read something; -1 when unknown
}

// Pending is one delivered message that is not acknowledged.
type Pending struct {
	Position   Position
	Member     string
	Age        time.Duration // since it was last delivered
	Deliveries int64
}
