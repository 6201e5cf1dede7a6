package wire

import (
	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// leastPassing is what a message that passes to the client library may have in any case: answers of the server to what
// signalbox asks are such messages.
const leastPassing = 8 << 20

// mostCut bounds the sizes that are known of messages that were cut, of each subscription.
const mostCut = 1 << 10

// mostPassing is how many bytes of a payload pass.
func (r *Routes) mostPassing() int {
	if r.Body == 0 {
		return maxMessage
	}
	return max(r.Body, leastPassing)
}

// cut notes the size of a message of which only the beginning passes; r is locked.
func (r *Routes) cut(l line) {
	if r.sizes == nil {
		r.sizes = map[int64][]int{}
	}
	if all := r.sizes[l.id]; len(all) < mostCut {
		r.sizes[l.id] = append(all, l.size-l.headers)
	}
}

// Whole completes a message that came by the client library, as the next one of its subscription: it keeps what is to be kept
// of its payload, and learns its size where only the beginning has passed.
func (r *Routes) Whole(sub *nats.Subscription, m *bus.Message) {
	if len(m.Data) == r.mostPassing()+1 {
		id, _ := subscriptionID(sub)
		r.mu.Lock()
		if all := r.sizes[id]; len(all) > 0 {
			m.Size = max(m.Size, all[0])
			if r.sizes[id] = all[1:]; len(all) == 1 {
				delete(r.sizes, id)
			}
		}
		r.mu.Unlock()
	}
	if r.Body > 0 && len(m.Data) > r.Body {
		m.Data = m.Data[:r.Body]
	}
}
