package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/sources"
	"signalbox/ui/cli/internal/shutdown"
	"signalbox/ui/cli/internal/target"
)

// fragile is a stream that panics, on the goroutine that writes, when the program says that it is attached.
type fragile struct{ io.Writer }

func (f fragile) Write(text []byte) (int, error) {
	if bytes.HasPrefix(text, []byte("attached")) {
		panic("the stream broke")
	}
	return f.Writer.Write(text)
}

// runBroken is a program whose engine panics at the first event.
func runBroken(url string, stations ...string) int {
	guard := shutdown.New(os.Stderr, shutdown.Codes{Forced: exitFailed, Panic: exitFault})
	goroutine.OnPanic(guard.Panicked)
	defer guard.Done()
	o := &options{in: os.Stdin, out: os.Stdout, err: os.Stderr, guard: guard, allowConfig: true}
	ctx := context.Background()
	s, err := o.open(ctx, []target.Target{{URL: url, Stations: stations}}, func(*sources.Event) { panic("out of order") })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitCode(err)
	}
	ctx, stop := s.within(ctx)
	defer stop()
	if err = s.attach(ctx, bus.From{}); err == nil {
		fmt.Fprintln(os.Stderr, "attached")
		<-ctx.Done()
	}
	err = s.over(err)
	fmt.Fprintln(os.Stderr, err)
	return exitCode(err)
}
