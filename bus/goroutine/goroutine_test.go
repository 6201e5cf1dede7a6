package goroutine

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// handled has panics handled for as long as the test runs, and returns them.
func handled(t *testing.T) <-chan Panic {
	panics := make(chan Panic, 10)
	t.Cleanup(OnPanic(func(p Panic) { panics <- p }))
	return panics
}

func breaks() { panic("it broke") }

// Whichever way a goroutine is started, its panic is handed over with its stack, and who waits for the goroutine goes on.
func TestPanicsAreHandedOver(t *testing.T) {
	over, end := context.WithCancel(t.Context())
	end()
	for name, start := range map[string]func(){
		"Go":        func() { Go("the reader", breaks) },
		"AfterFunc": func() { AfterFunc(over, "the reader", breaks) },
		"After":     func() { After(0, "the reader", breaks) },
		"Group": func() {
			var g Group
			g.Go("the reader", breaks)
			g.Wait()
		},
		"Call": func() {
			if Call("the reader", breaks) {
				t.Error("Call reports that what panicked returned")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			panics := handled(t)
			start()
			p := <-panics
			if p.Name != "the reader" || p.Value != "it broke" || !strings.Contains(string(p.Stack), "goroutine.breaks") {
				t.Errorf("%+v with the stack\n%s", p, p.Stack)
			}
			if p.String() != "panic in the reader: it broke" {
				t.Errorf("it says %q", p.String())
			}
		})
	}
}

// What panics because something else did already is not told.
func TestTheFirstPanicCounts(t *testing.T) {
	panics := handled(t)
	Call("the first", breaks)
	Call("the second", breaks)
	if p := <-panics; p.Name != "the first" {
		t.Errorf("%s is told", p.Name)
	}
	select {
	case p := <-panics:
		t.Errorf("%s is told, too", p.Name)
	default:
	}
}

func TestWhatReturnsIsReportedAsThat(t *testing.T) {
	var names []string
	OnStart(func(name string) { names = append(names, name) })
	defer onStart.Store(nil)
	ran := false
	if !Call("the reader", func() { ran = true }) || !ran {
		t.Error("Call reports that what returned panicked")
	}
	if len(names) != 1 || names[0] != "the reader" {
		t.Errorf("began: %q", names)
	}
}

// Where nobody handles panics they end the process, and say where they were.
func TestWithoutAHandlerAPanicEndsTheProcess(t *testing.T) {
	const variable = "GOROUTINE_TEST_BREAKS"
	if os.Getenv(variable) != "" {
		Go("the reader", breaks)
		select {} // the panic ends the process
	}
	program := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	program.Env = append(os.Environ(), variable+"=1")
	out, err := program.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "panic in the reader: it broke") || !strings.Contains(string(out), "goroutine.breaks") {
		t.Errorf("%v, and it said\n%s", err, out)
	}
}
