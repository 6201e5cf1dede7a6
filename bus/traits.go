package bus

import "slices"

// Traits are what a station is for those who know no broker. They do not change while the station is there.
type Traits struct {
	Positions  PositionForm // how the positions of its messages are written
	Partitions int          // how many partitions it has, each with an order of its own; 0: it has one order

	// Separators are the characters that part its subjects into words, "." or ":."; empty where all of its messages come
	// on one subject.
	Separators string

	// Gathers says that it takes what is sent to many places, as a pattern of channels does, and that the subject of a message
	// names its place: what is said of a station by its name holds for the place, too.
	Gathers bool

	// Exchanges says that its messages are requests to a service, and replies to them: a request has an ExchangeHeader, and each
	// of its replies the same one and a TookHeader. A request without an ExchangeHeader wants no reply.
	Exchanges bool

	// Keyed says that each message is the new value of a key, and its subject is the key. The rest is about such stations.
	Keyed     bool
	Bucket    string    // what holds the keys, as people name it; empty where keys lie in nothing
	Operation string    // the header that says what was done to the key; empty where there is none
	Write     string    // what was done where no header says it: "PUT", "SET"
	Removals  [2]string // operations after which the key has no value

	// Channel is how a channel of the same name is written, where this is none and the broker has both; empty elsewhere.
	Channel string

	// ReadingVaries says that Station.Reading depends on settings of the broker: people want to know, also when it changes.
	ReadingVaries bool
}

// Done is what a message of a keyed station did to its key, and whether the key has no value since.
func (t *Traits) Done(h Headers) (operation string, removed bool) {
	if t.Operation != "" {
		if operation = h.Get(t.Operation); operation != "" {
			return operation, slices.Contains(t.Removals[:], operation)
		}
	}
	return t.Write, false
}

// Path names a key within its bus: "deliveries-state/01HX7Q" in a bucket, elsewhere the key alone.
func (t *Traits) Path(key string) string {
	if t.Bucket == "" {
		return key
	}
	return t.Bucket + "/" + key
}
