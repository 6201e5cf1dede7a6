package natsbus_test

import (
	"bufio"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// A server that announces what cannot be, to whoever subscribes, is told with its address and its words, whatever lies between:
// what is encrypted or in frames reaches the client library no more than what is not.
func TestAnImpossibleMessageIsTold(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	encrypted := &tls.Config{Certificates: []tls.Certificate{a.sign("server", "127.0.0.1", time.Now().Add(time.Hour)).pair}, MinVersion: tls.VersionTLS12}
	atOnce := func(conn net.Conn) (net.Conn, error) { return tls.Server(conn, encrypted), nil }
	ca := "?tls_ca=" + a.file
	for name, c := range map[string]struct {
		scheme, query string
		before        func(net.Conn) (net.Conn, error) // the greeting
		behind        func(net.Conn) (net.Conn, error)
	}{
		"plain":               {scheme: "nats"},
		"TLS":                 {scheme: "tls", query: ca, behind: atOnce},
		"TLS at once":         {scheme: "nats", query: ca + "&tls_first=true", before: atOnce},
		"WebSocket":           {scheme: "ws", before: upgrade},
		"encrypted WebSocket": {scheme: "wss", query: ca, before: func(conn net.Conn) (net.Conn, error) { return upgrade(tls.Server(conn, encrypted)) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := hostileServer(t, func(conn net.Conn) error { return announceTooMuch(conn, c.before, c.behind) })
			b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: c.scheme + "://" + address + c.query})
			if err != nil {
				t.Fatal(err)
			}
			closing(t, b)
			_, err = b.Open(t.Context(), bus.Station{Name: "foo", Kind: bus.Subject, Readable: true}, bus.From{})
			want := "cannot be reached: the server at " + address +
				` announces a message that no NATS server sends ("MSG foo 1 2000000000"), and is read no further`
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %s", err, want)
			}
		})
	}
}

// hostileServer has each connection to it be served, until the test ends.
func hostileServer(t *testing.T, serve func(net.Conn) error) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				_ = serve(conn) // a client that is closed is an error here
			}()
		}
	}()
	return listener.Addr().String()
}

// announceTooMuch is a server up to the first subscription.
func announceTooMuch(conn net.Conn, before, behind func(net.Conn) (net.Conn, error)) (err error) {
	if before != nil {
		if conn, err = before(conn); err != nil {
			return err
		}
	}
	_, encrypted := conn.(*tls.Conn)
	fmt.Fprintf(conn, `INFO {"server_id":"X","version":"2.10.0","proto":1,"max_payload":1048576,"tls_required":%t}`+"\r\n", encrypted || behind != nil)
	if behind != nil {
		if conn, err = behind(conn); err != nil {
			return err
		}
	}
	in := bufio.NewScanner(conn)
	for in.Scan() {
		switch word, _, _ := strings.Cut(in.Text(), " "); word {
		case "PING":
			fmt.Fprint(conn, "PONG\r\n")
		case "SUB":
			fmt.Fprint(conn, "MSG foo 1 2000000000\r\n")
		}
	}
	return in.Err()
}

// framed is a connection of a server after the handshake of a WebSocket: reading takes what is in frames, writing puts it there.
type framed struct {
	net.Conn
	in   *bufio.Reader
	mask [4]byte
	at   int
	left uint64
}

// upgrade answers the handshake of a WebSocket.
func upgrade(conn net.Conn) (net.Conn, error) {
	in := bufio.NewReader(conn)
	request, err := http.ReadRequest(in)
	if err != nil {
		return nil, err
	}
	sum := sha1.Sum([]byte(request.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:]))
	return &framed{Conn: conn, in: in}, nil
}

func (f *framed) Read(p []byte) (int, error) {
	for f.left == 0 {
		var head [2]byte
		if _, err := io.ReadFull(f.in, head[:]); err != nil {
			return 0, err
		}
		var long [8]byte
		switch f.left = uint64(head[1] & 0x7f); f.left {
		case 126:
			if _, err := io.ReadFull(f.in, long[6:]); err != nil {
				return 0, err
			}
			f.left = binary.BigEndian.Uint64(long[:])
		case 127:
			if _, err := io.ReadFull(f.in, long[:]); err != nil {
				return 0, err
			}
			f.left = binary.BigEndian.Uint64(long[:])
		}
		if _, err := io.ReadFull(f.in, f.mask[:]); err != nil {
			return 0, err
		}
		f.at = 0
		if head[0]&0x0f > 2 { // the answer to a ping
			if _, err := io.CopyN(io.Discard, f.in, int64(f.left)); err != nil {
				return 0, err
			}
			f.left = 0
		}
	}
	n, err := f.in.Read(p[:min(uint64(len(p)), f.left)])
	for i := range p[:n] {
		p[i] ^= f.mask[f.at%4]
		f.at++
	}
	f.left -= uint64(n)
	return n, err
}

// Write writes two frames, with a ping between them.
func (f *framed) Write(p []byte) (int, error) {
	half := len(p) / 2
	frames := append([]byte{0x02, byte(half)}, p[:half]...)
	frames = append(frames, 0x89, 4, 'p', 'i', 'n', 'g')
	frames = append(append(frames, 0x80, 126, 0, byte(len(p)-half)), p[half:]...)
	if _, err := f.Conn.Write(frames); err != nil {
		return 0, err
	}
	return len(p), nil
}
