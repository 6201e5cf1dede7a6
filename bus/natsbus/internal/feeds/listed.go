package feeds

import (
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// listed is how a stream that is read was when it was listed last.
type listed struct {
	told        time.Time // by the server's clock; older servers do not say it
	created     time.Time
	first, last uint64
	leader      string
}

func listedAs(info *jetstream.StreamInfo) listed {
	l := listed{told: info.TimeStamp, created: info.Created, first: info.State.FirstSeq, last: info.State.LastSeq}
	if info.Cluster != nil {
		l.leader = info.Cluster.Leader
	}
	return l
}

// doubts tells whether a stream that was listed before may have lost messages that were read: then those that take their
// sequences would be missed. Another leader may not have had the last of them.
func (l listed) doubts(before listed) bool {
	return !l.created.Equal(before.created) || l.first < before.first || l.last < before.last || before.leader != "" && l.leader != before.leader
}

// Listed has feeds look whether what they read last is still there, where streams that were listed are not as they were.
func (s *Set) Listed(streams []*jetstream.StreamInfo) {
	infos := make(map[string]*jetstream.StreamInfo, len(streams))
	for _, info := range streams {
		infos[info.Config.Name] = info
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.feeds {
		stream, is := f.(*streamFeed)
		if !is || infos[stream.stream] == nil {
			continue
		}
		now := listedAs(infos[stream.stream])
		if before := stream.listed; before != nil {
			if now.told.Before(before.told) { // an answer that was overtaken
				continue
			}
			if now.leader == "" { // one is being elected
				now.leader = before.leader
			}
			if now.doubts(*before) {
				signal(stream.restored)
			}
		}
		stream.listed = &now
	}
}
