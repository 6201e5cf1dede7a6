package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// Of a message that comes in parts the beginning is kept, and its size is known.
func TestTheBeginningOfALargeMessageIsKept(t *testing.T) {
	stream := "MSG orders 2 5000\r\n" + strings.Repeat("x", 5000) + "\r\nHMSG orders 2 21 5021\r\nNATS/1.0\r\nA: 1234\r\n\r\n" +
		strings.Repeat("y", 5000) + "\r\nMSG orders 2 2\r\nhi\r\n"
	w, got := routed([][]byte{[]byte(stream[:1000]), []byte(stream[1000:7000]), []byte(stream[7000:])}, 2)
	w.routes.Body = 100
	if rest := passed(t, w); len(rest) > 0 {
		t.Errorf("%d bytes pass", len(rest))
	}
	all := got[2].all()
	if len(all) != 3 {
		t.Fatalf("%d messages were taken", len(all))
	}
	for i, want := range []string{strings.Repeat("x", 100), strings.Repeat("y", 100), "hi"} {
		size := 5000
		if i == 2 {
			size = 2
		}
		if string(all[i].Data) != want || all[i].Size != size {
			t.Errorf("message %d has %d bytes of %d: %.10s", i, len(all[i].Data), all[i].Size, all[i].Data)
		}
	}
}

// endless is a connection that says how much will come, brings a little of it, and ends.
type endless struct {
	net.Conn
	left io.Reader
}

func (c *endless) Read(p []byte) (int, error) { return c.left.Read(p) }

// What is announced takes no memory before it has come.
func TestAnAnnouncedLengthTakesNoMemory(t *testing.T) {
	routes := &Routes{Body: 1 << 20, open: map[int64]*route{2: {to: &collector{}}}, waiting: map[int64]*route{}}
	stream := fmt.Sprintf("INFO {}\r\nMSG orders 2 %d\r\n%s", maxMessage, strings.Repeat("x", 4<<20))
	w := routes.Wrap(&endless{left: strings.NewReader(stream)})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p := make([]byte, 32<<10)
	for {
		if _, err := w.Read(p); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			break
		}
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 32<<20 {
		t.Errorf("4 MiB of the 64 MiB that were announced took %d MiB", took>>20)
	}
}

// Of a message that is larger than the client library is to hold only the beginning passes, as a message of that size. Its
// receiver learns how large it was.
func TestTheBeginningOfALargeMessagePasses(t *testing.T) {
	const size = leastPassing + 100_002
	body := bytes.Repeat([]byte("0123456789"), size/10)
	stream := fmt.Appendf(nil, "PING\r\nMSG a 7 reply %d\r\n%s\r\nHMSG a 7 12 %d\r\nNATS/1.0\r\n\r\n%s\r\nMSG a 7 2\r\nhi\r\nPONG\r\n", size, body, size+12, body)
	routes := &Routes{Body: 1000, open: map[int64]*route{}, waiting: map[int64]*route{}}
	w := routes.Wrap(&endless{left: bytes.NewReader(stream)}).(*conn) // PING is its greeting
	got := passed(t, w)
	part := body[:leastPassing+1]
	want := fmt.Appendf(nil, "PING\r\nMSG a 7 reply %d\r\n%s\r\nHMSG a 7 12 %d\r\nNATS/1.0\r\n\r\n%s\r\nMSG a 7 2\r\nhi\r\nPONG\r\n", len(part), part, len(part)+12, part)
	if !bytes.Equal(got, want) {
		t.Fatalf("%d bytes passed, want %d: %.60q", len(got), len(want), got)
	}
	sub := &nats.Subscription{}
	routes.sizes[0] = routes.sizes[7] // the subscription's number is 0
	for i, c := range []struct{ came, size, kept int }{{len(part), size, 1000}, {2, 2, 2}, {len(part), size, 1000}, {len(part), len(part), 1000}} {
		m := bus.Message{Data: body[:c.came], Size: c.came}
		if routes.Whole(sub, &m); len(m.Data) != c.kept || m.Size != c.size {
			t.Errorf("message %d has %d bytes of %d, want %d of %d", i, len(m.Data), m.Size, c.kept, c.size)
		}
	}
}
