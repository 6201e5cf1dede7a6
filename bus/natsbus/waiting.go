package natsbus

import "github.com/nats-io/nats.go"

// Waiting implements bus.Waiter.
func (f *streamFeed) Waiting() int64 { return f.queue.Held() }

// Waiting implements bus.Waiter.
func (f *queueFeed) Waiting() int64 {
	sum := f.queue.Held()
	for _, sub := range f.subs {
		sum += undelivered(sub)
	}
	return sum
}

// Waiting implements bus.Waiter.
func (f *subjectFeed) Waiting() int64 { return f.queue.Held() + undelivered(f.sub) }

// undelivered is about how many bytes of memory the client library holds for a subscription.
func undelivered(sub *nats.Subscription) int64 {
	messages, bytes, err := sub.Pending()
	if err != nil {
		return 0
	}
	return int64(bytes) + int64(messages)*libraryCost
}
