package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"signalbox/bus"
)

// console is the program in a terminal of its own: what it writes goes to an emulator, whose screen can be read, and
// what the emulator answers goes back to the program.
type console struct {
	t       *testing.T
	master  *os.File
	unread  atomic.Bool   // nobody is to read what the program writes
	unheard chan struct{} // closed when nobody does any more
	tty     *os.File
	before  *term.State
	process *exec.Cmd
	over    chan error

	mu      sync.Mutex
	screen  *vt.Emulator
	drawing bool // a frame has begun, and is not there as a whole
}

func startConsole(t *testing.T, width, height int, args ...string) *console {
	t.Helper()
	return startConsoleIn(t, t.TempDir(), width, height, args...)
}

func startConsoleIn(t *testing.T, folder string, width, height int, args ...string) *console {
	t.Helper()
	return startConsoleWith(t, []string{"TERM=xterm-256color", "LC_ALL=C.UTF-8", "NO_COLOR="}, folder, width, height, args...)
}

func startConsoleWith(t *testing.T, environment []string, folder string, width, height int, args ...string) *console {
	t.Helper()
	return startNamed(t, "signalbox", environment, folder, width, height, args...)
}

// startNamed starts one of the programs that TestMain lists.
func startNamed(t *testing.T, name string, environment []string, folder string, width, height int, args ...string) *console {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return startProgram(t, &exec.Cmd{Path: program, Args: append([]string{name}, args...), Dir: folder,
		Env:         environment,
		SysProcAttr: &syscall.SysProcAttr{Setsid: true, Setctty: true}}, width, height)
}

// startProgram starts a process in a terminal. Its environment is what it has besides the test's own.
func startProgram(t *testing.T, process *exec.Cmd, width, height int) *console {
	t.Helper()
	return startProgramReading(t, nil, process, width, height)
}

// startProgramReading starts a process in a terminal, which reads a file instead, if there is one.
func startProgramReading(t *testing.T, in *os.File, process *exec.Cmd, width, height int) *console {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	c := &console{t: t, master: master, tty: tty, over: make(chan error, 1),
		unheard: make(chan struct{}), screen: vt.NewEmulator(width, height)}
	c.size(width, height)
	if c.before, err = term.GetState(tty.Fd()); err != nil {
		t.Fatal(err)
	}
	process.Env = append(append(os.Environ(), "SIGNALBOX_BUS=", "XDG_CONFIG_HOME="+process.Dir, "XDG_STATE_HOME="+process.Dir),
		process.Env...)
	process.Stdin, process.Stdout, process.Stderr = tty, tty, tty
	if in != nil {
		process.Stdin = in
	}
	c.process = process
	c.knowsFrames()
	if err := c.process.Start(); err != nil {
		t.Fatal(err)
	}
	go c.read()
	go func() { _, _ = io.Copy(master, c.screen) }()
	go func() { c.over <- c.process.Wait() }()
	t.Cleanup(c.stop)
	return c
}

// knowsFrames has the terminal say that it knows where a frame begins and ends, as new ones do, and notes when one does.
func (c *console) knowsFrames() {
	_, _ = c.screen.WriteString(ansi.ResetModeSynchronizedOutput)
	note := func(began bool) func(ansi.Mode) {
		return func(mode ansi.Mode) {
			if mode == ansi.ModeSynchronizedOutput {
				c.drawing = began
			}
		}
	}
	c.screen.SetCallbacks(vt.Callbacks{EnableMode: note(true), DisableMode: note(false)})
}

// read draws what the program writes.
func (c *console) read() {
	defer close(c.unheard)
	buf := make([]byte, 32<<10)
	for !c.unread.Load() {
		n, err := c.master.Read(buf)
		if err != nil {
			return
		}
		c.mu.Lock()
		for rest := buf[:n]; len(rest) > 0; {
			next := 1 + bytes.IndexByte(rest[1:], ansi.ESC)
			if next == 0 {
				next = len(rest)
			}
			c.draw(rest[:next])
			rest = rest[next:]
		}
		c.mu.Unlock()
	}
}

// draw has the emulator draw a control sequence, and the text after it. It panics where a line is scrolled that was there
// before the terminal became smaller; a terminal leaves that out, and the deck draws all anew for the new size.
func (c *console) draw(piece []byte) {
	defer func() { _ = recover() }()
	_, _ = c.screen.Write(piece)
}

func (c *console) stop() {
	_ = c.process.Process.Kill()
	_ = c.screen.InputPipe().(io.Closer).Close() // Close itself races with the reading of answers
	_ = c.tty.Close()
	_ = c.master.Close()
}

