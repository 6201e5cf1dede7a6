package channels

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/session"
)

// However the bytes arrive, each message comes out once, whole and in order, with those of other channels between.
func TestABurstComesOutWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := New(&session.Session{Body: 5000, Budget: bus.NewBudget(1 << 20)}, 0)
		c := newConnection(all.session, "")
		var wire []byte
		want, got := make(map[Topic][]string), make(map[Topic][]string)
		feeds := make(map[Topic]*Feed)
		for _, x := range []Topic{{bus.Channel, "news"}, {bus.Channel, ""}, {bus.Pattern, "n*"}, {bus.Sharded, "news"}} {
			feeds[x] = all.NewFeed(x)
			c.subscriptions[x] = &subscription{feeds: []*Feed{feeds[x]}, answered: make(chan struct{})}
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
				if key := (Topic{kind, name}); feeds[key] != nil {
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
		if err := c.receive(in, ""); !errors.Is(err, io.EOF) {
			t.Fatalf("receiving ended with %v", err)
		}
		for x, f := range feeds {
			for f.Waiting() > 0 {
				batch, err := f.Next(t.Context())
				if err != nil || batch.Dropped > 0 {
					t.Fatalf("%d dropped, %v", batch.Dropped, err)
				}
				for _, m := range batch.Messages() {
					got[x] = append(got[x], strings.Clone(m.Subject)+" "+string(m.Data))
				}
				batch.Release()
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

// FuzzReceive feeds any bytes to a connection: it must end with an error, and soon.
func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		"*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n",
		"*4\r\n$8\r\npmessage\r\n$2\r\nn*\r\n$4\r\nnews\r\n$2\r\nhi\r\n",
		"*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n", "*3\r\n$12\r\nsunsubscribe\r\n$-1\r\n:0\r\n",
		"-NOPERM no\r\n", "*-1\r\n", "$99999999999\r\nx", "*2147483647\r\n",
		"*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$9223372036854775807\r\nhi\r\n", "*3\r\n$7\r\nmessage\r\n$9223372036854775807\r\nnews",
		"*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$9223372036854775807\r\nhi\r\n",
	} {
		f.Add([]byte(seed))
	}
	for _, n := range hostile.Lengths() {
		f.Add([]byte("*" + n + "\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n"))
		f.Add([]byte("*3\r\n$" + n + "\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n"))
		f.Add([]byte("*3\r\n$7\r\nmessage\r\n$" + n + "\r\nnews\r\n$2\r\nhi\r\n"))
		f.Add([]byte("*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$" + n + "\r\nhi\r\n"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		all := New(&session.Session{Body: 100, Budget: bus.NewBudget(1000)}, 0)
		c, feed := newConnection(all.session, ""), all.NewFeed(Topic{bus.Channel, "news"})
		c.subscriptions[feed.topic] = &subscription{feeds: []*Feed{feed}, answered: make(chan struct{})}
		if err := c.receive(resp.NewReader(strings.NewReader(string(data))), ""); err == nil {
			t.Error("receiving ends without an error")
		}
		for feed.Waiting() > 0 {
			batch, err := feed.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range batch.Messages() {
				if m.Size < len(m.Data) || len(m.Data) > 100 {
					t.Errorf("message %+v", m)
				}
			}
			batch.Release()
		}
	})
}
