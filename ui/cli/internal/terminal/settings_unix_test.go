//go:build unix

package terminal

import (
	"os"
	"testing"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

// Who is about to set a terminal when the process ends comes too late.
func TestTheLastRestoreIsTheLast(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer tty.Close()
	other, err := os.OpenFile(tty.Name(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	before, err := term.GetState(other.Fd())
	if err != nil {
		t.Fatal(err)
	}
	all := Note(tty)
	if _, err := term.MakeRaw(tty.Fd()); err != nil {
		t.Fatal(err)
	}
	all.RestoreLast()
	if _, err := term.MakeRaw(tty.Fd()); err == nil {
		t.Error("the terminal can be set again")
	}
	if after, err := term.GetState(other.Fd()); err != nil || *after != *before {
		t.Errorf("the terminal is %+v, %v; was %+v", after, err, before)
	}
}
