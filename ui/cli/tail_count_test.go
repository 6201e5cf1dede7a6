package cli

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/bus/redisbus"
)

// How often tail is run: the events come before it is attached in some of the runs.
const countRuns = 12

// tailCounts wants tail to end with 0 after as many events as it was told, and to say that it was attached, however early
// they come.
func tailCounts(t *testing.T, url string, stations []string) {
	t.Helper()
	for run := range countRuns {
		n := 1 + run%5
		var out, errs bytes.Buffer
		args := append([]string{"tail", url}, stations...)
		code := Main(append(args, "--from", "all", "--count", strconv.Itoa(n), "--json"), strings.NewReader(""), &out, &errs)
		if lines := strings.Count(out.String(), "\n"); code != exitDone || lines != n || !strings.Contains(errs.String(), "attached ") {
			t.Fatalf("run %d: exit code %d, %d lines of %d, and it says: %s", run, code, lines, n, errs.String())
		}
	}
}

func fill(t *testing.T, b bus.Bus, kind bus.Kind, stations []string) {
	t.Helper()
	for i := range 60 {
		out := bus.Outgoing{Station: stations[i%len(stations)], Kind: kind, Data: fmt.Appendf(nil, `{"type":"T","n":%d}`, i)}
		if _, err := bus.Publish(t.Context(), b, out); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTailCountsOnNATS(t *testing.T) {
	url, b := serverWithBus(t)
	stations := []string{"orders", "votes", "deliveries"}
	for _, name := range stations {
		if err := b.Make(t.Context(), bus.NewStation{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	fill(t, b, bus.Stream, stations)
	tailCounts(t, url, stations)
}

func TestTailCountsOnRedis(t *testing.T) {
	if !haveRedis() {
		t.Skip("redis-server is not installed")
	}
	r, err := newRedis()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.stop)
	url := "unix://" + r.socket
	b, err := redisbus.Connect(t.Context(), redisbus.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	stations := []string{"orders", "votes", "deliveries"}
	fill(t, b, bus.Log, stations)
	tailCounts(t, url, stations)
}
