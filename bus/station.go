package bus

import "time"

// Kind is what sort of place a station is.
type Kind string

// Kinds of stations.
const (
	Stream      Kind = "stream"       // a JetStream stream
	Subject     Kind = "subject"      // core NATS subject, wildcards included
	Bucket      Kind = "kv"           // a NATS key-value bucket
	ObjectStore Kind = "objects"      // a NATS object store
	Service     Kind = "service"      // a NATS micro service
	Channel     Kind = "channel"      // a Redis channel
	Pattern     Kind = "pattern"      // a pattern of Redis channels
	Sharded     Kind = "sharded"      // a Redis sharded channel
	Log         Kind = "redis-stream" // a Redis stream
	Keys        Kind = "keys"         // Redis keys that match a pattern
	Lines       Kind = "lines"        // what another program writes, a message a line
)

// Words is the kind in words for people.
func (k Kind) Words() string {
	switch k {
	case Bucket:
		return "key-value"
	case Log:
		return "redis stream"
	}
	return string(k)
}

// Station is a place where messages go.
type Station struct {
	Name       string // unique within its bus
	Kind       Kind
	Replayable bool // the broker keeps messages, and Open may start in the past
	Readable   bool // Open works on it; false for what is only listed
	Messages   uint64
	Bytes      uint64
	First      Position // oldest kept, zero when unknown, empty or partitioned
	Last       Position // newest, likewise
	Subjects   []string // what it takes in; the first without wildcard is where Publish sends by default
	Removed    bool     // messages that it once had are gone, from its beginning or between others, as far as the broker tells
	Consumers  int      // how many read it, -1 when unknown
	Untold     string   // who may read it besides, of whom the broker does not tell: "who reads without a group"; may be empty
	Created    time.Time
	Reading    string   // how Open reads it, in words: "ordered consumer, gone within 5 s of the session"
	Details    []Detail // further facts in the order to show them: retention, storage, limits

	BySubject    []SubjectCount // how many messages subjects have, the most first, where the broker tells; bounded
	MoreSubjects int            // that are not in BySubject

	// Whole says that nothing was sent to it before it is read, though it is not Replayable: the entities of its messages began
	// with these.
	Whole bool

	// Presumed says that nothing at the broker is called so, as far as it tells: the name that was given is taken for a
	// subject or channel that somebody may use, or for a stream that is still to be made.
	Presumed bool

	Traits
}

// SubjectCount is how many messages a station keeps that came on a subject.
type SubjectCount struct {
	Subject  string
	Messages uint64
}

// Detail is one named fact about a station or a consumer.
type Detail struct{ Name, Value string }