func (c *console) size(width, height int) {
	if err := pty.Setsize(c.master, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *console) resize(width, height int) {
	c.mu.Lock()
	c.screen.Resize(width, height)
	c.mu.Unlock()
	c.size(width, height)
}

// press types keys as a terminal sends them.
func (c *console) press(keys string) {
	c.t.Helper()
	if _, err := c.master.WriteString(keys); err != nil {
		c.t.Fatal(err)
	}
}

// text is the screen, with no frame half drawn unless the rest of that is not read, or does not come: the program is stopped.
func (c *console) text() string {
	for end := time.Now().Add(time.Second); ; {
		c.mu.Lock()
		if whole := !c.drawing; whole || c.isUnheard() || time.Now().After(end) {
			defer c.mu.Unlock()
			return c.screen.String()
		}
		c.mu.Unlock()
		<-time.After(time.Millisecond)
	}
}

func (c *console) isUnheard() bool {
	select {
	case <-c.unheard:
		return true
	default:
		return c.unread.Load()
	}
}

// until waits for the screen to be as wanted.
func (c *console) until(what string, wanted func(screen string) bool) {
	c.t.Helper()
	var screen string
	for end := time.Now().Add(deadline); time.Now().Before(end); <-time.After(5 * time.Millisecond) {
		if screen = c.text(); wanted(screen) {
			return
		}
	}
	c.t.Fatalf("never saw %s, only:\n%s", what, screen)
}

func (c *console) sees(texts ...string) {
	c.t.Helper()
	for _, text := range texts {
		c.until(text, func(screen string) bool { return strings.Contains(screen, text) })
	}
}

func (c *console) misses(text string) {
	c.t.Helper()
	c.until("the end of "+text, func(screen string) bool { return !strings.Contains(screen, text) })
}

// ends waits for the program to end in good order, and wants its terminal as it was.
func (c *console) ends(code int) {
	c.t.Helper()
	c.ended()
	if have := c.process.ProcessState.ExitCode(); have != code {
		c.t.Errorf("exit code %d, want %d; the screen is\n%s", have, code, c.text())
	}
	c.restored()
	c.until("the screen from before", func(string) bool { return !c.altScreen() })
}

func (c *console) ended() {
	c.t.Helper()
	select {
	case err := <-c.over:
		c.t.Logf("ended: %v", err)
	case <-time.After(deadline):
		c.t.Fatalf("it did not end; the screen is\n%s", c.text())
	}
}

// restored wants the settings of the terminal as they were.
func (c *console) restored() {
	c.t.Helper()
	after, err := term.GetState(c.tty.Fd())
	if err != nil {
		c.t.Fatal(err)
	}
	if *after != *c.before {
		c.t.Errorf("the terminal is not as it was: %+v, was %+v", after, c.before)
	}
}

// hang reads nothing of what the program writes any more, until the terminal is full.
func (c *console) hang() {
	c.t.Helper()
	c.unread.Store(true)
	width := 200
	c.until("a terminal that is full", func(string) bool {
		select {
		case <-c.unheard:
			waiting, err := unix.IoctlGetInt(int(c.master.Fd()), unix.TIOCINQ)
			if err == nil && waiting > 4000 { // of the 4,096 bytes that Linux keeps
				return true
			}
		default:
		}
		width = 390 - width // each new size is a whole new screen
		c.size(width, 60)
		return false
	})
}

func (c *console) endBySignal() {
	c.t.Helper()
	if err := c.process.Process.Signal(syscall.SIGTERM); err != nil {
		c.t.Fatal(err)
	}
	c.ended()
}

func (c *console) altScreen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.screen.IsAltScreen()
}

func TestDeck(t *testing.T) {
	t.Parallel()
	c := startConsole(t, 120, 36)
	c.sees("signalbox", "Stations", "Events", "Consumers", "Entities", "deliveries", "CREATE_DELIVERY", "courier")

	c.press("?")
	c.sees("here: events", "every pane")
	c.press("sort") // what is typed finds
	c.sees("sort entities by the next field")
	c.misses("every pane")
	c.press("\x15") // ctrl+u empties what is typed
	c.sees("every pane")
	c.press("\x1b")
	c.misses("every pane")
	c.press("K") // does nothing in events, and says so
	c.sees("K does nothing in events; in entities: show the next kind of entity")
	c.press(":zzz\x15quit") // and so it does in the palette
	c.sees("commands", ": quit")
	c.press("\x1b")
	c.misses(": quit")

	for _, size := range [][2]int{{80, 24}, {200, 60}, {50, 12}, {120, 36}} {
		c.resize(size[0], size[1])
		if size[0] < 60 {
			c.misses("Stations")
			continue
		}
		// What was there is cut by the terminal at once; what is at the right end of the header is of a frame of the new size.
		c.until("a screen of the new size", func(screen string) bool {
			header, _, _ := strings.Cut(screen, "\n")
			return widest(screen) == size[0] && strings.Contains(screen, "Events") && headerEnd.MatchString(header)
		})
	}
	c.press("2z/") // zoomed, since the state of a delivery names its events, too
	c.press("type:BallotCast\r")
	c.sees("BallotCast")
	c.misses("CREATE_DELIVERY  ")
	c.press("q")
	c.ends(exitDone)
}

