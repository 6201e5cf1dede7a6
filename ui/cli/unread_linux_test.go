package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"signalbox/bus"
	"signalbox/sources"
)

// startTail starts a tail of a station with a few mebibytes of events, on a pipe that nobody reads, and waits until it is full.
func startTail(t *testing.T, args ...string) (tail *exec.Cmd, out *os.File, says func() string) {
	t.Helper()
	url, b := serverWithBus(t)
	if err := b.Make(t.Context(), bus.NewStation{Name: "orders"}); err != nil {
		t.Fatal(err)
	}
	pad := strings.Repeat("x", 100<<10)
	for range 40 {
		if _, err := bus.Publish(t.Context(), b, bus.Outgoing{Station: "orders", Kind: bus.Stream, Data: []byte(`"` + pad + `"`)}); err != nil {
			t.Fatal(err)
		}
	}
	out, written, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	errs, err := os.Create(filepath.Join(folder, "errors"))
	if err != nil {
		t.Fatal(err)
	}
	defer errs.Close()
	says = func() string {
		text, err := os.ReadFile(errs.Name())
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	tail = &exec.Cmd{Path: program, Args: append([]string{"signalbox", "tail", url, "orders", "--from", "all", "--json"}, args...), Dir: folder,
		Env: append(os.Environ(), "SIGNALBOX_BUS="), Stdout: written, Stderr: errs}
	if err := tail.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tail.Process.Kill() })
	_ = written.Close()
	for end := time.Now().Add(deadline); ; <-time.After(5 * time.Millisecond) {
		waits, err := unix.IoctlGetInt(int(out.Fd()), unix.TIOCINQ)
		if err != nil {
			t.Fatal(err)
		}
		size, err := unix.FcntlInt(out.Fd(), unix.F_GETPIPE_SZ, 0)
		if err != nil {
			t.Fatal(err)
		}
		if waits > size*9/10 && strings.Contains(says(), "attached") {
			return tail, out, says
		}
		if time.Now().After(end) {
			t.Fatalf("%d bytes of %d are in the pipe, and it says %s", waits, size, says())
		}
	}
}

// A tail that nobody reads ends soon after a signal, and says what was not printed; its ledger has what waited.
func TestTailThatNobodyReadsEndsBySignal(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			tail, _, says := startTail(t, "--stats")
			began := time.Now()
			if err := tail.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			_ = tail.Wait()
			t.Log("it took ", time.Since(began)) // 1 s; the machine may be busy
			if code := tail.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(says(), " not printed: nobody reads what is printed") {
				t.Errorf("exit code %d, and it says %s", code, says())
			}
			var ledger sources.Ledger
			for line := range strings.Lines(says()) {
				if strings.HasPrefix(line, "{") {
					if err := json.Unmarshal([]byte(line), &ledger); err != nil {
						t.Fatal(err)
					}
				}
			}
			if ledger.Received == 0 || ledger.Received != ledger.Held+ledger.Evicted+ledger.Dropped {
				t.Errorf("the ledger is %+v", ledger)
			}
		})
	}
}

// A tail that has all that was asked for ends when all of it is read, however late that is.
func TestTailIsReadLate(t *testing.T) {
	t.Parallel()
	tail, out, says := startTail(t, "--no-follow")
	lines, buf := 0, make([]byte, 64<<10)
	for {
		n, err := out.Read(buf)
		lines += bytes.Count(buf[:n], []byte("\n"))
		if err != nil {
			break
		}
	}
	if err := tail.Wait(); err != nil || lines != 40 {
		t.Errorf("%d lines, %v: %s", lines, err, says())
	}
}
