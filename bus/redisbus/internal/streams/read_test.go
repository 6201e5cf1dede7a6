package streams

import (
	"fmt"
	"strings"
	"testing"

	"signalbox/bus/bustest/hostile"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/session"
)

// FuzzRead reads answers out of any bytes: it must end with an error, and soon, and deliver nothing larger than what is kept.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n",
		"*1\r\n*2\r\n$1\r\ns\r\n*2\r\n*2\r\n$3\r\n1-1\r\n*4\r\n$4\r\ntype\r\n$1\r\nb\r\n$4\r\ndata\r\n$2\r\n{}\r\n*2\r\n$3\r\n1-2\r\n*-1\r\n",
		"*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$9223372036854775807\r\nb\r\n",
		"*1\r\n*2\r\n$1\r\ns\r\n*9223372036854775807\r\n*2\r\n$3\r\n1-1\r\n*9223372036854775807\r\n$1\r\na\r\n",
		"*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$41\r\n18446744073709551615-18446744073709551615\r\n*0\r\n",
		"-NOPERM no\r\n", "*-1\r\n", "*2147483647\r\n",
	} {
		f.Add([]byte(seed))
	}
	for _, n := range hostile.Lengths() {
		f.Add([]byte("*" + n + "\r\n*" + n + "\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n"))
		f.Add([]byte("*1\r\n*2\r\n$1\r\ns\r\n*" + n + "\r\n*2\r\n$3\r\n1-1\r\n*" + n + "\r\n$1\r\na\r\n$1\r\nb\r\n"))
		f.Add([]byte("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$" + n + "\r\nb\r\n"))
		id := n + "-" + n
		f.Add(fmt.Appendf(nil, "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$%d\r\n%s\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n", len(id), id))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &session.Session{Body: 100}
		in, stream := resp.NewReader(strings.NewReader(string(data))), newFeed(&Readers{session: s}, "s", "s")
		r := newReader(stream.readers, "")
		for range 100 {
			stream.full = false
			if _, err := r.readAnswer(in, step{feeds: []*feed{stream}, count: 10}); err != nil {
				break
			}
		}
		for stream.Waiting() > 0 {
			batch, err := stream.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range batch.Messages() {
				if m.Size < len(m.Data) || m.Subject != "s" {
					t.Errorf("message %+v", m)
				}
			}
		}
	})
}
