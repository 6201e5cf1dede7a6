package deck

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// driver is a deck driven without a program: messages go straight to Update, and commands run where they are returned.
type driver struct {
	t     *testing.T
	model *model
	fake  *fake
	now   time.Time
	sent  []tea.Msg // what commands returned that is no message of the deck
}

func drive(t *testing.T, f *fake, width, height int, change ...func(*Options)) *driver {
	t.Helper()
	s := &driver{t: t, fake: f, now: noon}
	opt := Options{Engine: f, Title: "demo", Now: func() time.Time { return s.now }, Environment: []string{"LC_ALL=C.UTF-8"}}
	for _, c := range change {
		c(&opt)
	}
	s.model = newModel(context.Background(), opt)
	s.send(tea.WindowSizeMsg{Width: width, Height: height})
	return s
}

// send hands over a message, runs what it starts, and then hands over snapshots until the source has no newer one.
func (s *driver) send(msg tea.Msg) {
	s.t.Helper()
	_, cmd := s.model.Update(msg)
	s.run(cmd)
	for {
		s.model.View() // as the program does after each message
		select {
		case <-s.fake.changed:
			_, cmd := s.model.Update(snapshotMsg{})
			s.run(cmd)
		default:
			return
		}
	}
}

// run runs a command and hands its message over, unless it is a message for the program.
func (s *driver) run(cmd tea.Cmd) {
	s.t.Helper()
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			s.run(c)
		}
	case component.Result:
		_, next := s.model.Update(msg)
		s.run(next)
	default:
		s.sent = append(s.sent, msg)
	}
}

// focused is the title of the focused pane.
func (s *driver) focused() string { return s.model.Panes.Focused().Title() }

// row is what is chosen in the focused pane.
func (s *driver) row() any { return s.model.Panes.Focused().Row(&s.model.Deck) }

// key presses keys, named as Bubble Tea names them.
func (s *driver) key(names ...string) *driver {
	s.t.Helper()
	for _, name := range names {
		s.send(keyPress(name))
	}
	return s
}

// write types text.
func (s *driver) write(text string) *driver {
	s.t.Helper()
	for _, r := range text {
		s.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return s
}

var named = map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp,
	"pgdown": tea.KeyPgDown, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "f1": tea.KeyF1, "f5": tea.KeyF5}

func keyPress(name string) tea.KeyPressMsg {
	rest, ctrl := strings.CutPrefix(name, "ctrl+")
	rest, alt := strings.CutPrefix(rest, "alt+")
	rest, shift := strings.CutPrefix(rest, "shift+")
	k := tea.KeyPressMsg{}
	if code, ok := named[rest]; ok {
		k.Code = code
	} else if rest == "space" {
		k.Code, k.Text = tea.KeySpace, " "
	} else {
		k.Code, k.Text = []rune(rest)[0], rest
	}
	if ctrl {
		k.Mod, k.Text = tea.ModCtrl, ""
	}
	if alt {
		k.Mod, k.Text = tea.ModAlt, ""
	}
	if shift {
		k.Mod, k.Text = k.Mod|tea.ModShift, strings.ToUpper(k.Text)
	}
	return k
}

// screen is the frame as text. Every row of it must be exactly as wide as the deck, whichever way it is measured.
func (s *driver) screen() string {
	s.t.Helper()
	return checkedScreen(s.t, s.model)
}

func checkedScreen(t *testing.T, m *model) string {
	t.Helper()
	text := ansi.Strip(m.View().Content)
	l := m.Layout()
	if l.TooSmall {
		return text
	}
	rows := strings.Split(text, "\n")
	if len(rows) != l.Height {
		t.Errorf("the frame has %d rows, the deck %d", len(rows), l.Height)
	}
	for i, row := range rows {
		if w, wc := ansi.StringWidth(row), ansi.StringWidthWc(row); w != l.Width || wc != w {
			t.Errorf("row %d is %d cells wide (%d by code points), the deck %d: %q", i, w, wc, l.Width, row)
		}
	}
	return text
}

// shows checks that the screen has a text on it.
func (s *driver) shows(texts ...string) {
	s.t.Helper()
	screen := s.screen()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			s.t.Errorf("the screen does not show %q:\n%s", text, screen)
		}
	}
}

// hides checks that it has not.
func (s *driver) hides(texts ...string) {
	s.t.Helper()
	screen := s.screen()
	for _, text := range texts {
		if strings.Contains(screen, text) {
			s.t.Errorf("the screen shows %q:\n%s", text, screen)
		}
	}
}

// asciiOnly is what a terminal of the C locale can show.
var asciiOnly = screen.CharsetFor(func(name string) string { return map[string]string{"LC_ALL": "C"}[name] })

// checkASCII checks that a screen, of which nothing was sent by a broker but ASCII, can be shown in ASCII: every sign on
// it has another that stands for it.
func checkASCII(t *testing.T, text string) {
	t.Helper()
	plain := asciiOnly.Show(text)
	for i, row := range strings.Split(text, "\n") {
		drawn := strings.Split(plain, "\n")[i]
		if strings.ContainsFunc(drawn, func(r rune) bool { return r > '~' }) {
			t.Errorf("row %d is not ASCII: %q", i, drawn)
		}
		if strings.Count(drawn, "?") != strings.Count(row, "?") {
			t.Errorf("row %d has a sign for which nothing stands in ASCII: %q, of %q", i, drawn, row)
		}
	}
}

// golden compares the screen with the one kept under testdata.
func (s *driver) golden(name string) {
	s.t.Helper()
	var got strings.Builder
	checkASCII(s.t, s.screen())
	for row := range strings.Lines(s.screen() + "\n") {
		got.WriteString(strings.TrimRight(row, " \n") + "\n")
	}
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			s.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		s.t.Errorf("%s differs from what was (-) kept:\n%s", name, diff)
	}
}
