package stations

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
)

// streamDetails are the further facts about a stream.
func streamDetails(info *jetstream.StreamInfo) []bus.Detail {
	c := info.Config
	details := []bus.Detail{
		{Name: "retention", Value: strings.ToLower(c.Retention.String())},
		{Name: "storage", Value: strings.ToLower(c.Storage.String())},
		{Name: "replicas", Value: strconv.Itoa(max(1, c.Replicas))},
		{Name: "max age", Value: jsapi.Limit(int64(c.MaxAge), c.MaxAge.String())},
		{Name: "max messages", Value: jsapi.Limit(c.MaxMsgs, strconv.FormatInt(c.MaxMsgs, 10))},
		{Name: "max bytes", Value: jsapi.Limit(c.MaxBytes, strconv.FormatInt(c.MaxBytes, 10))},
		{Name: "max per subject", Value: jsapi.Limit(c.MaxMsgsPerSubject, strconv.FormatInt(c.MaxMsgsPerSubject, 10))},
		{Name: "max message size", Value: jsapi.Limit(int64(c.MaxMsgSize), strconv.Itoa(int(c.MaxMsgSize)))},
		{Name: "max consumers", Value: jsapi.Limit(int64(c.MaxConsumers), strconv.Itoa(c.MaxConsumers))},
		{Name: "when full", Value: strings.ToLower(c.Discard.String())},
		{Name: "duplicates", Value: recognised(c.Duplicates)},
	}
	add := func(name, value string) {
		if value != "" {
			details = append(details, bus.Detail{Name: name, Value: value})
		}
	}
	add("about", c.Description)
	if info.Mirror != nil {
		add("mirror of", taking(info.Mirror))
	}
	for _, source := range info.Sources {
		add("takes from", taking(source))
	}
	if c.Sealed {
		add("sealed", "nothing is stored or removed any more")
	}
	if info.State.NumDeleted > 0 {
		add("deleted between", strconv.Itoa(info.State.NumDeleted))
	}
	if info.Cluster != nil {
		add("leader", cmp.Or(info.Cluster.Leader, "none"))
		for _, peer := range info.Cluster.Replicas {
			add("follower", following(peer))
		}
	}
	return details
}

// recognised says for how long a stream knows a message that comes again.
func recognised(within time.Duration) string {
	if within <= 0 {
		return "not recognised"
	}
	return "recognised within " + within.Round(time.Millisecond).String()
}

// taking says how a stream stands with one that it copies.
func taking(from *jetstream.StreamSourceInfo) string {
	text := from.Name
	if from.FilterSubject != "" {
		text += " (" + from.FilterSubject + ")"
	}
	if from.Active < 0 {
		return text + ", not connected"
	}
	return text + fmt.Sprintf(", %d behind, heard %s ago", from.Lag, from.Active.Round(time.Millisecond))
}

// following says how a replica stands with its leader.
func following(peer *jetstream.PeerInfo) string {
	switch {
	case peer.Offline:
		return peer.Name + ", offline"
	case peer.Lag > 0:
		return fmt.Sprintf("%s, %d behind", peer.Name, peer.Lag)
	case !peer.Current:
		return peer.Name + ", catching up"
	default:
		return peer.Name + ", current"
	}
}

// Bounds of counting messages by subject: which streams, how many subjects are told, how often a stream is asked, and
// how many at one time.
const (
	countableSubjects = 1000
	toldSubjects      = 20
	countRest         = 10 * time.Second
	countsAtOnce      = 8
)

// subjectCounts is what was told of a stream's subjects.
type subjectCounts struct {
	last uint64 // newest sequence then
	held uint64 // messages then
	when time.Time
	told []bus.SubjectCount
	more int // subjects that are not told
}

// countSubjects adds to stations of streams how many messages their subjects have, the most first.
func (l *Lister) countSubjects(ctx context.Context, infos []*jetstream.StreamInfo, stations []bus.Station) {
	asked := 0
	for i, info := range infos {
		n := info.State.NumSubjects
		if stations[i].Kind != bus.Stream || n < 2 || n > countableSubjects {
			continue
		}
		l.mu.Lock()
		known := l.counts[info.Config.Name]
		l.mu.Unlock()
		if (known.last != info.State.LastSeq || known.held != info.State.Msgs) && time.Since(known.when) > countRest && asked < countsAtOnce {
			asked++
			known = l.count(ctx, info.Config.Name)
		}
		stations[i].BySubject, stations[i].MoreSubjects = known.told, known.more
	}
}

// count asks how many messages each subject of a stream has.
func (l *Lister) count(ctx context.Context, stream string) subjectCounts {
	var info jetstream.StreamInfo
	if l.js.Do(ctx, "STREAM.INFO."+stream, map[string]string{"subjects_filter": ">"}, &info) != nil {
		return subjectCounts{} // told at another time
	}
	now := subjectCounts{last: info.State.LastSeq, held: info.State.Msgs, when: time.Now()}
	subjects := slices.SortedFunc(maps.Keys(info.State.Subjects), func(x, y string) int {
		return cmp.Or(cmp.Compare(info.State.Subjects[y], info.State.Subjects[x]), cmp.Compare(x, y))
	})
	now.more = max(0, len(subjects)-toldSubjects)
	for _, subject := range subjects[:len(subjects)-now.more] {
		now.told = append(now.told, bus.SubjectCount{Subject: subject, Messages: info.State.Subjects[subject]})
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[stream] = now
	return now
}

// forgetCounts forgets streams that are gone, when all were listed.
func (l *Lister) forgetCounts(infos []*jetstream.StreamInfo) {
	here := make(map[string]bool, len(infos))
	for _, info := range infos {
		here[info.Config.Name] = true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.counts, func(stream string, _ subjectCounts) bool { return !here[stream] })
}
