package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"signalbox/bus/embedded"
	natsbare "signalbox/bus/natsbus/bare"
	redisbare "signalbox/bus/redisbus/bare"
	"signalbox/ui/cli"
)

// deadline bounds every wait.
const deadline = time.Minute

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"signalbox": func() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
		"nats":      func() { exit(serveNATS()) },
		"sender":    func() { exit(send(os.Args[1], os.Args[2], os.Args[3])) },
	})
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child is this program in another role.
func child(t testing.TB, role string, args ...string) *exec.Cmd {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: program, Args: append([]string{role}, args...), Env: os.Environ(), Stderr: os.Stderr}
}

// serveNATS is a server that says its address and serves until nobody holds the other end of its input.
func serveNATS() error {
	server, err := embedded.Start(context.Background(), embedded.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		return err
	}
	fmt.Println(server.URL())
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, server.Close())
}

// natsServer starts a server and returns its address.
func natsServer(t testing.TB) string {
	server := child(t, "nats")
	in, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = server.Wait()
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return url[:len(url)-1]
}

// redisServer starts a server and returns its address.
func redisServer(t testing.TB) string {
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("no redis-server is installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	_ = l.Close()
	server := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir(),
		"--client-output-buffer-limit", "pubsub 0 0 0") // or it cuts off a subscriber that lags, the bare one too
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	eventually(t, "redis-server answers", func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return "redis://" + address
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(deadline); !holds(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", deadline, what)
		}
	}
}

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
