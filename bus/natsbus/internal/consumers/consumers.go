// Package consumers lists the JetStream consumers of all streams that are not the system's, without those of this session,
// and judges how far each is with a message. What a server does not tell but follows from what it told earlier is said,
// too; what cannot be known is said to be unknown.
//
// All methods may be called from any goroutine. List asks the server; Standing does not wait. Nothing is changed on it.
package consumers

import (
	"context"
	"maps"
	"sync"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/deadletters"
	"signalbox/bus/natsbus/internal/jsapi"
)

// maxLookups bounds how many streams are asked for unacknowledged messages at one time.
const maxLookups = 64

// Lister lists consumers on one connection.
type Lister struct {
	js  *jsapi.Client
	log *deadletters.Log
	own jsapi.Own

	listing   sync.Mutex // held by whoever lists
	histories map[deadletters.Key]history
	watch     uint64 // of the last list; 0: it was not whole, or nothing was heard
}

// New makes a lister. The consumers of the session, which own tells of, are left out.
func New(js *jsapi.Client, log *deadletters.Log, own jsapi.Own) *Lister {
	return &Lister{js: js, log: log, own: own, histories: map[deadletters.Key]history{}}
}

// List lists consumers. A partial list comes with an error.
func (l *Lister) List(ctx context.Context) ([]bus.Consumer, error) {
	l.listing.Lock()
	defer l.listing.Unlock()
	before, watchBefore := l.log.Tallies()
	found, err := l.js.Consumers(ctx, l.own)
	after, watch := l.log.Tallies()
	here, lookups := make(map[deadletters.Key]bool, len(found)), maxLookups
	all := make([]bus.Consumer, 0, len(found))
	for _, r := range found {
		key := deadletters.Key{Stream: r.Info.Stream, Consumer: r.Info.Name}
		here[key] = true
		h, known := l.histories[key]
		if known && !h.created.Equal(r.Info.Created) {
			known = false
		}
		if !known {
			h = history{created: r.Info.Created}
			h.givenUp.watch = l.watch // a consumer that was not there when last asked had given up nothing
		}
		if r.Info.NumAckPending == 0 {
			h.idleAt = r.Info.Delivered.Consumer
		}
		h.listen(r.Info, watchBefore, !known && l.watch != 0 && l.watch == watchBefore)
		h.givenUp.count(r.Info, before[key], after[key], watch)
		if h.needsLookup(r) && lookups > 0 {
			lookups--
			h.find(ctx, l.js, r)
		}
		l.histories[key] = h
		all = append(all, l.describe(r, h, before[key]))
	}
	if l.watch = watch; err != nil {
		l.watch = 0
	}
	maps.DeleteFunc(l.histories, func(key deadletters.Key, _ history) bool { return !here[key] })
	return all, err
}
