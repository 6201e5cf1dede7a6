package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
)

// pieces is a connection on which reads return what came in one piece.
type pieces struct {
	net.Conn
	left [][]byte
}

func (c *pieces) RemoteAddr() net.Addr { return &net.TCPAddr{} }

func (c *pieces) Read(p []byte) (int, error) {
	if len(c.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.left[0])
	if c.left[0] = c.left[0][n:]; len(c.left[0]) == 0 {
		c.left = c.left[1:]
	}
	return n, nil
}

// routed is a connection on which the messages of some subscriptions are taken.
func routed(stream [][]byte, sids ...int64) (*conn, map[int64]*collector) {
	routes := &Routes{open: map[int64]*route{}, waiting: map[int64]*route{}}
	w := routes.Wrap(&pieces{left: stream}).(*conn)
	w.greeting.over = true
	collectors := map[int64]*collector{}
	for _, sid := range sids {
		collectors[sid] = &collector{}
		w.routes.open[sid] = &route{to: collectors[sid]}
	}
	return w, collectors
}

// passed reads all that the client library would see.
func passed(t interface{ Fatal(...any) }, w *conn) []byte {
	var all []byte
	p := make([]byte, 32<<10)
	for {
		n, err := w.Read(p)
		all = append(all, p[:n]...)
		if errors.Is(err, io.EOF) || errors.Is(err, errImpossible) || errors.Is(err, errForeign) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// collector keeps a copy of the messages that it is offered.
type collector struct {
	mu       sync.Mutex
	messages []bus.Message
}

func (c *collector) OfferEach(messages iter.Seq[*bus.Message]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for m := range messages {
		kept := *m
		kept.Data = bytes.Clone(m.Data)
		c.messages = append(c.messages, kept)
	}
}

// offer is OfferEach for one.
func (c *collector) offer(m bus.Message) {
	c.OfferEach(func(yield func(*bus.Message) bool) { yield(&m) })
}

func (c *collector) all() []bus.Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.messages)
}

// op is one operation of a server.
type op struct {
	text    []byte
	sid     int64 // 0: no message
	message bus.Message
}

func anyOp(t *rapid.T) op {
	kind := rapid.SampledFrom([]string{"MSG", "MSG", "HMSG", "PING\r\n", "PONG\r\n", "+OK\r\n", "-ERR 'no MSG a 2 1'\r\n", "INFO {\"a\":1}\r\n"}).Draw(t, "op")
	if strings.HasSuffix(kind, "\n") {
		return op{text: []byte(kind)}
	}
	o := op{sid: rapid.Int64Range(1, 4).Draw(t, "sid")}
	o.message.Subject = rapid.SampledFrom([]string{"orders", "orders.17", "é"}).Draw(t, "subject")
	o.message.Data = rapid.OneOf(
		rapid.SliceOfN(rapid.Byte(), 0, 300),
		rapid.Just([]byte("\r\nMSG orders 2 5\r\nhello\r\n")),
		rapid.Just(bytes.Repeat([]byte("PING\r\n"), 6_000)),
	).Draw(t, "data")
	o.message.Size = len(o.message.Data)
	reply := rapid.SampledFrom([]string{"", "_INBOX.x.7 "}).Draw(t, "reply")
	if kind == "MSG" {
		o.text = fmt.Appendf(nil, "MSG %s %d %s%d\r\n%s\r\n", o.message.Subject, o.sid, reply, o.message.Size, o.message.Data)
		return o
	}
	o.message.Headers = bus.Headers{{Name: "A", Value: rapid.StringMatching(`[a-z]{0,9}`).Draw(t, "value")}, {Name: "b", Value: "2"}}
	head := fmt.Sprintf("NATS/1.0\r\nb: 2\r\nA: %s\r\n\r\n", o.message.Headers[0].Value)
	o.text = fmt.Appendf(nil, "HMSG %s %d %s%d %d\r\n%s%s\r\n", o.message.Subject, o.sid, reply, len(head), len(head)+o.message.Size, head, o.message.Data)
	return o
}

