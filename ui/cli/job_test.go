package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startShell starts a shell with jobs in a terminal, and the deck in the shell, with that in its environment besides.
func startShell(t *testing.T, environment ...string) (c *console, deck int) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	bin := filepath.Join(folder, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(bin, "signalbox")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "rc"), []byte("PS1='next? '\nunset HISTFILE\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c = startProgram(t, &exec.Cmd{Path: bash, Args: []string{"bash", "--rcfile", "rc", "-i"}, Dir: folder,
		Env:         append(environment, "TERM=xterm-256color", "LC_ALL=C.UTF-8", "NO_COLOR="),
		SysProcAttr: &syscall.SysProcAttr{Setsid: true, Setctty: true}}, 120, 36)
	c.prompts()
	c.press("(echo $BASHPID > pid; exec bin/signalbox)\r")
	c.sees("deliveries", "CREATE_DELIVERY")
	text, err := os.ReadFile(filepath.Join(folder, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	if deck, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
		t.Fatal(err)
	}
	return c, deck
}

// prompts waits for the shell to ask for a command: what is typed before may still be read by the program that ends.
func (c *console) prompts() {
	c.t.Helper()
	c.until("the shell's prompt", func(screen string) bool {
		rows := strings.Split(strings.TrimRight(screen, " \n"), "\n")
		return strings.TrimRight(rows[len(rows)-1], " ") == "next?"
	})
}

// stopped wants the deck stopped, and the terminal as shells have it.
func (c *console) stopped() {
	c.t.Helper()
	c.sees("Stopped")
	c.prompts()
	if c.altScreen() {
		c.t.Error("the deck's screen is still there")
	}
	c.press("clear; stty -a | tr ' ;' '\\n' | grep -c -x -e icanon -e echo -e icrnl -e opost | sed 's/^/set: /'\r")
	c.sees("set: 4")
}

// works wants the whole deck there, as wide as it should be, and its keys and the mouse working.
func (c *console) works(width int) {
	c.t.Helper()
	c.until("the deck", func(screen string) bool {
		return c.altScreen() && widest(screen) == width && strings.Contains(screen, "1 Stations") && strings.Contains(screen, "q quit")
	})
	c.press("?")
	c.sees("every pane")
	c.press("\x1b")
	c.misses("every pane")
	c.press("3")
	c.misses("o only this")
	column, row := c.at("1 Stations")
	c.mouse("press", column, row+1)
	c.mouse("release", column, row+1)
	c.sees("o only this")
	if screen := c.text(); strings.Contains(screen, "not stopped") {
		c.t.Errorf("it was stopped, and says that it was not:\n%s", screen)
	}
}

// quits leaves the deck in good order, and wants the shell to say so.
func (c *console) quits() {
	c.t.Helper()
	c.press("q")
	c.until("the shell's prompt", func(screen string) bool { // what was drawn while nobody knew that it was stopped may stand behind it
		rows := strings.Split(strings.TrimRight(screen, " \n"), "\n")
		return !c.altScreen() && strings.HasPrefix(rows[len(rows)-1], "next?")
	})
	c.press("code=$?; clear; echo code: $code\r")
	c.sees("code: 0")
}

// The deck is stopped and continued as other programs are: by its key, by a signal, also by one that it cannot hear.
func TestDeckAsAJob(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(c *console, deck int){
		"ctrl+z": func(c *console, _ int) { c.press("\x1a") },
		"ctrl+z while something is typed": func(c *console, _ int) {
			c.press("/")
			c.press("typ\x1a")
		},
		"kill -TSTP": func(c *console, deck int) { c.signal(deck, syscall.SIGTSTP) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, deck := startShell(t)
			stop(c, deck)
			c.stopped()
			c.resize(140, 40)
			c.press("clear; bg; until jobs | grep Stopped; do sleep 0.05; done\r") // it may not draw there, and stops again
			c.sees("[1]+")
			c.prompts()
			c.press("clear; fg\r")
			if strings.Contains(name, "typed") {
				c.until("what was typed", func(screen string) bool { return c.altScreen() && strings.Contains(screen, "typ") })
				c.press("\x1b")
			}
			c.works(140)
			c.press("\x1a")
			c.stopped()
			c.press("clear; fg\r")
			c.works(140)
			c.quits()
		})
	}
}