// headerEnd is how the header ends.
var headerEnd = regexp.MustCompile(`(armed|\d\d:\d\d:\d\d) *$`)

// at is where a text stands on the screen, counted from 1 as mice do.
func (c *console) at(text string) (column, row int) {
	c.t.Helper()
	c.until(text, func(screen string) bool {
		column, row = place(screen, text)
		return row > 0
	})
	return column, row
}

// place is where a text stands on a screen; row 0 is nowhere.
func place(screen, text string) (column, row int) {
	for i, line := range strings.Split(screen, "\n") {
		if before, _, found := strings.Cut(line, text); found {
			return ansi.StringWidth(before) + 1, i + 1
		}
	}
	return 0, 0
}

// mouse presses the left button, moves with it held, or lets it go.
func (c *console) mouse(what string, column, row int) {
	c.t.Helper()
	form := map[string]string{"press": "\x1b[<0;%d;%dM", "move": "\x1b[<32;%d;%dM", "release": "\x1b[<0;%d;%dm"}[what]
	c.press(fmt.Sprintf(form, column, row))
}

// doubleClick clicks twice, and again when the machine was too busy to take that for a double click.
func (c *console) doubleClick(column, row int, wanted func() bool) {
	c.t.Helper()
	for range 20 {
		for range 2 {
			c.mouse("press", column, row)
			c.mouse("release", column, row)
		}
		for end := time.Now().Add(3 * time.Second); time.Now().Before(end); <-time.After(5 * time.Millisecond) {
			if wanted() {
				return
			}
		}
	}
	c.t.Fatalf("a double click at %d,%d does nothing; the screen is\n%s", column, row, c.text())
}

// eventRows is how high the pane of events is, its border included.
func (c *console) eventRows() int {
	c.t.Helper()
	rows := 0
	c.until("events above entities", func(screen string) bool {
		_, from := place(screen, "2 Events")
		_, to := place(screen, "4 Entities")
		rows = to - from
		return from > 0 && to > from
	})
	return rows
}

// A double click opens, a border follows the mouse, and a double click on the border puts it back.
func TestDeckMouse(t *testing.T) {
	t.Parallel()
	c := startConsole(t, 120, 36)
	c.sees("order-created", "CREATE_DELIVERY", "courier")

	column, row := c.at(" order-created ")
	c.doubleClick(column+1, row, func() bool { return strings.Contains(c.text(), "station order-created") })
	c.press("\x1b")
	c.misses("station order-created")

	before := c.eventRows()
	column, row = c.at("4 Entities")
	c.mouse("press", column+30, row)
	c.mouse("move", column+30, row-5)
	c.mouse("release", column+30, row-5)
	c.until("a border that has moved", func(string) bool { return c.eventRows() < before-2 })
	moved := c.eventRows()
	c.press("z")
	c.sees("zoomed")
	c.press("z")
	c.misses("zoomed")
	if now := c.eventRows(); now != moved {
		t.Errorf("after the zoom the events have %d rows, want %d", now, moved)
	}
	_, row = c.at("4 Entities")
	c.doubleClick(column+30, row, func() bool { return c.eventRows() > moved+2 })
	c.press("q")
	c.ends(exitDone)
}