// split cuts a stream anywhere.
func split(t *rapid.T, stream []byte) (parts [][]byte) {
	size := rapid.OneOf(rapid.IntRange(1, 40), rapid.IntRange(1, 16<<10))
	for len(stream) > 0 {
		n := min(size.Draw(t, "piece"), len(stream))
		parts, stream = append(parts, stream[:n]), stream[n:]
		if len(parts) > 100 {
			return append(parts, stream)
		}
	}
	return parts
}

// The messages of routes are taken, in their order, and all else passes as it came, wherever reads begin and
// end.
func TestMessagesOfRoutesAreTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream, pass []byte
		want := map[int64][]bus.Message{2: nil, 3: nil}
		for _, o := range rapid.SliceOfN(rapid.Custom(anyOp), 1, 40).Draw(t, "ops") {
			stream = append(stream, o.text...)
			if o.sid == 2 || o.sid == 3 {
				want[o.sid] = append(want[o.sid], o.message)
			} else {
				pass = append(pass, o.text...)
			}
		}
		w, got := routed(split(t, stream), 2, 3)
		if got := passed(t, w); !bytes.Equal(got, pass) {
			t.Fatalf("passed %q, want %q", got, pass)
		}
		for sid, messages := range want {
			got := got[sid].all()
			if diff := cmp.Diff(messages, got, cmp.Comparer(bytes.Equal), cmpopts.IgnoreFields(bus.Message{}, "UnixNano")); diff != "" {
				t.Fatalf("taken of %d (-want +got):\n%s", sid, diff)
			}
		}
	})
}

// The first line passes whatever it is, alone; behind it nothing passes that no server says: the library may see messages in
// it elsewhere than they are seen here.
func TestWhatIsForeignIsRefused(t *testing.T) {
	const message = "MSG orders 3 2147483647\r\n"
	for stream, want := range map[string]string{
		"INFO {}\r\n\x16\x03\x03\x00\x7a\r\n":             "INFO {}\r\n",
		"HTTP/1.1 400\r\nContent-Type: x\r\n":             "HTTP/1.1 400\r\n",
		"INFO {}\r\nping\r\n" + message:                   "INFO {}\r\n",
		"INFO {}\r\n\r\nPING\r\n" + message:               "INFO {}\r\n",
		"INFO {}\r\nMSG a 3 2\r\nhixx\n" + message:        "INFO {}\r\nMSG a 3 2\r\nhi",
		"INFO {}\r\nMSG a 3 2\r\nhi\rx\n" + message:       "INFO {}\r\nMSG a 3 2\r\nhi\r",
		"INFO {}\r\n-ERR " + strings.Repeat("x", maxText): "",
		strings.Repeat("x", maxText+1):                    "",
	} {
		for _, size := range []int{1, 5, 200} {
			if len(stream) > maxText {
				size = 32 << 10
			}
			w, got := routed(inPieces([]byte(stream), uint8(min(size, 200))), 2)
			w.greeting.over = false
			passed := string(passed(t, w))
			if want != "" && !strings.HasPrefix(want, passed) || len(passed) > maxText+32<<10 || w.refused == nil {
				t.Errorf("%.40q in pieces of %d: passed %.60q, then %v", stream, size, passed, w.refused)
			}
			if got := got[2].all(); len(got) > 0 {
				t.Errorf("taken of %.40q: %+v", stream, got)
			}
		}
	}
}

// frames are what a server may send, with numbers at their edges.
func frames(f *testing.F) {
	for _, begin := range []string{"", "INFO {}\r\nPING\r\n"} {
		for _, n := range hostile.Lengths() {
			for _, frame := range []string{
				"MSG a 7 " + n + "\r\nhi\r\n", "MSG a " + n + " 2\r\nhi\r\n", "MSG a 7 r " + n + "\r\nhi\r\n", "HMSG a 7 12 " + n + "\r\nNATS/1.0\r\n\r\nhi\r\n",
				"HMSG a 7 " + n + " 14\r\nNATS/1.0\r\n\r\nhi\r\n", "HMSG a 7 r " + n + " " + n + "\r\nNATS/1.0\r\n\r\nhi\r\n",
			} {
				f.Add([]byte(begin+frame+"PONG\r\n"), uint8(200))
			}
		}
	}
	for _, s := range hostile.Small(hostile.Texts(), 100) {
		f.Add([]byte("INFO {}\r\nMSG "+s.Text+" 7 2\r\nhi\r\n-ERR '"+s.Text+"'\r\n"), uint8(200))
		f.Add(fmt.Appendf(nil, "HMSG a 7 %d %d\r\nNATS/1.0\r\n%s: %[3]s\r\n\r\nhi\r\n", 16+2*len(s.Text), 18+2*len(s.Text), s.Text), uint8(200))
	}
}

