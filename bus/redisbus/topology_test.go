package redisbus

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus/redisbus/internal/servers"
)

// sentinels is a master with a replica, watched by three Sentinels.
type sentinels struct {
	master, replica *server
	ports           []string
}

// startSentinels starts them all and waits until they know of each other.
func startSentinels(t testing.TB) *sentinels {
	t.Helper()
	w := &sentinels{master: start(t, "--repl-diskless-sync-delay", "0")}
	w.replica = start(t, "--replicaof", "127.0.0.1", w.master.port)
	var all []*server
	for range 3 {
		s := w.sentinel(t)
		all, w.ports = append(all, s), append(w.ports, s.port)
	}
	app := client(t, w.replica.URL())
	eventually(t, "the replica has all", func() bool {
		return strings.Contains(app.Info(limited(t), "replication").Val(), "master_link_status:up")
	})
	for _, s := range all {
		c := redis.NewSentinelClient(&redis.Options{Addr: s.addr()})
		eventually(t, "the Sentinels know of each other", func() bool {
			info, err := c.Master(limited(t), "shop").Result()
			return err == nil && info["num-other-sentinels"] == "2" && info["num-slaves"] == "1"
		})
		_ = c.Close()
	}
	return w
}

// sentinel starts one.
func (w *sentinels) sentinel(t testing.TB) *server {
	t.Helper()
	for range 5 {
		s := &server{t: t, port: freePort(t)}
		file := filepath.Join(t.TempDir(), "sentinel.conf")
		text := fmt.Sprintf("port %s\nbind 127.0.0.1\ndir %s\nlogfile /dev/null\nsentinel monitor shop 127.0.0.1 %s 2\n"+
			"sentinel down-after-milliseconds shop 60000\nsentinel failover-timeout shop 2000\n", s.port, filepath.Dir(file), w.master.port)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s.args = []string{file, "--sentinel"}
		if s.up() {
			t.Cleanup(s.Kill)
			return s
		}
	}
	t.Fatal("no Sentinel starts")
	return nil
}

// failsOver has the Sentinels soon notice a master that is killed. Before, one on a busy machine is given time.
func (w *sentinels) failsOver(t testing.TB) {
	t.Helper()
	for _, port := range w.ports {
		must(t, client(t, "redis://127.0.0.1:"+port).Do(limited(t), "SENTINEL", "SET", "shop", "down-after-milliseconds", "300"))
	}
}

func (w *sentinels) URL() string {
	return "redis+sentinel://127.0.0.1:" + strings.Join(w.ports, ",127.0.0.1:") + "/shop"
}

// cluster is three masters.
type cluster struct {
	t       testing.TB
	servers []*server
	ids     []string
	app     *redis.ClusterClient
}

// startCluster starts a cluster and waits until all of it is served.
func startCluster(t testing.TB) *cluster {
	t.Helper()
	c := &cluster{t: t}
	ctx := limited(t)
	var addrs, buses []string
	for n := range 3 {
		port := freePort(t)
		s := start(t, "--cluster-enabled", "yes", "--cluster-port", port, "--cluster-node-timeout", "60000", "--repl-diskless-sync-delay", "0", "--notify-keyspace-events", "KA")
		one := client(t, s.URL())
		must(t, one.Do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", n+1))
		must(t, one.ClusterAddSlotsRange(ctx, n*16384/3, (n+1)*16384/3-1))
		c.servers, c.ids = append(c.servers, s), append(c.ids, one.Do(ctx, "CLUSTER", "MYID").Val().(string))
		addrs, buses = append(addrs, s.addr()), append(buses, port)
	}
	for n, s := range c.servers[1:] {
		must(t, client(t, c.servers[0].URL()).Do(ctx, "CLUSTER", "MEET", "127.0.0.1", s.port, buses[n+1]))
	}
	for _, s := range c.servers {
		one := client(t, s.URL())
		eventually(t, "the cluster is whole", func() bool {
			info := one.ClusterInfo(ctx).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3") && strings.Contains(info, "cluster_slots_ok:16384")
		})
	}
	c.app = redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs, ClusterStateReloadInterval: time.Second})
	t.Cleanup(func() { _ = c.app.Close() })
	return c
}

