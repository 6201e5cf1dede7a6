package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"testing"

	natsbare "signalbox/bus/natsbus/bare"
	redisbare "signalbox/bus/redisbus/bare"
)

// sending are the ways to send payloads, by name.
var sending = map[string]func(ctx context.Context, url, station string, payloads [][]byte) error{
	"nats-publish": natsbare.Publish, "nats-store": natsbare.Store,
	"redis-publish": redisbare.Publish, "redis-store": redisbare.Store,
}

// send has its payloads ready, says so, and sends them for each line of its input, which names the station.
func send(how, url, count string) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	list := payloads(n)
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		ctx, cancel := context.WithTimeout(context.Background(), deadline)
		err := sending[how](ctx, url, lines.Text(), list)
		cancel()
		if err != nil {
			return err
		}
		fmt.Println("sent")
	}
	return lines.Err()
}

// sender is a process that sends when it is told to.
type sender struct {
	t   testing.TB
	in  io.WriteCloser
	out *bufio.Reader
}

func newSender(t testing.TB, how, url string, messages int) *sender {
	process := child(t, "sender", how, url, strconv.Itoa(messages))
	in, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = process.Wait()
	})
	s := &sender{t: t, in: in, out: bufio.NewReader(out)}
	s.answer()
	return s
}

// begin tells it to send to a station.
func (s *sender) begin(station string) {
	if _, err := io.WriteString(s.in, station+"\n"); err != nil {
		s.t.Fatal(err)
	}
}

// answer waits until it is ready, or has sent.
func (s *sender) answer() {
	if _, err := s.out.ReadString('\n'); err != nil {
		s.t.Fatal(err)
	}
}

// payloads are the lives of deliveries, a thousand at a time, of about 170 bytes each.
func payloads(n int) [][]byte {
	const note = `"notes":"ring twice, leave it at the neighbours"`
	list := make([][]byte, n)
	for i := range list {
		kind, data := "INCREASE_BUDGET", `{"budget":50,`+note+`}`
		switch round := i / 1000 % 12; {
		case round == 0:
			kind = "CREATE_DELIVERY"
		case round == 1:
			kind = "START_DELIVERY"
		case round%3 == 0:
			kind, data = "PICKUP_PRODUCTS", `{"purchase_price":1,"quantity":2,`+note+`}`
		}
		list[i] = fmt.Appendf(nil, `{"type":"%s","delivery_id":"01HX7Q%08d%012d","data":%s,"at":"2026-11-20T14:03:22.104Z"}`,
			kind, i/12000, i%1000, data)
	}
	return list
}
