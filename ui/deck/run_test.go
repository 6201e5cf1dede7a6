package deck

import (
	"bytes"
	"context"
	"io"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"go.uber.org/goleak"

	"signalbox/bus/bustest/leaks"
	"signalbox/bus/goroutine"
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
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

func TestRunEndsByKeyAndByContext(t *testing.T) {
	defer leaks.None(t, goleak.IgnoreCurrent())
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
		if !isDrawing() {
			t.Error("nothing draws: teach isDrawing what does")
		}
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
		await(t, "the renderer's end", func() bool { return !isDrawing() })
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

// A panic while the deck is drawn is handed over: whoever has the terminal and the brokers puts them back.
func TestAPanicOfTheDeckIsHandedOver(t *testing.T) {
	panics := make(chan goroutine.Panic, 1)
	t.Cleanup(goroutine.OnPanic(func(p goroutine.Panic) { panics <- p }))
	in, keys := io.Pipe()
	defer func() { _ = keys.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() {
		over <- Run(ctx, Options{Engine: broken{demo()}, Input: in, Output: &buffer{}, Width: 120, Height: 36,
			Environment: []string{"TERM=xterm-256color"}})
	}()
	if p := <-panics; p.Name != "the deck's view" || !strings.Contains(string(p.Stack), "model).draw") {
		t.Errorf("handed over: %v\n%s", p, p.Stack)
	}
	cancel()
	if err := <-over; err != nil {
		t.Error(err)
	}
}

// The panics of commands are caught, also of those that come in lists of which Bubble Tea does not export the type.
func TestCommandsOfListsAreCaught(t *testing.T) {
	breaks := func() tea.Msg { panic("it broke") }
	t.Cleanup(goroutine.OnPanic(func(goroutine.Panic) {}))
	for _, cmd := range []tea.Cmd{tea.Batch(breaks, breaks), tea.Sequence(breaks, breaks)} {
		list := reflect.ValueOf(caught(cmd)())
		if list.Len() != 2 {
			t.Fatalf("%v is no list of two commands", list)
		}
		for i := range list.Len() {
			if msg := list.Index(i).Interface().(tea.Cmd)(); msg != nil { // unless it is caught, this ends the test
				t.Errorf("it leads to %v", msg)
			}
		}
	}
}
