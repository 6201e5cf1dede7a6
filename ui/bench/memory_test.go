package bench

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	natsbare "signalbox/bus/natsbus/bare"
	redisbare "signalbox/bus/redisbus/bare"
)

// allMemory runs all situations at all budgets: minutes. Without it one of each is run, smaller.
var allMemory = flag.Bool("memory.all", false, "measure the memory of all situations at all budgets")

// mostOver is what a process may have beyond its budget.
const mostOver = 64 << 20

// situation is what a process reads, and how.
type situation struct {
	name string
	args func(t *testing.T) (args []string, flood func(p *tailProcess)) // behind "tail --memory"; flood returns when all was read
	held bool                                                           // what is held is read: nothing is said before it is printed
	slow bool                                                           // only by -memory.all
}

// peak is the most memory that a process had resident.
func peak(t *testing.T, pid int) int64 {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc: ", err)
	}
	most, ok := resident(pid)
	if !ok {
		t.Fatal("no VmHWM in /proc")
	}
	return most
}

// resident is peak, of a process that may have ended.
func resident(pid int) (most int64, ok bool) {
	status, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, false
	}
	defer func() { _ = status.Close() }()
	lines := bufio.NewScanner(status)
	for lines.Scan() {
		var kilobytes int64
		if n, _ := fmt.Sscanf(lines.Text(), "VmHWM: %d kB", &kilobytes); n == 1 {
			return kilobytes << 10, true
		}
	}
	return 0, false
}

// watched runs a command to its end, and looks at its memory meanwhile: what the system tells of a process that has ended counts
// the memory of the process that started it, too.
func watched(t *testing.T, c *exec.Cmd) (output []byte, most int64) {
	t.Helper()
	var out bytes.Buffer
	c.Stdout = &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("%s: %v", c.Args[1:], err)
			}
			return out.Bytes(), most
		case <-look.C:
			if now, ok := resident(c.Process.Pid); ok {
				most = now
			}
		}
	}
}

// raceDetector tells whether this program and its children run under it.
func raceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// names are of eight stations.
func names(of string) []string {
	all := make([]string, 8)
	for i := range all {
		all[i] = fmt.Sprintf("%s%d", of, i)
	}
	return all
}

// kilo is a list of payloads of 1 kB.
func kilo(n int) [][]byte {
	list := make([][]byte, n)
	for i := range list {
		list[i] = fmt.Appendf(nil, `{"type":"PLACED","order_id":"%d","note":%q}`, i, strings.Repeat("x", 960))
	}
	return list
}

// large is a payload of 10 MB: a list of texts, or one that is no JSON.
func large(json bool) []byte {
	if !json {
		return bytes.Repeat([]byte("0123456789abcde\x01"), 10<<20/16)
	}
	return append(append([]byte(`{"type":"REPORT","report_id":"7","rows":["x"`), bytes.Repeat([]byte(`,{"a":1}`), 10<<20/8)...), `]}`...)
}

// size is a number that is smaller in the short form.
func size(short, long int) int {
	if *allMemory {
		return long
	}
	return short
}

var situations = []situation{
	{"8 core subjects, output blocked", func(t *testing.T) ([]string, func(*tailProcess)) {
		server, stations := newNATS(t), names("flood")
		return append([]string{server.url}, stations...), func(*tailProcess) {
			list := kilo(size(20_000, 250_000))
			for _, station := range stations {
				publish(t, natsbare.Publish, server.url, station, list)
			}
		}
	}, false, false},
	{"8 Redis channels, output blocked", func(t *testing.T) ([]string, func(*tailProcess)) {
		server, stations := newRedis(t), names("flood")
		return append([]string{server.url}, stations...), func(*tailProcess) {
			list := kilo(size(20_000, 250_000))
			for _, station := range stations {
				publish(t, redisbare.Publish, server.url, station, list)
			}
		}
	}, false, true},
	{"8 JetStream streams, output blocked", func(t *testing.T) ([]string, func(*tailProcess)) {
		server, stations := newNATS(t), names("kept")
		list := kilo(size(20_000, 60_000))
		for _, station := range stations {
			publish(t, natsbare.Store, server.url, station, list)
		}
		return append([]string{server.url, "--from", "all"}, stations...), settle(t)
	}, true, true},
	{"8 Redis streams, output blocked", func(t *testing.T) ([]string, func(*tailProcess)) {
		server, stations := newRedis(t), names("kept")
		list := kilo(size(20_000, 60_000))
		for _, station := range stations {
			publish(t, redisbare.Store, server.url, station, list)
		}
		return append([]string{server.url, "--from", "all"}, stations...), settle(t)
	}, true, true},
	{"payloads of 10 MB on NATS, output blocked", func(t *testing.T) ([]string, func(*tailProcess)) {
		server := newPlainNATS(t)
		return []string{server.url(), "large"}, func(*tailProcess) {
			payload := large(true)
			for range size(15, 100) {
				server.send(payload)
			}
		}
	}, false, false},
	{"payloads of 10 MB on NATS, read", func(t *testing.T) ([]string, func(*tailProcess)) {
		server := newPlainNATS(t)
		return []string{server.url(), "large"}, func(p *tailProcess) {
			go func() { _, _ = io.Copy(io.Discard, p.out) }()
			payload := large(true)
			for range size(15, 100) {
				server.send(payload)
			}
		}
	}, false, true},
	{"payloads of 10 MB that are no JSON, read", func(t *testing.T) ([]string, func(*tailProcess)) {
		server := newPlainNATS(t)
		return []string{server.url(), "large"}, func(p *tailProcess) {
			go func() { _, _ = io.Copy(io.Discard, p.out) }()
			payload := large(false)
			for range size(15, 100) {
				server.send(payload)
			}
		}
	}, false, true},
	{"a length of 2 GB on NATS", func(t *testing.T) ([]string, func(*tailProcess)) {
		server := newPlainNATS(t)
		return []string{server.url(), "large"}, func(p *tailProcess) {
			c, id := server.reader("large")
			server.send([]byte("{}"))
			c.write(fmt.Appendf(nil, "MSG large %s 2147483000\r\n%s", id, strings.Repeat("x", 1<<20)))
			settle(t)(p)
		}
	}, false, false},
}

