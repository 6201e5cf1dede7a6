package deck

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"signalbox/sources"
)

// buffer is where a program writes its frames.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// await polls until a condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Minute)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}

func TestRunEndsByKeyAndByContext(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for _, how := range []string{"q", "\x03", "context"} {
		ctx, cancel := context.WithCancel(context.Background())
		in, keys := io.Pipe()
		out := &buffer{}
		over := make(chan error, 1)
		go func() {
			over <- Run(ctx, Options{Engine: demo(), Title: "demo", Input: in, Output: out, Width: 120, Height: 36,
				Environment: []string{"TERM=xterm-256color"}})
		}()
		await(t, "the first frame", func() bool { return strings.Contains(out.String(), "Stations") })
		if how == "context" {
			cancel()
		} else if _, err := keys.Write([]byte(how)); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-over:
			if err != nil {
				t.Errorf("ended by %q with %v", how, err)
			}
		case <-time.After(time.Minute):
			t.Fatalf("it did not end by %q", how)
		}
		cancel()
		_ = keys.Close()
		if text := out.String(); !strings.Contains(text, "\x1b[?1049h") || !strings.HasSuffix(strings.TrimSpace(text), "h") &&
			!strings.Contains(text, "\x1b[?1049l") {
			t.Errorf("ended by %q, the terminal is not as it was", how)
		}
	}
}

// broken is a source whose snapshots are such that drawing them panics.
type broken struct{ *fake }

func (b broken) Snapshot() *sources.Snapshot {
	return &sources.Snapshot{Events: sources.EventRows{Rows: []*sources.Event{nil}}}
}

func TestRunRestoresTheTerminalAfterAPanic(t *testing.T) {
	in, keys := io.Pipe()
	defer func() { _ = keys.Close() }()
	out := &buffer{}
	err := Run(context.Background(), Options{Engine: broken{demo()}, Input: in, Output: out, Width: 120, Height: 36,
		Environment: []string{"TERM=xterm-256color"}})
	if err == nil || !strings.Contains(err.Error(), "panic") {
		t.Errorf("a panic while drawing ended with %v", err)
	}
	if text := out.String(); strings.Contains(text, "\x1b[?1049h") && !strings.Contains(text, "\x1b[?1049l") {
		t.Error("the alternate screen was entered and not left")
	}
}