// While an entity is chosen its row stays on its line, although others are touched all the time; the filter by age lets go
// of what has grown too old.
func TestDeckHoldsWhatIsChosen(t *testing.T) {
	t.Parallel()
	c := startConsole(t, 120, 36)
	c.sees("deliveries", "CREATE_DELIVERY")
	chosen := func(screen string) (line int, row string) {
		for i, text := range strings.Split(screen, "\n") {
			if _, after, ok := strings.Cut(text, "▌"); ok {
				words := strings.Fields(after)
				return i, strings.Join(words[:min(2, len(words))], " ")
			}
		}
		return -1, ""
	}
	c.press("4zj")
	line, row, before := 0, "", ""
	c.until("what is chosen", func(screen string) bool {
		line, row = chosen(screen)
		before = screen
		return line >= 0 && strings.Contains(screen, "would move")
	})
	c.until("more that would move", func(screen string) bool {
		at, now := chosen(screen)
		if at != line || now != row {
			t.Fatalf("%q was chosen on line %d, then %q on line %d; the screen was\n%s\nand is\n%s", row, line, now, at, before, screen)
		}
		return moving(screen) > moving(before)+2
	})
	c.press("z2z/") // the events
	c.press("age < 2s && type == \"CREATE_DELIVERY\"\r")
	c.sees("CREATE_DELIVERY")
	first := firstTime(c.text())
	c.until("the first row gone", func(screen string) bool { return firstTime(screen) != first })
	c.press("q")
	c.ends(exitDone)
}

// moving is how many rows would move.
func moving(screen string) int {
	before, _, ok := strings.Cut(screen, " would move")
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(before[strings.LastIndexByte(before, ' ')+1:])
	if err != nil {
		return 0
	}
	return n
}

// firstTime is when the first event happened of the pane that is shown alone.
func firstTime(screen string) string {
	for line := range strings.SplitSeq(screen, "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && strings.Contains(line, "CREATE_DELIVERY") && !strings.Contains(line, "/age") {
			return fields[1]
		}
	}
	return ""
}

// A delivery is sent by the form and seen among the events; then a script is played.
func TestDeckSends(t *testing.T) {
	t.Parallel()
	c := startConsole(t, 120, 36)
	c.sees("deliveries", "CREATE_DELIVERY", "armed")

	c.press("i")
	c.sees("orders.place")
	c.press("deliveries.create")
	c.misses("orders.place")
	c.press("\r")
	c.sees("what it would do")
	c.press("\t")
	c.sees("a whole number")
	c.press("\x15777") // ctrl+u empties the field
	c.sees("budget  777")
	c.press("\x13") // ctrl+s
	c.sees("sent: stored in deliveries as")
	c.press("\x1b")
	c.misses("what it would do")
	c.press("/")
	c.press("777\r")
	c.sees("budget=777")

	c.press("s")
	c.sees("votes/happy-path")
	c.press("deliveries/happy-path")
	c.misses("votes/happy-path")
	c.press("\r")
	c.sees("passed, 16 steps")
	c.press("\x1b")
	c.misses("passed, 16 steps")
	c.press("q")
	c.ends(exitDone)
}

// widest is the number of cells of the widest line.
func widest(screen string) int {
	most := 0
	for line := range strings.SplitSeq(screen, "\n") {
		most = max(most, ansi.StringWidth(strings.TrimRight(line, " ")))
	}
	return most
}

func TestDeckEndsBySignal(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			c := startConsole(t, 80, 24)
			c.sees("signalbox", "deliveries")
			if err := c.process.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			c.ends(exitDone)
		})
	}
}

// A terminal that takes nothing any more cannot hold the program up, nor keep its settings changed.
func TestDeckLeavesHungTerminal(t *testing.T) {
	t.Parallel()
	c := startConsole(t, 200, 60)
	c.sees("signalbox", "deliveries")
	c.hang()
	c.endBySignal()
	c.restored()
}

// Where nothing can be read, the deck says why, and what to do: in a notice, and where the events would be.
func TestDeckOfAllWhereThatIsNotRead(t *testing.T) {
	t.Parallel()
	url, _ := serverWithBus(t)
	c := startConsole(t, 120, 36, url, ">")
	c.sees("! >: not read: name the subjects, or allow it with --allow-all", "> ─ not read: name the subjects, or")
	c.press("q")
	c.ends(exitDone)
}

// A station that is misspelt is said before the deck is shown.
func TestDeckOfAMisspeltStation(t *testing.T) {
	t.Parallel()
	url, b := serverWithBus(t)
	if err := b.Make(t.Context(), bus.NewStation{Name: "deliveries", Subjects: []string{"deliveries.>"}}); err != nil {
		t.Fatal(err)
	}
	c := startConsole(t, 120, 24, url, "deliverise")
	c.sees("there is no station deliverise", "did you mean deliveries?")
	c.ends(exitFailed)
}

func TestErrorOnTerminal(t *testing.T) {
	t.Parallel()
	c := startConsole(t, 80, 24, "nats://ann:s3cret@127.0.0.1:1")
	c.sees("signalbox:", "cannot be reached")
	c.ends(exitBus)
	if strings.Contains(c.text(), "s3cret") {
		t.Errorf("a secret is on the screen:\n%s", c.text())
	}
}
