package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

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
	r := ownRedis(t)
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

// What is printed may wait for whoever reads it for as long as it likes: tail attaches to the next bus and says that it is
// attached all the same, and prints all then.
func TestTailIsAttachedWhileNobodyReads(t *testing.T) {
	const events = 60
	payload := `{"type":"T","fill":"` + strings.Repeat("x", 64<<10) + `"}` // more of it than may wait to be printed
	args := []string{"tail", "--from", "all", "--no-follow", "--json"}
	for range 3 {
		url, b := serverWithBus(t)
		args = append(args, url, "orders")
		if err := b.Make(t.Context(), bus.NewStation{Name: "orders"}); err != nil {
			t.Fatal(err)
		}
		for range events {
			if _, err := bus.Publish(t.Context(), b, bus.Outgoing{Station: "orders", Kind: bus.Stream, Data: []byte(payload)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, printed := io.Pipe()
	errs, said := io.Pipe()
	defer time.AfterFunc(time.Minute, func() { _, _ = out.Close(), errs.Close() }).Stop()
	code := make(chan int, 1)
	go func() {
		code <- Main(args, strings.NewReader(""), printed, said)
		_, _ = printed.Close(), said.Close()
	}()
	telling := bufio.NewScanner(errs)
	attached := false
	for !attached && telling.Scan() {
		attached = strings.HasPrefix(telling.Text(), "attached ")
	}
	if !attached {
		t.Fatalf("it does not say that it is attached: %v", telling.Err())
	}
	go func() { _, _ = io.Copy(io.Discard, errs) }()
	all, err := io.ReadAll(out)
	if lines := bytes.Count(all, []byte("\n")); err != nil || lines != 3*events || <-code != exitDone {
		t.Errorf("%d lines of %d, %v", lines, 3*events, err)
	}
}

// What is lost while a command reads all that is there is told, and is no failure of the command.
func TestLossesWhileAllIsReadAreTold(t *testing.T) {
	r := ownRedis(t)
	url := "unix://" + r.socket
	b, err := redisbus.Connect(t.Context(), redisbus.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	const events = 60
	payload := `{"type":"T","fill":"` + strings.Repeat("x", 200<<10) + `"}` // more of it than may wait to be read
	for range events {
		if _, err := bus.Publish(t.Context(), b, bus.Outgoing{Station: "orders", Kind: bus.Log, Data: []byte(payload)}); err != nil {
			t.Fatal(err)
		}
	}
	out, printed := io.Pipe()
	defer time.AfterFunc(time.Minute, func() { _ = out.Close() }).Stop()
	var errs bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- Main([]string{"tail", url, "orders", "--from", "all", "--no-follow", "--json", "--memory", "4MiB"}, strings.NewReader(""), printed, &errs)
		_ = printed.Close()
	}()
	lines := bufio.NewReader(out)
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	r.does(t, "XTRIM orders MAXLEN 1")
	rest, err := io.ReadAll(lines)
	came := 1 + bytes.Count(rest, []byte("\n"))
	if err != nil || <-code != exitDone || came == events || !strings.Contains(errs.String(), "trimmed, from ") ||
		!strings.Contains(errs.String(), fmt.Sprintf(": %d messages missed", events-came)) {
		t.Errorf("%d lines of %d, %v, and it says: %s", came, events, err, errs.String())
	}
}
