package redisbus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"signalbox/bus"
	"signalbox/bus/bustest"
	"signalbox/bus/bustest/leaks"
	"signalbox/bus/redisbus/internal/session"
)

// patience is how long a test waits for what must happen.
const patience = time.Minute

// The client library looks once a second whether a server is back, and whether it is still wanted.
func TestMain(m *testing.M) {
	leaks.Main(m, goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial"))
}

// server is a redis-server of the test's own.
type server struct {
	t    testing.TB
	port string
	args []string
	run  *exec.Cmd
	dead chan struct{}
}

// start starts a redis-server on a free port. Where none is installed the test is skipped, or fails if it must not be.
func start(t testing.TB, args ...string) *server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("SIGNALBOX_REQUIRE_REDIS") == "1" {
			t.Fatal("no redis-server is installed, and SIGNALBOX_REQUIRE_REDIS=1")
		}
		t.Skip("no redis-server is installed")
	}
	dir := t.TempDir()
	for range 5 {
		s := &server{t: t, port: freePort(t)}
		s.args = append([]string{"--port", s.port, "--bind", "127.0.0.1", "--save", "", "--dir", dir, "--loglevel", "warning"}, args...)
		if s.up() {
			t.Cleanup(s.Kill)
			return s
		}
	}
	t.Fatal("redis-server does not start")
	return nil
}

// durable is a server that has all it had after it is killed.
func durable(t testing.TB, args ...string) *server {
	return start(t, append([]string{"--appendonly", "yes", "--appendfsync", "always"}, args...)...)
}

// freePort is a port that nobody listens on.
func freePort(t testing.TB) string {
	t.Helper()
	return strconv.Itoa(bustest.FreePort(t))
}

// up starts the process and waits until it answers. It reports false when it ended by itself: somebody took the port.
func (s *server) up() bool {
	s.t.Helper()
	s.run, s.dead = s.launch()
	up := false
	eventually(s.t, "redis-server answers", func() bool {
		select {
		case <-s.dead:
			return true
		default:
		}
		up = s.answers()
		return up
	})
	return up
}

// launch starts the process.
func (s *server) launch() (*exec.Cmd, chan struct{}) {
	s.t.Helper()
	run, dead := exec.Command(serverProgram(), s.args...), make(chan struct{})
	if err := run.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() { _ = run.Wait(); close(dead) }()
	return run, dead
}

// answers tells whether a whole server is there: one that asks for a password is, one that loads its data is not.
func (s *server) answers() bool {
	c, err := net.DialTimeout("tcp", s.addr(), time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	_, _ = c.Write([]byte("PING\r\n"))
	answer := make([]byte, 64)
	n, _ := c.Read(answer)
	return n > 0 && !strings.HasPrefix(string(answer[:n]), "-LOADING")
}

func (s *server) addr() string { return "127.0.0.1:" + s.port }

// URL is the address of the server.
func (s *server) URL() string { return "redis://" + s.addr() }

// Kill ends the server at once.
func (s *server) Kill() {
	_ = s.run.Process.Kill()
	<-s.dead
}

// Restart starts it again.
func (s *server) Restart() {
	s.t.Helper()
	eventually(s.t, "redis-server is up again", s.up)
}

// client is another program's.
func client(t testing.TB, url string) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	o.MaxRetries, o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = -1, patience, patience, patience, patience
	c := redis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// connect connects a bus that is closed with the test.
func connect(t testing.TB, url string) *Bus {
	t.Helper()
	b, err := Connect(limited(t), Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	b.session.Pace = quick
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// quick is so that tests need not wait.
var quick = session.Pace{Poll: 100 * time.Millisecond, Review: 300 * time.Millisecond, Subscribers: 100 * time.Millisecond, Dead: 500 * time.Millisecond}

// limited is a context that ends before the test hangs.
func limited(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("after %s still not: %s", patience, what)
		}
	}
}

// anyURL is a redis-server, or where none is installed miniredis, which has most of it.
func anyURL(t testing.TB) string {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err == nil || os.Getenv("SIGNALBOX_REQUIRE_REDIS") == "1" {
		return start(t).URL()
	}
	t.Log("no redis-server is installed: this is miniredis")
	return "redis://" + miniredis.RunT(t).Addr()
}

// openOne resolves a name and opens it.
func openOne(t testing.TB, b *Bus, name string, from bus.From) bus.Feed {
	t.Helper()
	all, err := b.Stations(limited(t), name)
	if err != nil || len(all) != 1 {
		t.Fatalf("stations %q: %+v, %v", name, all, err)
	}
	f, err := b.Open(limited(t), all[0], from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// got is what a feed has delivered.
type got struct {
	messages []bus.Message
	gaps     []bus.Gap
	dropped  uint64

	concluded bool
}

// read takes batches until a condition holds. Messages are not given back, so that they can be kept.
func (g *got) read(t testing.TB, f bus.Feed, what string, holds func() bool) {
	t.Helper()
	ctx := limited(t)
	for !holds() {
		batch, err := f.Next(ctx)
		if err != nil {
			t.Fatalf("waiting for %s with %d messages, %d gaps: %v", what, len(g.messages), len(g.gaps), err)
		}
		g.messages = append(g.messages, batch.Messages()...)
		batch.Settle()
		g.gaps, g.concluded = append(g.gaps, batch.Gaps...), g.concluded || batch.Concluded
		g.dropped += batch.Dropped
	}
}

func (g *got) count(t testing.TB, f bus.Feed, n int) {
	t.Helper()
	g.read(t, f, fmt.Sprint(n, " messages"), func() bool { return len(g.messages) >= n })
}

// hear sends again and again until a message has come: what is sent in a gap is lost, and after one there may be another.
func (g *got) hear(t testing.TB, f bus.Feed, send func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	sent := make(chan error, 1)
	go func() {
		again := time.NewTicker(100 * time.Millisecond)
		defer again.Stop()
		for {
			if err := send(ctx); err != nil || ctx.Err() != nil {
				sent <- err
				return
			}
			select {
			case <-again.C:
			case <-ctx.Done():
			}
		}
	}()
	g.count(t, f, 1)
	cancel()
	if err := <-sent; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// listed are the stations' names.
func listed(all []bus.Station) []string {
	var out []string
	for _, s := range all {
		out = append(out, string(s.Kind)+" "+s.Name)
	}
	slices.Sort(out)
	return out
}

// socket is a path short enough for a unix socket.
func socket(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sbx")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}
