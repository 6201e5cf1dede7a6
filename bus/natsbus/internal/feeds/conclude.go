package feeds

import "time"

// mostConcluding bounds the feeds for whose sake the server is asked once more: with more of them, what they have noticed
// themselves is all that is told.
const mostConcluding = 100

// Conclude implements bus.Concluder.
func (f *streamFeed) Conclude() { signal(f.asked) }

// Conclude implements bus.Concluder.
func (f *queueFeed) Conclude() { signal(f.asked) }

// conclude looks once more at a stream of which not all comes by subscriptions: of the others nothing is lost while there is a
// connection.
func (f *queueFeed) conclude() {
	if f.polls && f.set.size() <= mostConcluding {
		_, _ = f.fetchStored(false) // what cannot be asked now is not told
	}
	f.queue.Concluded()
}

// conclude tells what was lost, nothing below a sequence being to come any more.
func (f *streamFeed) conclude(passed uint64) {
	now := time.Now().UnixNano()
	f.losses.skip(passed, now)
	f.tellAnew(now)
	f.tellLosses()
	f.queue.Concluded()
}

// passedAll asks the server how far it is, and tells the sequence below which nothing will come any more; 0 where that is not
// known.
func (c *orderedConsumer) passedAll(f *streamFeed) uint64 {
	if f.set.size() > mostConcluding || !f.set.Core.Conn.IsConnected() {
		return 0
	}
	stream, err := f.set.Streams.Stream(f.life, f.stream) // before the consumer: what comes in between is not passed
	if err != nil || !stream.Created.Equal(f.created) || f.losses.contradicts(stream) {
		return 0
	}
	consumer, err := c.info(f.life)
	if err != nil || consumer.NumPending > 0 || consumer.Delivered.Consumer != c.last {
		return 0
	}
	return stream.State.LastSeq + 1
}
