package output

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"signalbox/sources"
)

// A pipe that events are printed to holds more than pipes do by themselves, and takes them as before.
func TestEventsGoThroughAWidePipe(t *testing.T) {
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	watched, _ := Watched(t.Context(), in) // as a command has it
	p := NewEventPrinter(watched, subjectLine)
	if size, err := unix.FcntlInt(in.Fd(), unix.F_GETPIPE_SZ, 0); err != nil || size < pipeSize {
		t.Errorf("the pipe holds %d, %v; want %d", size, err, pipeSize)
	}
	if err := p.Print(&sources.Event{Received: sources.Received{Subject: "orders"}}); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 100)
	if n, err := out.Read(line); err != nil || string(line[:n]) != "orders\n" {
		t.Errorf("it brings %q, %v", line[:n], err)
	}
	_, _ = out.Close(), in.Close()
}
