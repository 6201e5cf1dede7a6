package memphisbus_test

import (
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus/bustest/natstest"
)

const patience = time.Minute

func TestMain(m *testing.M) {
	natstest.ServeIfAsked(answerProducers)
	os.Exit(m.Run())
}

// answersProducers in its configuration has a server answer whoever makes a producer, as a Memphis does.
const answersProducers = "# answers producers\n"

func answerProducers(s *server.Server, config string) error {
	if !strings.Contains(config, answersProducers) {
		return nil
	}
	conn, err := nats.Connect("", nats.InProcessServer(s))
	if err == nil {
		_, err = conn.Subscribe("$memphis_producer_creations", func(m *nats.Msg) { _ = m.Respond([]byte(`{"schema_update":` + noSchema + `,"error":""}`)) })
	}
	if err == nil {
		_, err = conn.Subscribe("$memphis_producer_destructions", func(m *nats.Msg) { _ = m.Respond(nil) })
	}
	return err
}

// memphis is a nats-server that has what a Memphis 1.4.4 has: its streams, and stations as it makes them.
type memphis struct {
	*natstest.Server
	t testing.TB
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
	return &memphis{natstest.Start(t, "", "server_name: memphis-0\n"+config, user), t}
}

// URL is how signalbox is told to connect.
func (s *memphis) URL() string { return s.As("memphis", s.User) }

// client is another program's connection.
func (s *memphis) client() (*nats.Conn, jetstream.JetStream) {
	s.t.Helper()
	return client(s.t, s.URL())
}

func client(t testing.TB, address string) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	return natstest.Client(t, strings.Replace(address, "memphis://", "nats://", 1))
}

// readers names all consumers of all streams.
func readers(t testing.TB, address string) []string {
	t.Helper()
	return natstest.Readers(t, strings.Replace(address, "memphis://", "nats://", 1))
}
