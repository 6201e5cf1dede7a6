package bench

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"signalbox/bus/bustest"
	"signalbox/bus/embedded"
)

// broker is a server in a process of its own, which can be killed and started again at the same address.
type broker struct {
	t       testing.TB
	url     string
	address string
	command func() *exec.Cmd
	process *exec.Cmd
}

// newNATS starts a server with JetStream.
func newNATS(t testing.TB) *broker {
	b := &broker{t: t, address: freeAddress(t)}
	dir := t.TempDir()
	b.url, b.command = "nats://"+b.address, func() *exec.Cmd { return child(t, "nats", b.address, dir) }
	b.start()
	return b
}

// serveNATS serves until nobody holds the other end of its input.
func serveNATS(address, dir string) error {
	server, err := embedded.Start(context.Background(), embedded.Options{Listen: address, Dir: dir})
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, server.Close())
}

// newRedis starts a server that keeps its streams, and does not cut off subscribers that lag: it would cut off the bare
// client too. It writes what it holds before it hands it out: while it waits for a disk it would do so later.
func newRedis(t testing.TB) *broker {
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("SIGNALBOX_REQUIRE_REDIS") == "1" {
			t.Fatal("no redis-server is installed, and SIGNALBOX_REQUIRE_REDIS=1")
		}
		t.Skip("no redis-server is installed")
	}
	b := &broker{t: t, address: freeAddress(t)}
	_, port, _ := net.SplitHostPort(b.address)
	dir := t.TempDir()
	b.url, b.command = "redis://"+b.address, func() *exec.Cmd {
		return exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", dir,
			"--appendonly", "yes", "--appendfsync", "no", "--loglevel", "warning", "--client-output-buffer-limit", "pubsub 0 0 0")
	}
	b.start()
	return b
}

func freeAddress(t testing.TB) string {
	t.Helper()
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(bustest.FreePort(t)))
}

// start starts the server and waits until it takes connections.
func (b *broker) start() {
	b.t.Helper()
	b.process = b.command()
	if _, err := b.process.StdinPipe(); err != nil { // closed when this process ends, however it does
		b.t.Fatal(err)
	}
	if err := b.process.Start(); err != nil {
		b.t.Fatal(err)
	}
	process := b.process
	b.t.Cleanup(func() { kill(process) })
	eventually(b.t, "the server takes connections", func() bool {
		conn, err := net.Dial("tcp", b.address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
}

// kill ends the server without a warning.
func (b *broker) kill() { kill(b.process) }

func kill(process *exec.Cmd) {
	if process.ProcessState == nil {
		_ = process.Process.Kill()
		_ = process.Wait()
	}
}
