package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"signalbox/sources"
)

// tailProcess is `signalbox tail` as a shell has it: a process of its own that writes into a pipe.
type tailProcess struct {
	t       testing.TB
	process *exec.Cmd
	out     *bufio.Reader
	errs    *bufio.Reader
}

func startTail(t testing.TB, args ...string) *tailProcess {
	p := &tailProcess{t: t, process: child(t, "signalbox", append([]string{"tail", "--stats"}, args...)...)}
	p.process.Stderr = nil
	out, err := p.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs, err := p.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(p.process) })
	p.out, p.errs = bufio.NewReaderSize(out, 1<<20), bufio.NewReader(errs)
	return p
}

// attached waits until it says so.
func (p *tailProcess) attached() {
	for {
		line, err := p.errs.ReadString('\n')
		if err != nil {
			p.t.Fatalf("tail ended before it was attached: %v", err)
		}
		if strings.HasPrefix(line, "attached ") {
			return
		}
	}
}

// lines reads so many lines.
func (p *tailProcess) lines(n int) {
	for n > 0 {
		_, err := p.out.ReadSlice('\n')
		switch {
		case err == nil:
			n--
		case err != bufio.ErrBufferFull: //nolint:errorlint // it comes as it is
			p.t.Fatalf("tail ended with %d lines to come: %v", n, err)
		}
	}
}

// end ends it as a terminal does, and returns its account.
func (p *tailProcess) end() (l sources.Ledger) {
	if err := p.process.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	errs, _ := io.ReadAll(p.errs)
	if err := p.process.Wait(); err != nil {
		p.t.Fatalf("tail: %v: %s", err, errs)
	}
	for line := range strings.Lines(string(errs)) {
		if strings.HasPrefix(line, "{") {
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	return l
}

// BenchmarkTail is from the broker to a pipe that is read, by processes of their own all through: `tail` for people and
// with --json, beside a bare client that only counts what it is given. What is stored is timed from the start of the
// process.
func BenchmarkTail(b *testing.B) {
	for _, s := range stations {
		for form, flags := range map[string][]string{"lines": nil, "json": {"--json"}} {
			b.Run(s.name+"/"+form, func(b *testing.B) {
				url := s.server(b).url
				sends := newSender(b, s.sends, url, burst)
				var bare, ours time.Duration
				var dropped uint64
				if s.read != nil {
					bare, ours, dropped = s.tailStored(b, url, sends, flags)
				} else {
					bare, ours, dropped = s.tailLive(b, url, sends, flags)
				}
				messages := float64(b.N) * burst
				b.ReportMetric(messages/ours.Seconds(), "msg/s")
				b.ReportMetric(messages/bare.Seconds(), "bare-msg/s")
				b.ReportMetric(bare.Seconds()/ours.Seconds(), "ratio")
				b.ReportMetric(float64(dropped), "dropped")
			})
		}
	}
}

func (s station) tailLive(b *testing.B, url string, sends *sender, flags []string) (bare, ours time.Duration, dropped uint64) {
	p := startTail(b, append([]string{url, name}, flags...)...)
	p.attached()
	us := func() time.Duration {
		began := time.Now()
		sends.begin(name)
		p.lines(burst)
		took := time.Since(began)
		sends.answer()
		return took
	}
	us()
	for range b.N {
		bare += s.bare(b, url, sends)
		ours += us()
	}
	return bare, ours, p.end().Dropped
}

func (s station) tailStored(b *testing.B, url string, sends *sender, flags []string) (bare, ours time.Duration, dropped uint64) {
	sends.begin(name)
	sends.answer()
	for range b.N {
		ctx, cancel := context.WithTimeout(context.Background(), deadline)
		began := time.Now()
		if err := s.read(ctx, url, name, burst); err != nil {
			b.Fatal(err)
		}
		bare += time.Since(began)
		cancel()
		began = time.Now()
		p := startTail(b, append([]string{url, name, "--from", "all"}, flags...)...)
		p.lines(burst)
		ours += time.Since(began)
		dropped += p.end().Dropped
	}
	return bare, ours, dropped
}
