package memphisbus_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus/bustest"
)

const patience = time.Minute

// serverConfig tells the test binary to be a server, so that a server can be killed without the test.
const serverConfig = "MEMPHISBUS_TEST_SERVER"

func TestMain(m *testing.M) {
	if file := os.Getenv(serverConfig); file != "" {
		serve(file)
	}
	os.Exit(m.Run())
}

// serve runs until it is killed, or until the test that started it is gone.
func serve(config string) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	options, err := server.ProcessConfigFile(config)
	if err == nil {
		options.NoLog = true
		var s *server.Server
		if s, err = server.NewServer(options); err == nil {
			s.Start()
			answerProducers(s, config)
			s.WaitForShutdown()
			os.Exit(0)
		}
	}
	fmt.Fprintln(os.Stderr, "test server:", err)
	os.Exit(1)
}

// answersProducers in its configuration has a server answer whoever makes a producer, as a Memphis does.
const answersProducers = "# answers producers\n"

func answerProducers(s *server.Server, config string) {
	text, _ := os.ReadFile(config)
	if !strings.Contains(string(text), answersProducers) {
		return
	}
	conn, err := nats.Connect("", nats.InProcessServer(s))
	if err == nil {
		_, err = conn.Subscribe("$memphis_producer_creations", func(m *nats.Msg) { _ = m.Respond([]byte(`{"schema_update":` + noSchema + `,"error":""}`)) })
	}
	if err == nil {
		_, err = conn.Subscribe("$memphis_producer_destructions", func(m *nats.Msg) { _ = m.Respond(nil) })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "test server:", err)
		os.Exit(1)
	}
}

// memphis is a nats-server in a process of its own that has what a Memphis 1.4.4 has: its streams, and stations as it makes
// them.
type memphis struct {
	t       testing.TB
	config  string
	address string
	user    *url.Userinfo
	process *exec.Cmd
}

// startMemphis starts a server with further configuration.
func startMemphis(t testing.TB, config string, user *url.Userinfo) *memphis {
	t.Helper()
	s := startPlain(t, config, user)
	conn, js := s.client()
	defer conn.Close()
	for name, subjects := range map[string][]string{
		"$memphis-throughput-v1":           {"$memphis-throughput-v1.>"},
		"$memphis_dls_nacked":              {"$memphis_nacked_inner_dls"},
		"$memphis_dls_unacked":             {"$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>"},
		"$memphis_integrations_audit_logs": {"$memphis_integrations_audit_logs.>"},
		"$memphis_notifications_buffer":    {"$memphis_notifications_buffer.>"},
		"$memphis_syslogs":                 {"$memphis_syslogs.>"},
	} {
		retention := jetstream.LimitsPolicy
		if strings.Contains(name, "dls") {
			retention = jetstream.WorkQueuePolicy
		}
		stream, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: name, Subjects: subjects, Retention: retention})
		if err == nil && retention == jetstream.WorkQueuePolicy {
			_, err = stream.CreateConsumer(t.Context(), jetstream.ConsumerConfig{Durable: name + "_consumer", AckPolicy: jetstream.AckExplicitPolicy})
		}
		if err != nil {
			t.Fatalf("stream %s: %v", name, err)
		}
	}
	return s
}

// startPlain starts a server that has nothing of Memphis.
func startPlain(t testing.TB, config string, user *url.Userinfo) *memphis {
	t.Helper()
	dir, port := t.TempDir(), bustest.FreePort(t)
	s := &memphis{t: t, config: filepath.Join(dir, "server.conf"), address: fmt.Sprintf("127.0.0.1:%d", port), user: user}
	text := fmt.Sprintf("listen: %q\nserver_name: memphis-0\njetstream { store_dir: %q }\n%s", s.address, filepath.Join(dir, "store"), config)
	if err := os.WriteFile(s.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	s.Restart()
	return s
}

// URL is how signalbox is told to connect.
func (s *memphis) URL() string { return s.as("memphis", s.user) }

func (s *memphis) as(scheme string, user *url.Userinfo) string {
	return (&url.URL{Scheme: scheme, User: user, Host: s.address}).String()
}

func (s *memphis) Kill() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	s.process = nil
}

func (s *memphis) Restart() {
	s.t.Helper()
	s.process = exec.Command(os.Args[0])
	s.process.Stderr = os.Stderr
	s.process.Env = append(os.Environ(), serverConfig+"="+s.config)
	if _, err := s.process.StdinPipe(); err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	deadline := time.Now().Add(patience)
	pause := time.NewTicker(5 * time.Millisecond)
	defer pause.Stop()
	for {
		conn, err := nats.Connect(s.as("nats", s.user))
		if err == nil {
			js, _ := jetstream.New(conn)
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			_, err = js.AccountInfo(ctx)
			cancel()
			conn.Close()
			if err == nil || errors.Is(err, jetstream.ErrJetStreamNotEnabled) {
				return
			}
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("test server: %v", err)
		}
		<-pause.C
	}
}

// client is another program's connection.
func (s *memphis) client() (*nats.Conn, jetstream.JetStream) {
	s.t.Helper()
	return client(s.t, s.URL())
}

func client(t testing.TB, address string) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	conn, err := nats.Connect(strings.Replace(address, "memphis://", "nats://", 1), nats.MaxReconnects(-1),
		nats.ReconnectWait(20*time.Millisecond), nats.ReconnectBufSize(-1), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		t.Fatal(err)
	}
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return conn, js
}

// readers names all consumers of all streams.
func readers(t testing.TB, address string) []string {
	t.Helper()
	conn, js := client(t, address)
	defer conn.Close()
	var all []string
	streams := js.StreamNames(t.Context())
	for name := range streams.Name() {
		stream, err := js.Stream(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		consumers := stream.ConsumerNames(t.Context())
		for consumer := range consumers.Name() {
			all = append(all, name+"/"+consumer)
		}
	}
	slices.Sort(all)
	return all
}