func publish(t *testing.T, how func(ctx context.Context, url, station string, payloads [][]byte) error, url, station string, list [][]byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	if err := how(ctx, url, station, list); err != nil {
		t.Fatal(err)
	}
}

// settle waits until a process does nothing any more: its time on processors does not grow.
func settle(t *testing.T) func(p *tailProcess) {
	return func(p *tailProcess) {
		quiet, last := 0, int64(-1)
		eventually(t, "the process rests", func() bool {
			if now := busy(t, p.process.Process.Pid); now != last {
				quiet, last = 0, now
			}
			quiet++
			return quiet > 300
		})
	}
}

// busy is how long a process was on a processor, in ticks.
func busy(t *testing.T, pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	words := strings.Fields(rest)
	var user, system int64
	_, _ = fmt.Sscan(words[11]+" "+words[12], &user, &system)
	return user + system
}

// TestMemoryIsKept holds --memory to be a promise for the process: it never has more than the budget and 64 MiB resident.
func TestMemoryIsKept(t *testing.T) {
	if raceDetector() {
		t.Skip("the race detector takes memory of its own, several times that of the program")
	}
	budgets := []int64{16 << 20}
	if *allMemory {
		budgets = []int64{16 << 20, 64 << 20, 256 << 20}
	}
	for _, s := range situations {
		if s.slow && !*allMemory {
			continue
		}
		for _, budget := range budgets {
			t.Run(fmt.Sprintf("%s/%dMiB", s.name, budget>>20), func(t *testing.T) {
				args, flood := s.args(t)
				p := startTail(t, append([]string{"--json", "--memory", fmt.Sprintf("%dMiB", budget>>20)}, args...)...)
				if !s.held {
					p.attached()
				}
				flood(p)
				settle(t)(p)
				most := peak(t, p.process.Process.Pid)
				t.Logf("%d MiB resident", most>>20)
				if most > budget+mostOver {
					t.Errorf("%d MiB resident with a budget of %d: want %d at most", most>>20, budget>>20, (budget+mostOver)>>20)
				}
			})
		}
	}
}

// growing is a domain with a state that doubles with each event.
const growing = `domain: growing
entity: thing
events: { type: data.type, id: data.id }
fold:
  START: { set: { n: "'xxxxxxxxxxxxxxxx'" } }
  GROW: { set: { n: state.n + state.n } }
`

// TestMemoryOfLargeStates has the states of many entities grow to their bound, and each of them found by bisect.
func TestMemoryOfLargeStates(t *testing.T) {
	if raceDetector() {
		t.Skip("the race detector takes memory of its own, several times that of the program")
	}
	const entities, budget = 30, 16 << 20
	server, domain := newNATS(t), filepath.Join(t.TempDir(), "growing.yaml")
	if err := os.WriteFile(domain, []byte(growing), 0o600); err != nil {
		t.Fatal(err)
	}
	var list [][]byte
	for i := range entities {
		list = append(list, fmt.Appendf(nil, `{"type":"START","id":"%d"}`, i))
		for range 35 {
			list = append(list, fmt.Appendf(nil, `{"type":"GROW","id":"%d"}`, i))
		}
	}
	publish(t, natsbare.Store, server.url, "kept", list)
	for _, command := range [][]string{
		{"bisect", server.url, "kept", "thing", "len(state.n) > 100000"}, {"tail", server.url, "kept", "--from", "all", "--no-follow"},
	} {
		var out []byte
		var most int64
		for range 3 { // the collector of a process that hardly gets a processor is late
			c := child(t, "signalbox", append(command, "--json", "--memory", "16MiB", "--domain", domain)...)
			if out, most = watched(t, c); most <= budget+mostOver {
				break
			}
		}
		if n := bytes.Count(out, []byte("\n")); command[0] == "bisect" && n != entities {
			t.Errorf("bisect finds %d of %d", n, entities)
		}
		t.Logf("%s: %d MiB resident", command[0], most>>20)
		if most == 0 {
			t.Skip("what a process has is not told here")
		}
		if most > budget+mostOver {
			t.Errorf("%s had %d MiB resident with a budget of %d: want %d at most", command[0], most>>20, budget>>20, (budget+mostOver)>>20)
		}
	}
}