// replica adds one of a master's.
func (c *cluster) replica(of int) *server {
	c.t.Helper()
	ctx, port := limited(c.t), freePort(c.t)
	s := start(c.t, "--cluster-enabled", "yes", "--cluster-port", port, "--cluster-node-timeout", "60000", "--repl-diskless-sync-delay", "0", "--notify-keyspace-events", "KA")
	must(c.t, client(c.t, c.servers[of].URL()).Do(ctx, "CLUSTER", "MEET", "127.0.0.1", s.port, port))
	one := client(c.t, s.URL())
	eventually(c.t, "it is a replica", func() bool { return one.ClusterReplicate(ctx, c.ids[of]).Err() == nil })
	for _, other := range c.servers {
		eventually(c.t, "all know of it", func() bool {
			return strings.Contains(client(c.t, other.URL()).ClusterNodes(ctx).Val(), "slave "+c.ids[of])
		})
	}
	return s
}

// failsOver has servers soon notice one that is killed. Before, one on a busy machine is given time.
func failsOver(t testing.TB, all ...*server) {
	t.Helper()
	for _, s := range all {
		must(t, client(t, s.URL()).ConfigSet(limited(t), "cluster-node-timeout", "1000"))
	}
}

func must(t testing.TB, cmd redis.Cmder) {
	t.Helper()
	if err := cmd.Err(); err != nil {
		t.Fatal(cmd.Args(), err)
	}
}

func (c *cluster) URL() string {
	return "redis+cluster://" + c.servers[0].addr() + "," + c.servers[1].addr()
}

// owner is the number of the server that has a key.
func (c *cluster) owner(key string) int {
	slot := c.slot(key)
	return int((slot*3 + 2) / 16384)
}

func (c *cluster) slot(key string) int64 {
	return client(c.t, c.servers[0].URL()).ClusterKeySlot(limited(c.t), key).Val()
}

// move moves the slot of a key to another server, as people do it.
func (c *cluster) move(key string, from, to int) {
	c.t.Helper()
	ctx, slot := limited(c.t), c.slot(key)
	source, target := client(c.t, c.servers[from].URL()), client(c.t, c.servers[to].URL())
	must(c.t, target.Do(ctx, "CLUSTER", "SETSLOT", slot, "IMPORTING", c.ids[from]))
	must(c.t, source.Do(ctx, "CLUSTER", "SETSLOT", slot, "MIGRATING", c.ids[to]))
	port, _ := strconv.Atoi(c.servers[to].port)
	for _, key := range source.ClusterGetKeysInSlot(ctx, int(slot), 100).Val() {
		must(c.t, source.Do(ctx, "MIGRATE", "127.0.0.1", port, key, 0, 5000))
	}
	must(c.t, target.Do(ctx, "CLUSTER", "SETSLOT", slot, "NODE", c.ids[to]))
	must(c.t, source.Do(ctx, "CLUSTER", "SETSLOT", slot, "NODE", c.ids[to]))
}

// oneOf finds a key for each server.
func (c *cluster) oneOf(prefix string) []string {
	found := make([]string, len(c.servers))
	for n, left := 0, len(found); left > 0; n++ {
		key := prefix + strconv.Itoa(n)
		if at := c.owner(key); found[at] == "" {
			found[at] = key
			left--
		}
	}
	return found
}

// adding adds entries to orders until ctx ends, whether or not anybody takes them.
func adding(ctx context.Context, app redis.Cmdable) (sent func() int) {
	n, done := 0, make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; servers.Pause(ctx, 500*time.Microsecond); i++ {
			if app.XAdd(context.Background(), &redis.XAddArgs{Stream: "orders", Values: []any{"n", i}}).Err() == nil {
				n++
			}
		}
	}()
	return func() int { <-done; return n }
}
