package resp

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"

	"signalbox/bus/bustest/hostile"
)

// pieces is a connection that brings bytes in pieces of one size.
type pieces struct {
	net.Conn
	left []byte
	size int
}

func (c *pieces) Read(p []byte) (int, error) {
	if len(c.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.left[:min(c.size, len(c.left))])
	c.left = c.left[n:]
	return n, nil
}

// answers are what servers send: none of it is refused.
var answers = []string{
	"+OK\r\n", "-ERR no\r\n", ":1\r\n", "$-1\r\n", "*-1\r\n", "_\r\n", "#t\r\n", ",1.5\r\n", "(123\r\n", "$2\r\nhi\r\n", "$0\r\n\r\n", "=6\r\ntxt:hi\r\n",
	"!5\r\nERR x\r\n", "*0\r\n", "*2\r\n$2\r\nhi\r\n*1\r\n:1\r\n", "%1\r\n+a\r\n*2\r\n:1\r\n:2\r\n", "~1\r\n+a\r\n", ">2\r\n+invalidate\r\n*1\r\n+x\r\n",
	"|1\r\n+ttl\r\n:5\r\n*2\r\n|1\r\n+a\r\n:1\r\n+x\r\n+y\r\n",
}

// All that servers send passes, however it comes, and each answer may take as much as the one before.
func TestAnswersPassTheGuard(t *testing.T) {
	stream := []byte(strings.Repeat(strings.Join(answers, ""), 50))
	for _, size := range []int{1, 2, 3, 7, 64, len(stream)} {
		g := Guard(&pieces{left: stream, size: size}, 500)
		got, err := io.ReadAll(g)
		if err != nil || !bytes.Equal(got, stream) {
			t.Fatalf("in pieces of %d %d of %d bytes pass, then %v", size, len(got), len(stream), err)
		}
		if inner := g.(*guard); len(inner.left) > 0 || inner.taken > 0 || inner.skip > 0 {
			t.Errorf("in pieces of %d it ends within an answer: %+v", size, inner)
		}
	}
}

// What go-redis would make room for at once, or end the program by, never reaches it.
func TestWhatIsTooLargeIsRefused(t *testing.T) {
	const most = 1 << 20
	for text, want := range map[string]error{
		"$2147483647\r\nx": ErrTooLarge, "$1048577\r\n": ErrTooLarge, "*100000\r\n": ErrTooLarge, "%30000\r\n": ErrTooLarge,
		"$9223372036854775807\r\n": ErrTooLarge, "*9223372036854775807\r\n": ErrTooLarge, "%4611686018427387904\r\n": ErrTooLarge,
		"$9223372036854775808\r\n": ErrProtocol, "$-2\r\n": ErrProtocol, "*-9\r\n": ErrProtocol, "$\r\n": ErrProtocol, "*x\r\n": ErrProtocol,
		strings.Repeat("*1\r\n", 100): ErrProtocol, "+" + strings.Repeat("x", guardLine): ErrProtocol,
		"*3\r\n$500000\r\n" + strings.Repeat("x", 500_000) + "\r\n$500000\r\n" + strings.Repeat("x", 500_000) + "\r\n$500000\r\n": ErrTooLarge,
	} {
		for _, size := range []int{1, 5, 1 << 20} {
			stream := "+OK\r\n" + text
			if size == 1 && len(stream) > most {
				continue
			}
			_, err := io.ReadAll(Guard(&pieces{left: []byte(stream), size: size}, most))
			if !errors.Is(err, want) {
				t.Errorf("%.20q in pieces of %d: %v, want %v", text, size, err, want)
			}
		}
	}
}

// go-redis looks at a connection before it uses it again, where that can be looked at.
func TestAGuardedSocketCanBeLookedAt(t *testing.T) {
	if _, ok := Guard(&net.TCPConn{}, 1).(syscall.Conn); !ok {
		t.Error("a socket cannot be looked at")
	}
	if _, ok := Guard(&pieces{}, 1).(syscall.Conn); ok {
		t.Error("what is no socket is looked at")
	}
}

// Whatever comes, what passes is how the stream begins, and an answer never takes more than it may.
func FuzzGuard(f *testing.F) {
	for _, a := range answers {
		f.Add([]byte(a), uint8(3))
	}
	for _, n := range hostile.Numbers() {
		for _, kind := range "$*%|>=!~" {
			f.Add([]byte("*2\r\n"+string(kind)+n+"\r\nhi\r\n"), uint8(9))
		}
	}
	f.Fuzz(func(t *testing.T, stream []byte, size uint8) {
		g := &guard{Conn: &pieces{left: stream, size: int(size) + 1}, most: 1000}
		got, _ := io.ReadAll(g)
		if !bytes.HasPrefix(stream, got) || g.refused == nil && len(got) != len(stream) {
			t.Errorf("of %q passes %q", stream, got)
		}
		if g.refused == nil && (g.taken > g.most || len(g.left) > guardDepth || len(g.line) > guardLine) {
			t.Errorf("after %q: %+v", stream, g)
		}
	})
}
