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
	"signalbox/bus/bustest"
	"signalbox/bus/bustest/natstest"
	"signalbox/bus/natsbus"
)

// startCluster starts servers that form a cluster, and returns them by name with the URL of all.
func startCluster(t *testing.T, names ...string) (map[string]*testServer, string) {
	t.Helper()
	var routes, urls []string
	for range names {
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", bustest.FreePort(t)))
	}
	servers := map[string]*testServer{}
	for i, name := range names {
		s := natstest.New(t, "", fmt.Sprintf("server_name: %s\ncluster { name: test, listen: %q, routes: [%s] }",
			name, strings.TrimPrefix(routes[i], "nats://"), strings.Join(routes, ", ")), nil)
		s.Launch()
		servers[name], urls = s, append(urls, s.URL())
	}
	for _, s := range servers {
		s.Ready()
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
	p.eventually("the lever makes a replicated stream: all servers are known to the leader", func() bool {
		_, err := p.bus.Pull(ctx, bus.Target{}, "create-stream", map[string]string{"name": "copied", "replicas": "3"})
		return err == nil
	})
	p.eventually("the stream has three replicas", func() bool {
		found, err := p.bus.Stations(ctx, "copied")
		return err == nil && len(found) == 1 && detail(found[0].Details, "replicas") == "3"
	})
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
	for round := range bustest.Rounds(t, 1) {
		if round > 0 {
			p.allBack(ctx, stream)
		}
		leader := servers[p.leader(ctx, stream)]
		leader.Kill()
		send(100)
		r.untilData(strconv.Itoa(sent - 1))
		leader.Launch()
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
	p.eventually("the station tells of its replicas, leader and followers", func() bool {
		found, err := p.bus.Stations(ctx, "orders")
		return err == nil && len(found) == 1 && detail(found[0].Details, "replicas") == "3" &&
			detail(found[0].Details, "leader") != "" && detail(found[0].Details, "follower") != ""
	})
	t.Logf("sent %d, received %d, repeated 0, missed 0", sent, len(r.messages))
}

// leader waits until a stream has a leader, and returns its name.
func (p *place) leader(ctx context.Context, stream jetstream.Stream) (name string) {
	p.Helper()
	p.eventually("the stream has a leader", func() bool {
		info, err := stream.Info(ctx)
		if err == nil && info.Cluster != nil {
			name = info.Cluster.Leader
		}
		return name != ""
	})
	return name
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