// inPieces is a stream that comes in pieces of one size.
func inPieces(stream []byte, size uint8) (parts [][]byte) {
	for rest := stream; len(rest) > 0; rest = rest[min(int(size)+1, len(rest)):] {
		parts = append(parts, rest[:min(int(size)+1, len(rest))])
	}
	return parts
}

// What no server writes breaks the connection before the client library sees it: it would panic, or make room for it.
func TestImpossibleMessagesAreRefused(t *testing.T) {
	for _, line := range []string{
		"MSG foo 3 9223372036854775807", "MSG foo 3 9223372036854775808", "MSG foo 3 -1", "MSG foo -3 1", "MSG foo 3 2147483647",
		"msg foo 3 9223372036854775807", "MSG\tfoo\t3\t9223372036854775807", "MSG  orders 2 2", "MSG foo", "MSG " + strings.Repeat("x", maxLine),
		"HMSG foo 3 9223372036854775807 9223372036854775807", "HMSG foo 3 12 2", "hmsg foo 3 -1 12", "HMSG foo 3 1 18446744073709551617",
	} {
		stream := "PING\r\n" + line + "\r\nMSG orders 2 2\r\nhi\r\n"
		for _, size := range []int{3, 17, len(stream)} {
			var parts [][]byte
			for rest := []byte(stream); len(rest) > 0; rest = rest[min(size, len(rest)):] {
				parts = append(parts, rest[:min(size, len(rest))])
			}
			w, got := routed(parts, 2)
			var passed []byte
			var err error
			for p := make([]byte, 32<<10); err == nil; {
				var n int
				n, err = w.Read(p)
				passed = append(passed, p[:n]...)
			}
			if !errors.Is(err, errImpossible) || string(passed) != "PING\r\n" || len(got[2].all()) > 0 {
				t.Fatalf("%.60q in pieces of %d: passed %q, then %v", line, size, passed, err)
			}
		}
	}
}

// Whatever comes, nothing is lost of what belongs to no route: it passes, but for the beginning of a line, and up to a message
// that cannot be.
func FuzzConn(f *testing.F) {
	f.Add([]byte("INFO {}\r\nPING\r\nMSG a 1 2\r\nhi\r\nHMSG a 1 r 12 14\r\nNATS/1.0\r\n\r\nhi\r\n-ERR 'x'\r\nMSG a"), uint8(3))
	f.Add([]byte("\x16\x03\x03\x00\x7aMSG a 1 2\r\nhi\r\n"), uint8(1))
	f.Add([]byte("ping\r\nMSG a 1 2\r\nhixx\r\n"), uint8(1))
	frames(f)
	f.Fuzz(func(t *testing.T, stream []byte, size uint8) {
		w, _ := routed(inPieces(stream, size), 7)
		w.routes.open = nil
		got := append(passed(t, w), w.begun...)
		if !bytes.Equal(got, stream) && (w.refused == nil || !bytes.HasPrefix(stream, got)) {
			t.Errorf("passed and kept %q of %q", got, stream)
		}
	})
}

// Whatever comes to a route, it ends, and what is delivered has come: nothing is made of a length alone.
func FuzzRoute(f *testing.F) {
	frames(f)
	f.Fuzz(func(t *testing.T, stream []byte, size uint8) {
		w, collectors := routed(inPieces(stream, size), 7)
		sum := len(passed(t, w))
		for _, m := range collectors[7].all() {
			if sum += len(m.Data); m.Size < len(m.Data) {
				t.Errorf("a message of %d bytes of which there are %d", m.Size, len(m.Data))
			}
		}
		if sum > len(stream) {
			t.Errorf("%d bytes came of %d", sum, len(stream))
		}
	})
}
