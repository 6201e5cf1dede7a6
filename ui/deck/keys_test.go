package deck

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios/script"
	"signalbox/scenarios/standin"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/scripts"
)

// situation is somewhere that keys can be pressed.
type situation struct {
	name string
	*driver
}

// situations are all panes and all overlays, in each state on which keys depend.
func situations(t *testing.T) []situation {
	t.Helper()
	ends := make(chan struct{})
	t.Cleanup(func() { close(ends) })
	play := scripts.Play(func(ctx context.Context, _ bus.Bus, s *script.Script, _ bool, _ *script.Control, _ script.Audience, _ func(script.Progress)) (script.Result, error) {
		select {
		case <-ends:
		case <-ctx.Done():
		}
		return script.Result{Script: s.FullName()}, nil
	})
	begun := func(after ...string) func(*driver) {
		return func(s *driver) {
			s.key("s")
			s.start(keyPress("enter"))
			s.key(after...)
		}
	}
	var all []situation
	for _, x := range []struct {
		name string
		do   func(*driver)
		keys []string
	}{
		{"stations", nil, []string{"1"}}, {"events", nil, []string{"2"}}, {"an earlier time", nil, []string{"[", "["}},
		{"consumers", nil, []string{"3"}}, {"entities", nil, []string{"4"}}, {"state", nil, []string{"5"}},
		{"event", nil, []string{"enter"}}, {"value", nil, []string{"5", "enter"}}, {"station", nil, []string{"1", "enter"}},
		{"consumer", nil, []string{"3", "enter"}}, {"progress", nil, []string{"5", "w"}}, {"dead letters", nil, []string{"D"}},
		{"ledger", nil, []string{"L"}}, {"help", nil, []string{"?"}}, {"palette", nil, []string{":"}}, {"filter", nil, []string{"/"}},
		{"command", nil, []string{"i", "enter"}}, {"options", nil, []string{"i", "enter", "up", "up"}},
		{"button", nil, []string{"i", "enter", "up"}}, {"lever", nil, []string{"1", "x", "enter"}},
		{"resend", nil, []string{"r"}}, {"question", nil, []string{"1", "c"}},
		{"typed question", func(s *driver) { s.key("1", "x", "enter", "tab").write("1").key("ctrl+s") }, nil},
		{"nothing there", func(s *driver) { s.fake.base.Stations = nil; s.send(snapshotMsg{}) }, []string{"1"}},
		{"script", begun(), nil}, {"paused script", begun("space"), nil}, {"behind a script", begun("esc"), nil},
		{"behind a paused script", begun("space", "esc"), nil}, {"steps of a script", begun("l"), nil}, {"a paused script's steps", begun("space", "l"), nil},
		{"line to be read", func(s *driver) {
			s.key("s")
			s.hear(s.start(keyPress("enter")))
		}, nil},
		{"ended script", func(s *driver) {
			s.key("s")
			hear := s.start(keyPress("enter"))
			s.key("S", "y")
			s.hear(hear)
		}, nil},
		{"breakpoints", func(s *driver) { s.key(":").write("break delivery when data.quantity > 3").key("enter", "B") }, nil},
		{"violations", nil, []string{"!"}}, {"cohorts", func(s *driver) { s.key(":").write("cohort poor = delivery where state.budget < 31").key("enter", "A") }, nil}, {"saved domain files", func(s *driver) { s.save(parcelsFile, outDifferent()) }, []string{"R"}}, {"time line", nil, []string{"T", "left"}},
		{"flow", flowing, []string{"f"}}, {"chart", charted, []string{"C"}},
		{"what if", nil, []string{"5", "W"}}, {"imagined", nil, []string{"5", "W", "a"}}, {"comparison", func(s *driver) { s.key(":").write("compare @1 @2").key("enter") }, nil},
		{"bisect", func(s *driver) { s.key(":").write("bisect delivery when data.quantity > 3").key("enter") }, nil},
		{"effects", nil, []string{"2", "b"}},
		{"command sent before", func(s *driver) {
			s.key("i", "enter").write("1").key("ctrl+s", "esc")
		}, []string{"i", "enter"}},
		{"resend with an editor", func(s *driver) {
			s.model.Editor = func(string, func(string, error) tea.Cmd) tea.Cmd { return nil }
		}, []string{"r"}},
		{"filters compared", func(s *driver) { s.key(":").write("compare delivery where status:active | version < 2").key("enter") }, nil},
		{"subjects", func(s *driver) { s.fake.base.Stations[0].Unfolds = true; s.send(snapshotMsg{}) }, []string{"1"}},
		{"held entities", func(s *driver) {
			s.key("4", "down")
			s.fake.entities = append(s.fake.entities[20:], s.fake.entities[:20]...)
			s.send(snapshotMsg{})
		}, nil},
		{"held consumers", func(s *driver) {
			s.key("3", "down")
			s.fake.base.Consumers = slices.Clone(s.fake.base.Consumers)
			slices.Reverse(s.fake.base.Consumers)
			s.send(snapshotMsg{})
		}, nil},
		{"another session", func(s *driver) {
			s.fake.base.Consumers = append(slices.Clone(s.fake.base.Consumers), anotherSession())
			s.send(snapshotMsg{})
		}, []string{"3"}},
		{"stand-in", func(s *driver) { s.model.StandIns = standInOf(s.fake.base.Consumers[0].Name, standin.On) }, []string{"3"}},
		{"stand-in that is off", func(s *driver) { s.model.StandIns = standInOf(s.fake.base.Consumers[0].Name, standin.Off) }, []string{"3"}},
		{"not armed", func(s *driver) {
			s.model.Sender.Permit = func(bus.Bus) (bool, string) { return false, "it is not" }
		}, []string{"i"}},
	} {
		f := behind(withDeadLetters(handled(demo())))
		f.base.Progress = slices.Repeat(f.base.Progress, 12)
		play := play
		if x.name == "line to be read" {
			play = telling("A line.")
		}
		s := drive(t, f, 120, 36, armed(t, embeddedBus()), withLevers(embeddedLevers()), playing(&play), func(o *Options) {
			o.Offer = &Offer{Text: "Listen?", Accept: func(context.Context) error { return nil }}
		})
		if x.do != nil {
			x.do(s)
		}
		s.key(x.keys...)
		all = append(all, situation{x.name, s})
	}
	return all
}

