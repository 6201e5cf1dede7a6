package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// The deck takes its keys from the terminal where events come through a pipe, and goes on when their program has ended.
func TestDeckReadsLines(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(folder, "bin"), 0o700), os.Symlink(program, filepath.Join(folder, "bin", "signalbox"))); err != nil {
		t.Fatal(err)
	}
	lines := `{"kind":"OrderPlaced","order_id":"o-1","total":30,"topic":"orders"}` + "\n" +
		`{"kind":"PaymentTaken","order_id":"o-1","paid":7,"topic":"payments"}` + "\n"
	if err := os.WriteFile(filepath.Join(folder, "lines"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{
		"a pipe": "cat lines | bin/signalbox - --type data.kind --id data.order_id --station data.topic",
		"a file": "bin/signalbox - --type data.kind --id data.order_id --station data.topic < lines",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startProgram(t, &exec.Cmd{Path: bash, Args: []string{"bash", "-c", script}, Dir: folder,
				Env:         []string{"TERM=xterm-256color", "LC_ALL=C.UTF-8", "NO_COLOR="},
				SysProcAttr: &syscall.SysProcAttr{Setsid: true, Setctty: true}}, 120, 36)
			c.sees("payments", "PaymentTaken", "order o-1 · v2", "closed")
			c.press("?")
			c.sees("every pane")
			c.press("\x1b")
			c.misses("every pane")
			c.press("q")
			c.ends(exitDone)
		})
	}
}

// A pipe that nothing comes through ends with the deck.
func TestDeckLeavesAPipeThatWaits(t *testing.T) {
	t.Parallel()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer out.Close()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := startProgramReading(t, in, &exec.Cmd{Path: program, Args: []string{"signalbox", "-"}, Dir: t.TempDir(),
		Env:         []string{"TERM=xterm-256color", "LC_ALL=C.UTF-8", "NO_COLOR="},
		SysProcAttr: &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}}, 120, 36)
	c.sees("stdin", "live")
	if _, err := out.WriteString("{\"type\":\"Ping\"}\n"); err != nil {
		t.Fatal(err)
	}
	c.sees("Ping")
	c.press("q")
	c.ends(exitDone)
}
