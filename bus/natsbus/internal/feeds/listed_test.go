package feeds

import (
	"testing"

	"github.com/nats-io/nats.go/jetstream"
)

// A feed looks whether what it read is still there when its stream has another leader, or fewer sequences than it had; not
// while the stream goes on as streams do.
func TestFeedsDoubtStreamsThatGoBack(t *testing.T) {
	s := New(&Client{})
	f := &streamFeed{stream: "orders", restored: make(chan struct{}, 1)}
	s.feeds[f] = struct{}{}
	for _, step := range []struct {
		what        string
		first, last uint64
		leader      string
		doubts      bool
	}{
		{"listed for the first time", 1, 100, "a", false},
		{"goes on", 1, 120, "a", false},
		{"is trimmed", 30, 130, "a", false},
		{"has another leader", 30, 135, "b", true},
		{"goes on", 30, 140, "b", false},
		{"lacks its end", 30, 139, "b", true},
		{"begins anew", 1, 500, "b", true},
	} {
		info := &jetstream.StreamInfo{State: jetstream.StreamState{FirstSeq: step.first, LastSeq: step.last}, Cluster: &jetstream.ClusterInfo{Leader: step.leader}}
		info.Config.Name = "orders"
		other := &jetstream.StreamInfo{}
		s.Listed([]*jetstream.StreamInfo{other, info})
		doubts := false
		select {
		case <-f.restored:
			doubts = true
		default:
		}
		if doubts != step.doubts {
			t.Errorf("a stream that %s: doubted %v, want %v", step.what, doubts, step.doubts)
		}
	}
}