// telling plays a script that says one line.
func telling(line string) scripts.Play {
	return func(ctx context.Context, _ bus.Bus, s *script.Script, _ bool, control *script.Control, audience script.Audience, _ func(script.Progress)) (script.Result, error) {
		control.Pause() // the time for reading does not go by
		return script.Result{Script: s.FullName()}, audience.Hear(ctx, line)
	}
}

// typed tells whether a key types a letter here.
func (s *situation) typed(k tea.KeyPressMsg) bool {
	return k.Text != "" && component.Typing(&s.model.Deck)
}

// Every key that works somewhere is in the help under that, and every key in the help works somewhere: pressed there, by each
// of its names, it is the one that is found.
func TestEveryKeyIsInTheHelpAndWorks(t *testing.T) {
	all := situations(t)
	seen := map[string]bool{}
	for _, s := range all {
		here := component.Called(s.model.Here())
		for _, key := range s.model.keys.Here(&s.model.Deck) {
			listed := slices.ContainsFunc(key.Places(), func(head string) bool {
				return slices.ContainsFunc(s.model.keys.Under(head), func(k component.Key) bool { return k.Help == key.Help })
			})
			if particular := !slices.Contains(key.Places(), component.Everywhere) && !slices.Contains(key.Places(), component.EveryPane) &&
				key.Head == ""; key.Help == "" || !listed || particular && !slices.Contains(key.Places(), here) {
				t.Errorf("%s: %q works in %s, in the help it stands under %q: %q", s.name, key.Names, here, key.Places(), key.Help)
			}
			for _, name := range key.Names {
				press := keyPress(name)
				if found, _ := s.model.keys.Find(&s.model.Deck, press); found != nil && !s.typed(press) {
					seen[found.Help+name] = true
				}
			}
		}
	}
	for _, key := range all[0].model.keys.All() {
		for _, name := range key.Names {
			if !seen[key.Help+name] {
				t.Errorf("%s (%s) is in the help under %q, and nowhere does it work", name, key.Help, key.Places())
			}
		}
	}
}

