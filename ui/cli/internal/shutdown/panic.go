package shutdown

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"

	"signalbox/bus/goroutine"
	"signalbox/ui/screen"
)

// Panicked puts everything back, tells what happened, and ends the process.
func (g *Guard) Panicked(p goroutine.Panic) {
	if !g.begins() {
		return
	}
	failed := g.putBack()
	var text strings.Builder
	fmt.Fprintf(&text, "signalbox: a fault of its own ended it: %s\n", p)
	if failed == nil {
		fmt.Fprintln(&text, "The terminal, and what was set at brokers, are as they were. Please report this, with all that follows,")
	} else {
		fmt.Fprintf(&text, "%s\nPlease report this, with all that follows,\n", failed)
	}
	fmt.Fprintf(&text, "to whoever you have signalbox from. It is %s.\n\n%s", version(), p.Stack)
	g.tell(text.String())
	g.exit(g.codes.Panic)
}

// OnQuit has signals such as SIGQUIT end the process by Quit, with the code that shells give to such an end.
func (g *Guard) OnQuit(signals ...os.Signal) (stop func()) {
	came, over := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(came, signals...)
	goroutine.Go("what hears SIGQUIT", func() {
		select {
		case why := <-came:
			code := g.codes.Panic
			if number, ok := why.(syscall.Signal); ok {
				code = 128 + int(number)
			}
			g.Quit(why, code)
		case <-over:
		}
	})
	return sync.OnceFunc(func() {
		signal.Stop(came)
		close(over)
	})
}

// Quit puts everything back, tells where all goroutines are, and ends the process: what SIGQUIT asks of a Go program.
func (g *Guard) Quit(why os.Signal, code int) {
	if !g.begins() {
		return
	}
	stacks := stacks()
	text := ""
	if failed := g.putBack(); failed != nil {
		text = failed.Error() + "\n"
	}
	g.tell(fmt.Sprintf("signalbox: %s, it is %s\n%s\n%s", why, version(), text, stacks))
	g.exit(code)
}

// tell writes what people should know, as far as anybody takes it in a short time.
func (g *Guard) tell(text string) {
	var clean strings.Builder
	for line := range strings.Lines(text) {
		rest, tabbed := strings.CutPrefix(line, "\t") // as in stacks
		if tabbed {
			clean.WriteByte('\t')
		}
		clean.WriteString(screen.Clean(strings.TrimSuffix(rest, "\n")) + "\n")
	}
	within(tellingTime, func() { fmt.Fprint(g.err, clean.String()) })
}

// stacks are those of all goroutines.
func stacks() []byte {
	const most = 16 << 20
	for size := 64 << 10; ; size *= 2 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size || size >= most {
			return buf[:n]
		}
	}
}

// version is what was built, and for what.
func version() string {
	name := "(unknown)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		name = info.Main.Version
	}
	return fmt.Sprintf("signalbox %s, %s, %s/%s", name, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
