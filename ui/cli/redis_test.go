package cli

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// haveRedis tells whether tests that need a redis-server run: they fail without one when that is required.
func haveRedis() bool {
	_, err := exec.LookPath("redis-server")
	return err == nil || os.Getenv("SIGNALBOX_REQUIRE_REDIS") != ""
}

// redisServer is a redis-server that listens on a socket.
type redisServer struct {
	socket string
	folder string
	server *exec.Cmd
}

// ownRedis is a redis-server for one test alone.
func ownRedis(t *testing.T) *redisServer {
	t.Helper()
	if !haveRedis() {
		t.Skip("redis-server is not installed")
	}
	r, err := newRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.stop)
	return r
}

// newRedis starts a redis-server with further arguments and waits until it answers.
func newRedis(args ...string) (*redisServer, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "sbx") // a socket's path may have no more than about 100 bytes
	if err != nil {
		return nil, err
	}
	r := &redisServer{socket: filepath.Join(folder, "redis"), folder: folder}
	r.server = exec.Command(program, append([]string{"--port", "0", "--unixsocket", r.socket, "--save", "", "--dir", folder}, args...)...)
	if err := r.server.Start(); err != nil {
		return nil, err
	}
	for end := time.Now().Add(deadline); ; <-time.After(5 * time.Millisecond) {
		conn, err := net.Dial("unix", r.socket)
		if err == nil {
			return r, conn.Close()
		}
		if time.Now().After(end) {
			r.stop()
			return nil, fmt.Errorf("redis-server does not answer: %w", err)
		}
	}
}

func (r *redisServer) stop() {
	_ = r.server.Process.Kill()
	_ = r.server.Wait()
	_ = os.RemoveAll(r.folder)
}

// isSet tells whether the program has set what a server of "lx" tells of keys.
func (r *redisServer) isSet(string) bool {
	have, err := readSetting(r.socket)
	return err == nil && have == sorted("lxK$h")
}

// calls is how often a command was called.
func (r *redisServer) calls(t *testing.T, command string) (n int) {
	t.Helper()
	conn, err := net.Dial("unix", r.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	fmt.Fprint(conn, "INFO commandstats\r\nQUIT\r\n")
	in := bufio.NewScanner(conn)
	for in.Scan() {
		if rest, found := strings.CutPrefix(in.Text(), "cmdstat_"+command+":calls="); found {
			_, _ = fmt.Sscan(rest, &n) // none is no call
		}
	}
	return n
}

// does has the server do something, which it must not refuse.
func (r *redisServer) does(t *testing.T, command string) {
	t.Helper()
	conn, err := net.Dial("unix", r.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	fmt.Fprint(conn, command, "\r\n")
	in := bufio.NewScanner(conn)
	if !in.Scan() || strings.HasPrefix(in.Text(), "-") {
		t.Fatalf("%s: redis says %q, %v", command, in.Text(), in.Err())
	}
}

// startRedis starts a redis-server, and sets $REDIS to its URL and $SOCKET to its socket.
func startRedis(ts *testscript.TestScript, _ bool, args []string) {
	r, err := newRedis(args...)
	ts.Check(err)
	ts.Defer(r.stop)
	ts.Setenv("SOCKET", r.socket)
	ts.Setenv("REDIS", "unix://"+r.socket)
}

// readSetting asks the server at a socket for notify-keyspace-events. Its letters have no order, and come sorted.
func readSetting(socket string) (string, error) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(deadline)); err != nil {
		return "", err
	}
	fmt.Fprint(conn, "CONFIG GET notify-keyspace-events\r\n")
	var lines []string // *2, $22, the name, the length, the letters
	for in := bufio.NewScanner(conn); len(lines) < 5 && in.Scan(); {
		lines = append(lines, in.Text())
	}
	if len(lines) != 5 {
		return "", fmt.Errorf("redis says %q", lines)
	}
	return sorted(lines[4]), nil
}

func sorted(letters string) string {
	all := strings.Split(letters, "")
	slices.Sort(all)
	return strings.Join(all, "")
}

// wantSetting wants the server's notify-keyspace-events to be made of these letters: setting lx.
func wantSetting(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: setting LETTERS")
	}
	have, err := readSetting(ts.Getenv("SOCKET"))
	ts.Check(err)
	if have != sorted(args[0]) {
		ts.Fatalf("the setting is %q, want %q", have, sorted(args[0]))
	}
}

// A terminal that takes nothing any more holds the orderly end up; what was set at the broker is put back all the same.
func TestHungDeckPutsSettingsBack(t *testing.T) {
	t.Parallel()
	if !haveRedis() {
		t.Skip("redis-server is not installed")
	}
	r, err := newRedis("--notify-keyspace-events", "lx")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.stop)
	c := startConsole(t, 200, 60, "unix://"+r.socket, "keys:*.Event:*", "--allow-config")
	c.sees("signalbox", "keys:*.Event:*")
	c.until("that the setting is changed", r.isSet)
	c.hang()
	c.endBySignal()
	c.restored()
	if have, err := readSetting(r.socket); err != nil || have != "lx" {
		t.Errorf("the setting is %q, %v; want lx", have, err)
	}
}