// A key that does nothing here says so, and says where it does something or what is missing. Keys that are for nothing are silent.
func TestKeysThatDoNothingHereSaySo(t *testing.T) {
	for _, s := range situations(t) {
		d := &s.model.Deck
		for _, key := range s.model.keys.All() {
			for _, name := range key.Names {
				press := keyPress(name)
				if found, _ := s.model.keys.Find(d, press); found != nil || s.typed(press) {
					continue
				}
				s.send(press)
				_, said := d.Notice.Shown(d.Now())
				want := component.WrittenName(press.String()) + " does nothing "
				if !strings.HasPrefix(said, want) || strings.Contains(said, "; in ") == strings.Contains(said, "needs ") ||
					!slices.ContainsFunc(s.model.keys.All(), func(k component.Key) bool { return slices.Contains(k.Names, name) && k.For(d.Here()) }) ==
						strings.Contains(said, "needs ") {
					t.Errorf("%s in %s says %q", name, s.name, said)
				}
			}
		}
		for _, name := range []string{"f5", "ctrl+t", "ü", "@"} {
			s.key(name)
			if _, said := d.Notice.Shown(d.Now()); said != "" && !s.typed(keyPress(name)) {
				t.Errorf("%s in %s says %q", name, s.name, said)
			}
		}
	}
	s := drive(t, demo(), 120, 36)
	s.key("1", "e")
	s.shows("e does nothing in stations; in events, an open event, dead letters: show the entity of this event")
	s.key("r") // panes are named before what opens over them
	s.shows("r does nothing in stations; in events: resend; in ")
	s.key("c")
	s.shows("c does nothing now: it needs a station that is catching up")
	s.key("4", "c") // two keys have this name: each is named, though not at length
	s.shows("c does nothing in entities; in stations: cancel; in events: journey")
}

// What a key does is said in the table of keys alone: nothing else in the deck asks which key was pressed.
func TestKeysAreLookedUpInOnePlace(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || path == filepath.Join("component", "key.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), ".Keystroke()") {
			t.Errorf("%s looks at keys itself: they belong into the table, from which help and notices are made", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Nothing in the help or in the palette is cut, at whichever size, from wherever it is opened.
func TestHelpAndPaletteAreWhole(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
		for _, open := range []string{"?", ":"} {
			s := drive(t, handled(demo()), size[0], size[1], armed(t, embeddedBus()), withLevers(embeddedLevers()))
			s.key("1", open)
			var whole strings.Builder
			for range 40 {
				text, _, _ := strings.Cut(s.inside(), "type to find")
				whole.WriteString(s.inside())
				if strings.Contains(text, "…") {
					t.Fatalf("%v: %s is cut:\n%s", size, open, s.screen())
				}
				s.key("pgdown")
			}
			keys := s.model.keys.All()
			if open == ":" {
				s.key("esc")
				keys = s.model.keys.Commands(&s.model.Deck)
			}
			for _, key := range keys {
				for word := range strings.FieldsSeq(key.Help) {
					if !strings.Contains(whole.String(), word) {
						t.Errorf("%v: %s does not show %q of %q", size, open, word, key.Help)
					}
				}
			}
		}
	}
}

// inside is what is drawn in the overlay on top.
func (s *driver) inside() string {
	b := s.model.over
	rows := strings.Split(s.screen(), "\n")
	var text strings.Builder
	for _, row := range rows[b.Y : b.Y+b.H] {
		text.WriteString(string([]rune(row)[b.X:b.X+b.W]) + "\n")
	}
	return text.String()
}

func TestHelpFindsWhatIsTyped(t *testing.T) {
	s := drive(t, demo(), 120, 36, armed(t, embeddedBus()))
	s.key("3", "?")
	s.shows("here: consumers", "everywhere", "every pane")
	s.write("K")
	s.shows("the key K", "entities: show the next kind of entity")
	s.key("ctrl+u").write("fold sub")
	s.shows("unfold a station's subjects")
	s.hides("everywhere", "the key")
	s.key("ctrl+w", "ctrl+w").write("who has")
	s.shows("to the consumers before")
	s.key("esc", "enter", "?")
	s.shows("here: an open consumer")
	s.write("drag")
	s.shows("the mouse", "move a border between panes")
	s.key("esc")
	s.shows("consumer mailer")
	s.key("esc", "/", "f1")
	s.shows("here: the filter", "complete the word")
}
