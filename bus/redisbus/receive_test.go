package redisbus

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
)

// However the bytes arrive, each message comes out once, whole and in order, with those of other channels between.
func TestABurstComesOutWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLine(&Bus{options: Options{Body: 5000, Buffer: 1 << 20}}, "")
		var wire []byte
		want, got := make(map[topic][]string), make(map[topic][]string)
		feeds := make(map[topic]*channelFeed)
		for _, x := range []topic{{bus.Channel, "news"}, {bus.Channel, ""}, {bus.Pattern, "n*"}, {bus.Sharded, "news"}} {
			feeds[x] = newChannelFeed(l.bus, x)
			l.subs[x] = &subscription{feeds: []*channelFeed{feeds[x]}, ready: make(chan struct{})}
		}
		kinds := rapid.SampledFrom([]bus.Kind{bus.Channel, bus.Pattern, bus.Sharded})
		for range rapid.IntRange(0, 10).Draw(t, "bursts") {
			kind, channel := kinds.Draw(t, "kind"), rapid.SampledFrom([]string{"news", "nothing", ""}).Draw(t, "channel")
			name, words := channel, []string{"message", channel}
			switch kind {
			case bus.Pattern:
				name, words = "n*", []string{"pmessage", "n*", channel}
			case bus.Sharded:
				words[0] = "smessage"
			}
			for range rapid.IntRange(1, 20).Draw(t, "messages") {
				body := string(rapid.SliceOfN(rapid.Byte(), 0, rapid.SampledFrom([]int{3, 300, 6000}).Draw(t, "size")).Draw(t, "body"))
				wire = resp.AppendCommand(wire, append(words[:len(words):len(words)], body)...)
				if key := (topic{kind, name}); feeds[key] != nil {
					subject := channel
					if kind != bus.Pattern {
						subject = name
					}
					want[key] = append(want[key], subject+" "+body[:min(len(body), 5000)])
				}
			}
		}
		parts := &inParts{rest: wire, most: rapid.IntRange(1, 9000).Draw(t, "most at once")}
		in := resp.NewReader(parts)
		if err := l.receive(in, ""); !errors.Is(err, io.EOF) {
			t.Fatalf("receiving ended with %v", err)
		}
		for x, f := range feeds {
			for batch, _ := f.take(); batch != nil; batch, _ = f.take() {
				for _, m := range batch.Messages() {
					got[x] = append(got[x], m.Subject+" "+string(bytes.Clone(m.Data)))
				}
				if batch.Dropped > 0 {
					t.Fatalf("%d dropped", batch.Dropped)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("sent and received (-want +got):\n%s", diff)
		}
	})
}

// inParts reads at most so many bytes at once.
type inParts struct {
	rest []byte
	most int
}

func (r *inParts) Read(p []byte) (int, error) {
	n := copy(p[:min(len(p), r.most)], r.rest)
	if r.rest = r.rest[n:]; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}
