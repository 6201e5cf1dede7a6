package natsbus_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// startCluster starts servers that form a cluster, and returns them by name with the URL of all.
func startCluster(t *testing.T, names ...string) (map[string]*testServer, string) {
	t.Helper()
	var routes, urls []string
	for range names {
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", freePort(t)))
	}
	servers := map[string]*testServer{}
	for i, name := range names {
		s := newServer(t, "", fmt.Sprintf("server_name: %s\ncluster { name: test, listen: %q, routes: [%s] }",
			name, strings.TrimPrefix(routes[i], "nats://"), strings.Join(routes, ", ")), nil)
		s.launch()
		servers[name], urls = s, append(urls, s.URL())
	}
	for _, s := range servers {
		s.ready()
	}
	return servers, strings.Join(urls, ",")
}

// A replicated stream whose leader is killed while it is read is read on: nothing is lost and nothing comes twice.
func TestClusterLosesItsLeader(t *testing.T) {
	t.Parallel()
	servers, url := startCluster(t, "a", "b", "c")
	conn, js := client(t, url)
	defer conn.Close()
	ctx := t.Context()
	var stream jetstream.Stream
	p := &place{T: t, conn: conn, js: js}
	p.eventually("the cluster takes a stream", func() bool {
		var err error
		stream, err = js.CreateStream(ctx, jetstream.StreamConfig{Name: "orders", Replicas: 3})
		return err == nil
	})
	var err error
	if p.bus, err = natsbus.Connect(ctx, natsbus.Options{URL: url}); err != nil {
		t.Fatal(err)
	}
	closing(t, p.bus)
	p.pull(bus.Target{}, "create-stream", map[string]string{"name": "copied", "replicas": "3"})
	if got := detail(p.station("copied").Details, "replicas"); got != "3" {
		t.Errorf("a stream was created with %s replicas, want 3", got)
	}
	r := p.open("orders", bus.From{Start: bus.FromAll})
	sent := 0
	send := func(count int) {
		for end := sent + count; sent < end; sent++ {
			p.eventually("message "+strconv.Itoa(sent)+" is stored", func() bool {
				try, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				_, err := js.Publish(try, "orders", []byte(strconv.Itoa(sent)), jetstream.WithMsgID(strconv.Itoa(sent)))
				return err == nil
			})
		}
	}
	send(100)
	r.untilData("99")
	for round := range killCount(t, 1) {
		if round > 0 {
			p.allBack(ctx, stream)
		}
		info, err := stream.Info(ctx)
		if err != nil {
			t.Fatal(err)
		}
		leader := servers[info.Cluster.Leader]
		leader.Kill()
		send(100)
		r.untilData(strconv.Itoa(sent - 1))
		leader.launch()
	}
	r.wantNumbers(sent)
	for i, m := range r.messages {
		if m.Position.Major != uint64(i+1) {
			t.Fatalf("message %d came at %d", i+1, m.Position.Major)
		}
	}
	if len(r.gaps) != 0 {
		t.Errorf("gaps %+v, but nothing was missed", r.gaps)
	}
	if s := p.station("orders"); detail(s.Details, "replicas") != "3" || detail(s.Details, "leader") == "" || detail(s.Details, "follower") == "" {
		t.Errorf("details %+v", s.Details)
	}
	t.Logf("sent %d, received %d, repeated 0, missed 0", sent, len(r.messages))
}

// allBack waits until each server has all of a stream again.
func (p *place) allBack(ctx context.Context, stream jetstream.Stream) {
	p.Helper()
	p.eventually("all replicas are back", func() bool {
		info, err := stream.Info(ctx)
		if err != nil || info.Cluster == nil || info.Cluster.Leader == "" || len(info.Cluster.Replicas) != 2 {
			return false
		}
		for _, peer := range info.Cluster.Replicas {
			if !peer.Current || peer.Offline {
				return false
			}
		}
		return true
	})
}
