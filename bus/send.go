package bus

import (
	"context"
	"time"
)

// Publisher is a bus that takes messages in.
type Publisher interface {
	// Publish sends one message and waits for what the broker says of it.
	Publish(ctx context.Context, out Outgoing) (Receipt, error)
}

// Outgoing is a message to send.
type Outgoing struct {
	Station string // the station meant, by name
	Kind    Kind   // how to send where the name alone leaves it open (Channel or Log on Redis); may be empty
	Subject string // the exact subject, channel or key; empty: the station's own
	Unkept  bool   // to who listens now, though something that keeps messages has the station's name, too
	Headers Headers
	Data    []byte
	ID      string // for de-duplication at the broker, may be empty
	Key     string // messages of one key stay in order, where the broker parts a station into partitions; may be empty
	Many    bool   // one of many: what was asked about another one of its station a moment ago is not asked again, and they travel together

	// Gone, of one of many, is called once the message is on its way: what is published from then on goes behind it. It is
	// called at most once, and never after Publish has returned; it may not wait. A bus on which messages cannot travel behind
	// one another does not call it. It may be nil.
	Gone func()
}

// SubjectError says that a message has no subject to be sent on, or one that its station does not take: whoever sends it
// is to say another. Nothing was sent.
type SubjectError struct {
	Text    string
	Suggest string // a subject that the station takes, or ""
}

// Error is what is wrong with the subject.
func (e *SubjectError) Error() string { return e.Text }

// RejectionError says that whoever takes a message in refused it by rules of its own: it came there, and led to nothing.
type RejectionError struct{ By, Text string }

// Error is who refused it, and why.
func (e *RejectionError) Error() string { return e.By + " refused it: " + e.Text }

// Receipt is what the broker said of a message that was sent.
type Receipt struct {
	Station   string   // the station that stored it, or empty
	Position  Position // where, or zero
	Positions PositionForm
	Duplicate bool   // the broker had this ID already and stored nothing
	Receivers int64  // how many received it; -1 unknown; 0 where nothing stored it: see Lost
	Text      string // one sentence for people: "stored in deliveries as 48193", "received by 2, which is not acceptance"
}

// Lost tells whether nothing stored the message and nobody received it: sending it was in vain, and nothing will come of it.
func (r *Receipt) Lost() bool { return r.Receivers == 0 && r.Station == "" }

// Resender is a bus that can hand a message to one consumer again, and to nobody else: nothing is stored by it.
type Resender interface {
	// Resend sends the message to one who reads its station as the consumer. The receipt says whether anybody took it.
	Resend(ctx context.Context, consumer string, out Outgoing) (Receipt, error)
}

// Requester is a bus on which a message can be answered.
type Requester interface {
	// Request sends one message and waits for the first answer. It tells, too, how long that took. Where nobody is there
	// to answer the error wraps ErrMissing.
	Request(ctx context.Context, out Outgoing) (answer Message, took time.Duration, err error)
}

// Getter is a bus that can fetch single messages of a replayable station.
type Getter interface {
	Get(ctx context.Context, station Station, at Position) (Message, error)
}

// SubjectReader is a bus that can hand out the stored messages of one subject of a station, without reading all of it.
type SubjectReader interface {
	// MessagesOn hands out the messages that a station keeps on a subject, which may hold the broker's wildcards, from a
	// position on, oldest first, until there are no more or yield returns false. A message must not be kept.
	MessagesOn(ctx context.Context, station Station, subject string, from Position, yield func(*Message) bool) error
}

// Verdict is what a worker says of a message.
type Verdict int

// Verdicts.
const (
	Ack  Verdict = iota // done
	Nak                 // deliver it again
	Term                // never deliver it again
	None                // say nothing: the broker delivers it again after its wait
)

// Job is a consumer for a worker to be: it is created when missing.
type Job struct {
	Station    string
	Unkept     bool // it is a channel, also where something that keeps messages has its name
	Consumer   string
	AckWait    time.Duration // 0: the broker's usual
	MaxDeliver int           // 0: no limit
	Temporary  bool          // when Work had to create the consumer, it removes it again
	AtOnce     int           // so many messages are handled at the same time at most; 0 is 1
	Gate       *Gate         // holds it back for a while; nil never does
}

// Handler does what a service does about a message. delivery counts from 1; -1 is unknown.
type Handler = func(ctx context.Context, m Message, delivery int) Verdict

// Worker is a bus on which signalbox can play a service: a durable consumer or a group that fetches and acknowledges.
// This is for stand-ins and the demo only. It is never used to look at a system.
type Worker interface {
	// Work hands messages to handle, one after the other unless the job says that more are handled at once, until ctx ends, and
	// returns ctx.Err() once all of them have been. A message is fetched when there is somebody to handle it: the others wait,
	// and are the consumer's lag. Where the broker keeps nothing there is no consumer: what comes while the gate is shut, or
	// while too many are handled, is lost, and the verdict changes nothing. Each time that it is at work it calls Begin of the gate.
	Work(ctx context.Context, job Job, handle Handler) error
}

// Maker is a bus that can create stations.
type Maker interface {
	// Make creates a station when it is missing, and changes nothing about one that exists. Where keys need nothing to
	// lie in, there is nothing to make for them.
	Make(ctx context.Context, wanted NewStation) error

	// Unmake removes a station that Make has made, and all that is in it. One that is gone already is no error.
	Unmake(ctx context.Context, made NewStation) error
}

// NewStation is a station to be made: replayable, or with keys.
type NewStation struct {
	Name     string
	Keyed    bool
	Subjects []string // what it takes in; none: its name. A keyed one has keys instead
}

// Keeper is a bus that has keys with values: a KV bucket, Redis strings.
type Keeper interface {
	Put(ctx context.Context, bucket, key string, value []byte) error
	Value(ctx context.Context, bucket, key string) ([]byte, error)
}
