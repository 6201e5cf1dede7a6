package core

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// vagueServer speaks as much NATS as the test needs. It answers what it is asked by the subject, and refuses subjects that begin
// with "no" without saying which.
func vagueServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "INFO {\"server_id\":\"x\",\"version\":\"2.10.7\",\"proto\":1,\"headers\":true,\"max_payload\":1048576}\r\n")
		lines, sids := bufio.NewReader(conn), map[string]string{}
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			words := strings.Fields(line)
			const refusal = "-ERR 'Permissions Violation - cant access the requested station, please contact your Memphis administrator'\r\n"
			switch {
			case len(words) == 0:
			case words[0] == "PING":
				fmt.Fprint(conn, "PONG\r\n")
			case words[0] == "SUB" && strings.HasPrefix(words[1], "no"):
				fmt.Fprint(conn, refusal)
			case words[0] == "SUB":
				sids[strings.TrimSuffix(words[1], "*")] = words[len(words)-1]
			case words[0] == "PUB" && strings.HasPrefix(words[1], "no"):
				fmt.Fprint(conn, refusal)
			case words[0] == "PUB" && len(words) == 4:
				for prefix, sid := range sids {
					if strings.HasPrefix(words[2], prefix) {
						fmt.Fprintf(conn, "MSG %s %s %d\r\n%s\r\n", words[2], sid, len(words[1]), words[1])
					}
				}
			}
		}
	}()
	return listener.Addr().String()
}

// A server that does not say which subject it refuses is found out at once, for each of those who ask together.
func TestRefusalsWithoutSubject(t *testing.T) {
	var c *Client
	made, news := make(chan struct{}), make(chan string, 100)
	conn, err := nats.Connect(vagueServer(t), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
		<-made
		if !c.Refuse(RefusedSubject(err), err) {
			news <- err.Error()
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c = New(conn)
	c.Vague()
	close(made)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	began := time.Now()
	var asking sync.WaitGroup
	for i := range 20 {
		asking.Go(func() {
			subject := fmt.Sprintf("yes.%d", i)
			if i%2 == 0 {
				subject = fmt.Sprintf("no.%d", i)
			}
			for range 2 {
				answer, err := c.Request(ctx, nats.NewMsg(subject))
				if i%2 == 1 && (err != nil || string(answer.Data) != subject) {
					t.Errorf("%s: %v", subject, err)
				}
				if i%2 == 0 && (!errors.Is(err, bus.ErrRefused) || !strings.HasSuffix(err.Error(), "no permission for "+subject)) {
					t.Errorf("%s: %v", subject, err)
				}
			}
		})
	}
	asking.Wait()
	if err := c.Send(ctx, nats.NewMsg("no.more")); !errors.Is(err, bus.ErrRefused) {
		t.Errorf("a message that is refused: %v", err)
	}
	if _, err := c.Listen(ctx, "no.ears", 1<<10, func(*nats.Msg) {}); !errors.Is(err, bus.ErrRefused) {
		t.Errorf("a subject that must not be listened to: %v", err)
	}
	if took := time.Since(began); took > Timeout {
		t.Errorf("it took %s: somebody waited for an answer that cannot come", took)
	}
	if err := conn.Publish("no.body", nil); err != nil { // and nobody waits for what becomes of it
		t.Fatal(err)
	}
	select {
	case got := <-news:
		if !strings.Contains(strings.ToLower(got), "permissions violation") {
			t.Errorf("the news is %s", got)
		}
	case <-ctx.Done():
		t.Error("what nobody waited for is no news")
	}
}
