package natsbus_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// A server that announces what cannot be, to whoever subscribes, is told with its address and its words.
func TestAnImpossibleMessageIsTold(t *testing.T) {
	t.Parallel()
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
			go announceTooMuch(conn)
		}
	}()
	b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: "nats://" + listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	closing(t, b)
	_, err = b.Open(t.Context(), bus.Station{Name: "foo", Kind: bus.Subject, Readable: true}, bus.From{})
	want := "cannot be reached: the server at " + listener.Addr().String() +
		` announces a message that no NATS server sends ("MSG foo 1 9223372036854775807"), and is read no further`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// announceTooMuch is a server up to the first subscription.
func announceTooMuch(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	fmt.Fprint(conn, `INFO {"server_id":"X","version":"2.10.0","proto":1,"max_payload":1048576}`+"\r\n")
	for in := bufio.NewScanner(conn); in.Scan(); {
		switch word, _, _ := strings.Cut(in.Text(), " "); word {
		case "PING":
			fmt.Fprint(conn, "PONG\r\n")
		case "SUB":
			fmt.Fprint(conn, "MSG foo 1 9223372036854775807\r\n")
		}
	}
}