// A payload is edited in the person's own editor, which has the terminal meanwhile; one that fails changes nothing.
func TestDeckOpensAnEditor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ editor, shows string }{
		{`sh -c 'echo edited by hand > "$1"' sh`, "edited by hand"},
		{"false", `the editor "false" failed`},
	} {
		t.Run(test.shows, func(t *testing.T) {
			t.Parallel()
			c, _ := startShell(t, "VISUAL=", "EDITOR="+test.editor)
			c.press("2")
			c.sees("b effects") // an event is chosen
			c.press("r")
			c.sees("send again ·", "ctrl+o your editor")
			c.press("\x0f")
			c.sees(test.shows, "ctrl+o your editor")
			c.press("\x1b")
			c.works(120)
			c.quits()
		})
	}
}

// signal sends one to the deck.
func (c *console) signal(deck int, signal syscall.Signal) {
	c.t.Helper()
	if err := syscall.Kill(deck, signal); err != nil {
		c.t.Fatal(err)
	}
}

// Whoever stops the deck by force leaves its shell a terminal that is not put back; once it goes on it takes the terminal again.
func TestDeckThatWasStoppedByForce(t *testing.T) {
	t.Parallel()
	c, deck := startShell(t)
	c.signal(deck, syscall.SIGSTOP)
	c.sees("Stopped")
	c.press("clear; stty sane; printf '\\033[?1049l\\033[?25h'\r")
	c.until("the shell's screen", func(string) bool { return !c.altScreen() })
	c.press("clear; fg\r")
	c.works(120)
	c.quits()
}

// A deck that is killed while it is stopped ends, and leaves the terminal to the shell.
func TestDeckIsKilledWhileStopped(t *testing.T) {
	t.Parallel()
	c, deck := startShell(t)
	c.press("\x1a")
	c.stopped()
	c.press("clear; kill %1; kill -CONT %1; wait %1; echo code: $?\r") // the shell takes it for stopped, and does not wait, until told otherwise
	c.sees("code: 0")
	c.until("the end of the process", func(string) bool { return syscall.Kill(deck, 0) != nil })
	c.press("clear; stty -a | tr ' ;' '\\n' | grep -c -x -e icanon -e echo -e icrnl -e opost | sed 's/^/set: /'\r")
	c.sees("set: 4")
	c.press("exit\r")
	c.ended()
}

// Where no shell could continue the deck it is not stopped, and says so.
func TestDeckWithoutAShell(t *testing.T) {
	t.Parallel()
	c := startConsole(t, 120, 36)
	c.sees("deliveries", "CREATE_DELIVERY")
	c.press("\x1a")
	c.sees("not stopped: signalbox was not started from a shell that could continue it")
	c.press("?")
	c.sees("every pane")
	c.press("\x1b")
	c.misses("every pane")
	c.misses("not stopped")
	c.signal(c.process.Process.Pid, syscall.SIGTSTP)
	c.sees("not stopped: ")
	c.press("q")
	c.ends(exitDone)
}

// A terminal that is closed ends the program in good order, also one that no signal tells of.
func TestDeckEndsWithItsTerminal(t *testing.T) {
	t.Parallel()
	for name, own := range map[string]bool{"of its session": true, "of nobody's": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			c := startProgram(t, &exec.Cmd{Path: program, Args: []string{"signalbox"}, Dir: t.TempDir(),
				Env:         []string{"TERM=xterm-256color", "LC_ALL=C.UTF-8", "NO_COLOR="},
				SysProcAttr: &syscall.SysProcAttr{Setsid: true, Setctty: own}}, 120, 36)
			c.sees("deliveries", "CREATE_DELIVERY")
			began := time.Now()
			_ = c.tty.Close()
			_ = c.master.Close()
			c.ended()
			if code := c.process.ProcessState.ExitCode(); code != exitDone {
				t.Errorf("exit code %d after %s", code, time.Since(began))
			}
		})
	}
}
