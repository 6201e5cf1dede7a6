package deck

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
)

// Whatever a payload, subject, header, name or notice holds, no control byte reaches the terminal but the deck's own
// colours, and every row keeps its width.
func TestHostileTextIsHarmlessEverywhere(t *testing.T) {
	evil := "\x1b]52;c;aGk=\x07\x1b[2J\u202eevil\u200b\xff\r\n日本語🚚👩\u200d💻\u009b31m"
	f := demo()
	e := f.add("st"+evil, "T"+evil, "k"+evil, "id"+evil, `{"a`+evil+`":"`+evil+`"}`, "no"+evil)
	e.Headers = bus.Headers{{Name: "h" + evil, Value: evil}}
	f.add("x"+evil, "", "", "", evil, "").Problem = evil
	f.base.Stations[0].Key, f.base.Stations[0].Station.Name = evil, evil
	f.base.Stations[0].Station.Details = []bus.Detail{{Name: evil, Value: evil}}
	f.base.Consumers[0].Name, f.base.Consumers[0].Diagnosis.Text = evil, evil
	f.base.Buses[0].Name = evil
	f.base.Notices = []sources.NoticeRow{{Time: noon.Add(1), Text: evil, Station: evil}}
	f.entities[0].Status, f.entities[0].ID = evil, evil
	f.entities[0].Fields = []state.Field{{Name: evil, Value: state.TextValue(evil)}}
	d := *f.details[sources.Entity{Kind: "delivery", ID: "01HX00Q"}]
	d.EntityRow = f.entities[0]
	d.State[0].Name, d.State[0].SetBy, d.State[0].Value = evil, evil, state.TextValue(evil)
	d.History[0].Type, d.History[2].Rejected = evil, evil
	f.details[d.Entity] = &d
	tour := [][]string{{}, {"1", "enter"}, {"2", "enter"}, {"2", "up", "enter"}, {"2", "up", "enter", "tab"}, {"3", "enter"}, {"4"},
		{"5", "enter"}, {"L"}, {"/"}, {"r"}, {"z"}}
	for _, size := range [][2]int{{200, 60}, {120, 36}, {80, 24}} {
		for _, keys := range tour {
			s := drive(t, f, size[0], size[1], armed(t, embeddedBus()), func(o *Options) { o.Title = evil })
			s.key(keys...)
			s.screen()
			harmless(t, s.model.View().Content, keys)
		}
	}
}

// harmless checks that a frame has no control bytes but line breaks and SGR sequences.
func harmless(t *testing.T, frame string, keys []string) {
	t.Helper()
	for i := 0; i < len(frame); i++ {
		if c := frame[i]; c == '\x1b' {
			end := strings.IndexFunc(frame[i+1:], func(r rune) bool { return r != '[' && r != ';' && (r < '0' || r > '9') })
			if end < 0 || frame[i+1] != '[' || frame[i+1+end] != 'm' {
				t.Fatalf("after %v the frame holds a sequence that is no colour: %q", keys, frame[i:min(i+20, len(frame))])
			}
		} else if c < ' ' && c != '\n' || c == 0x7f {
			t.Fatalf("after %v the frame holds byte %#x: %q", keys, c, frame[max(i-20, 0):min(i+20, len(frame))])
		}
	}
	for _, bad := range []string{"\u202e", "\u200b", "\u200d", "\u009b", "\xff"} {
		if strings.Contains(frame, bad) {
			t.Fatalf("after %v the frame holds %q", keys, bad)
		}
	}
}

func TestResizingKeepsTheFrameWhole(t *testing.T) {
	s := drive(t, demo(), 200, 60)
	for _, keys := range [][]string{{}, {"enter"}, {"esc", "?"}, {"esc", "/"}, {"esc", ":"}, {"esc", "3", "enter"}} {
		s.key(keys...)
		for width := 200; width >= 10; width -= 7 {
			for _, height := range []int{60, 37, 24, 15, 3} {
				s.send(tea.WindowSizeMsg{Width: width, Height: height})
				s.screen()
			}
		}
	}
}

func TestLightAndDark(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	dark := s.model.View().Content
	s.send(tea.BackgroundColorMsg{Color: lightGrey{}})
	if light := s.model.View().Content; light == dark {
		t.Error("a light background changed no colour")
	}
}

type lightGrey struct{}

func (lightGrey) RGBA() (r, g, b, a uint32) { return 0xeeee, 0xeeee, 0xeeee, 0xffff }
