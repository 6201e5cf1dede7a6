package redisbus

import (
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
)

// FuzzFeeds feeds any bytes to all that reads from the server: it must end with an error, and soon.
func FuzzFeeds(f *testing.F) {
	for _, seed := range []string{
		"*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n",
		"*4\r\n$8\r\npmessage\r\n$2\r\nn*\r\n$4\r\nnews\r\n$2\r\nhi\r\n",
		"*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n",
		"*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n",
		"-NOPERM no\r\n", "*-1\r\n", "$99999999999\r\nx", "*2147483647\r\n",
		"+OK\r\n$9223372036854775807\r\nabc", "*3\r\n$9223372036854775806\r\nmessage", "*9223372036854775807\r\n:-9223372036854775808\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := &Bus{options: Options{Body: 100, Buffer: 1000}}
		line := newLine(b, "")
		feed := newChannelFeed(b, topic{bus.Channel, "news"})
		line.subs[feed.topic] = &subscription{feeds: []*channelFeed{feed}, ready: make(chan struct{})}
		lines := resp.NewReader(strings.NewReader(string(data)))
		if err := line.receive(lines, ""); err == nil {
			t.Error("receiving ends without an error")
		}
		in, stream := resp.NewReader(strings.NewReader(string(data))), &logFeed{outlet: outlet{bus: b, batches: make(chan *bus.Batch, 1000)}, key: "s", entry: 1}
		for range 100 {
			if _, err := stream.answer(t.Context(), in); err != nil {
				break
			}
		}
		for _, m := range stream.filling().Messages() {
			if m.Size < len(m.Data) {
				t.Errorf("message %+v", m)
			}
		}
	})
}
