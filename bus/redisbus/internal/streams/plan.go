package streams

import "time"

// How streams are read: an answer has about so many bytes and entries at most, so that neither side holds much. Many streams
// are asked for the more rarely the more there are, but for those that flow: looking for them takes time of the server's.
const (
	readEntries = 2000
	readBytes   = 1 << 20 // of the answer about one stream
	roundBytes  = 4 << 20 // of all answers about streams that lag, and of the one about those that do not
	readAtOnce  = 64      // streams that lag, in one round
	leastBytes  = roundBytes / readAtOnce

	activeFor     = time.Second           // after its last entry a stream flows
	perStream     = 25 * time.Microsecond // between two questions about all streams, for each of them
	shortestBlock = 50 * time.Millisecond // of the server's waiting: a stream that is added waits for as long
	longestBlock  = time.Second
	blockPer      = 2 * time.Millisecond // for each stream
	waitRoom      = 10 * time.Millisecond
	waitRefused   = time.Second
	longestPoll   = 25 * time.Millisecond // between two rounds where the server cannot wait, and for each stream
	pollPerStream = 50 * time.Microsecond
)

// adopt takes the streams that are its own now.
func (r *reader) adopt() {
	if !r.readers.adopt(r) {
		return
	}
	r.added, r.nextAll = time.Now(), time.Time{}
	keys := make(map[string]bool, len(r.feeds))
	for _, f := range r.feeds {
		f.twin = keys[f.key]
		keys[f.key] = true
	}
}

// plan makes the steps of the next round, and returns how long the server may wait for entries, 0 when not at all. When there
// are no steps it is how long to rest.
func (r *reader) plan(now time.Time) time.Duration {
	r.adopt()
	r.steps = r.steps[:0]
	all := r.readers.concludes(r) || !now.Before(r.nextAll)
	if all {
		r.nextAll = now.Add(time.Duration(len(r.feeds)) * perStream)
		r.active = r.active[:0]
		for _, f := range r.feeds {
			if f.lags() || f.alone() || now.Sub(f.audit.read) < activeFor {
				r.active = append(r.active, f)
			}
		}
	}
	among := r.active
	if all {
		among = r.feeds
	}
	lagging, own, together, full := r.divide(among, now)
	for _, f := range own {
		r.add(now, f)
	}
	r.turn += readAtOnce
	for i := range min(len(lagging), readAtOnce) {
		f := lagging[(r.turn+i)%len(lagging)]
		r.add(now, f)
		r.steps[len(r.steps)-1].count = min(f.count, max(1, max(leastBytes, min(readBytes, roundBytes/len(lagging)))/f.average))
	}
	waits := len(r.steps) == 0
	r.addTogether(now, together)
	switch {
	case !waits:
		return 0
	case full:
		return waitRoom
	case len(together) == 0:
		return shortestBlock
	case !all:
		return time.Until(r.nextAll) + time.Millisecond
	case len(r.active) > 0 || now.Sub(r.added) < activeFor:
		return shortestBlock
	}
	return min(max(time.Duration(len(r.feeds))*blockPer, 2*shortestBlock), longestBlock)
}

// divide tells apart the streams that have more, those that need a command of their own, and those that are read together.
// full says that some of the others had no room.
func (r *reader) divide(among []*feed, now time.Time) (lagging, own, together []*feed, full bool) {
	for _, f := range among {
		switch {
		case now.Before(f.pause):
		case !f.hasRoom():
			full = true
		case f.lags():
			lagging = append(lagging, f)
		case f.alone() || r.addr != "" && len(r.feeds) > 1:
			own = append(own, f)
		default:
			together = append(together, f)
		}
	}
	return lagging, own, together, full
}

// add adds the questions about one stream.
func (r *reader) add(now time.Time, f *feed) {
	if f.concludes.Load() || f.audit.due(now, len(r.active), len(r.feeds), f.lags()) {
		r.steps = append(r.steps, step{about: f})
	}
	r.steps = append(r.steps, step{feeds: []*feed{f}, count: min(f.count, max(readBytes/f.average, 1))})
}

// addTogether adds the questions about streams that are read together.
func (r *reader) addTogether(now time.Time, all []*feed) {
	if len(all) == 0 {
		return
	}
	average := 0
	for _, f := range all {
		average += f.average
		if f.concludes.Load() || f.audit.due(now, len(r.active), len(r.feeds), false) {
			r.steps = append(r.steps, step{about: f})
		}
	}
	r.steps = append(r.steps, step{feeds: all, count: min(max(roundBytes/average, 1), readEntries)})
}
