package cli

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"signalbox/bus"
	"signalbox/bus/embedded"
	"signalbox/bus/natsbus"
)

// serverWithBus starts a server on a free port, and connects to it.
func serverWithBus(t *testing.T) (string, *natsbus.Bus) {
	t.Helper()
	server, err := embedded.Start(t.Context(), embedded.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	b, err := server.Connect(t.Context(), "test", bus.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return server.URL(), b
}

// startNATS starts a server on a free port with the streams named, and sets $NATS to its URL: nats orders deliveries. With
// -NAME first, that is what it calls itself; kv:NAME is a bucket.
func startNATS(ts *testscript.TestScript, neg bool, streams []string) {
	if neg {
		ts.Fatalf("usage: nats [-NAME] STREAM…")
	}
	ctx := context.Background()
	options := embedded.Options{Listen: "127.0.0.1:0"}
	if len(streams) > 0 && strings.HasPrefix(streams[0], "-") {
		options.Name, streams = streams[0][1:], streams[1:]
	}
	server, err := embedded.Start(ctx, options)
	ts.Check(err)
	ts.Defer(func() { _ = server.Close() })
	b, err := server.Connect(ctx, "test", bus.Settings{})
	ts.Check(err)
	defer func() { _ = b.Close() }()
	for _, name := range streams {
		if bucket, keyed := strings.CutPrefix(name, "kv:"); keyed {
			ts.Check(b.Make(ctx, bus.NewStation{Name: bucket, Keyed: true}))
			continue
		}
		ts.Check(b.Make(ctx, bus.NewStation{Name: name, Subjects: []string{name, name + ".>"}}))
	}
	ts.Setenv("NATS", server.URL())
}

// startRefuser starts what looks like a NATS server and takes nobody in, and sets $REFUSER to its URL.
func startRefuser(ts *testscript.TestScript, _ bool, _ []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go refuse(conn)
		}
	}()
	ts.Setenv("REFUSER", "nats://ann:s3cret@"+listener.Addr().String())
}

// refuse speaks the server's side of a refused connection.
func refuse(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(deadline))
	fmt.Fprint(conn, `INFO {"server_id":"X","version":"2.10.0","proto":1,"auth_required":true,"max_payload":1048576}`+"\r\n")
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "PING") || strings.HasPrefix(lines.Text(), "CONNECT") {
			fmt.Fprint(conn, "-ERR 'Authorization Violation'\r\n")
			return
		}
	}
}

// publish sends to NATS as a program without signalbox's library would: publish SUBJECT DATA [HEADER: VALUE…].
func publish(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: publish SUBJECT DATA [HEADER…]")
	}
	at, err := url.Parse(ts.Getenv("NATS"))
	ts.Check(err)
	conn, err := net.Dial("tcp", at.Host)
	ts.Check(err)
	defer func() { _ = conn.Close() }()
	ts.Check(conn.SetDeadline(time.Now().Add(deadline)))
	headers := strings.Join(append([]string{"NATS/1.0"}, args[2:]...), "\r\n") + "\r\n\r\n"
	data, asked := expandFile(ts, args[1]), fmt.Sprintf(`{"subject":%q}`, args[0])
	lines := bufio.NewScanner(conn)
	lines.Buffer(nil, 1<<20)
	until := func(ends ...string) string {
		for lines.Scan() {
			for _, end := range append(ends, "-ERR") {
				if strings.Contains(lines.Text(), end) {
					return lines.Text()
				}
			}
		}
		ts.Fatalf("the server went away: %v", lines.Err())
		return ""
	}
	fmt.Fprintf(conn, "CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true}\r\nSUB _INBOX.names 1\r\nSUB _INBOX.stored 2\r\n"+
		"PUB $JS.API.STREAM.NAMES _INBOX.names %d\r\n%s\r\n", len(asked), asked)
	stored := strings.Contains(until(`"type":"io.nats.jetstream.api.v1.stream_names_response"`, " 503"), `"streams":["`)
	fmt.Fprintf(conn, "HPUB %s _INBOX.stored %d %d\r\n%s%s\r\nPING\r\n", args[0], len(headers), len(headers)+len(data), headers, data)
	end := "PONG"
	if stored { // by the order in which messages are sent, also where they go to several streams
		end = `"stream":`
	}
	if got := until(end); strings.Contains(got, "-ERR") {
		ts.Fatalf("the server says %s", got)
	}
}

// expandFile is the content of @FILE, or the text as it is.
func expandFile(ts *testscript.TestScript, text string) string {
	if file, ok := strings.CutPrefix(text, "@"); ok {
		return ts.ReadFile(file)
	}
	return text
}

// command sends one command to Redis as another program would: command XADD orders * data {}.
func command(ts *testscript.TestScript, neg bool, args []string) {
	var words []string
	for _, arg := range args {
		words = append(words, expandFile(ts, arg))
	}
	answer, err := redisSays(ts.Getenv("SOCKET"), words...)
	ts.Check(err)
	if strings.HasPrefix(answer, "-") != neg {
		ts.Fatalf("redis says %s", answer)
	}
}

// redisSays is the first line of the answer to one command.
func redisSays(socket string, words ...string) (string, error) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(deadline)); err != nil {
		return "", err
	}
	fmt.Fprintf(conn, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(conn, "$%d\r\n%s\r\n", len(word), word)
	}
	return bufio.NewReader(conn).ReadString('\n')
}
