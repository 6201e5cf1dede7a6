package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

// playService runs a service prices at a server until the test ends, as the NATS protocol of services has it: it answers
// whatever it is asked on prices.ask, and fails with what begins with "no".
func playService(t *testing.T, url string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "nats://"))
	if err != nil {
		t.Fatal(err)
	}
	subscriptions := "SUB $SRV.STATS 1\r\nSUB $SRV.STATS.prices 3\r\nSUB prices.ask q 2\r\nPING\r\n"
	if _, err := io.WriteString(conn, `CONNECT {"verbose":false,"headers":true}`+"\r\n"+subscriptions); err != nil {
		t.Fatal(err)
	}
	ready, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		serveQuestions(bufio.NewReader(conn), conn, ready)
	}()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	<-ready
}

const statistics = `{"name":"prices","id":"1","version":"1.0.0","endpoints":[{"name":"ask","subject":"prices.ask","num_requests":3,"processing_time":3000000}]}`

// serveQuestions answers until the connection ends. ready is closed once the server knows what is subscribed to.
func serveQuestions(from *bufio.Reader, to io.Writer, ready chan struct{}) {
	for {
		line, err := from.ReadString('\n')
		if err != nil {
			return
		}
		switch words := strings.Fields(line); words[0] {
		case "PING":
			_, _ = io.WriteString(to, "PONG\r\n")
		case "PONG":
			close(ready)
		case "MSG":
			var size int
			_, _ = fmt.Sscan(words[len(words)-1], &size)
			payload := make([]byte, size+2)
			if _, err := io.ReadFull(from, payload); err != nil || len(words) < 5 {
				return
			}
			reply(to, words[3], words[2] != "2", string(payload[:size]))
		}
	}
}

func reply(to io.Writer, inbox string, asked bool, payload string) {
	switch {
	case asked:
		_, _ = fmt.Fprintf(to, "PUB %s %d\r\n%s\r\n", inbox, len(statistics), statistics)
	case strings.HasPrefix(payload, "no"):
		const headers = "NATS/1.0\r\nNats-Service-Error: no item\r\nNats-Service-Error-Code: 400\r\n\r\n"
		_, _ = fmt.Fprintf(to, "HPUB %s %d %d\r\n%s\r\n", inbox, len(headers), len(headers), headers)
	default:
		_, _ = fmt.Fprintf(to, "PUB %s %d\r\n%s\r\n", inbox, len(payload), payload)
	}
}

// A service that answers is listed, with what it tells of itself.
func TestServicesAreListed(t *testing.T) {
	url, _ := serverWithBus(t)
	playService(t, url)
	var out, notices bytes.Buffer
	if code := Main([]string{"stations", url}, strings.NewReader(""), &out, &notices); code != exitDone {
		t.Fatalf("exit %d: %s", code, notices.String())
	}
	if want := "prices.ask: 3 requests, 0 errors, 1ms each"; !strings.Contains(out.String(), want) {
		t.Errorf("printed was %q, want %q in it", out.String(), want)
	}
}
