package deck

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
)

func TestEventsFollowUntilScrolled(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.shows("following ─ 98", "01HX39Q")
	s.key("up")
	s.shows("scrolled · 1 newer")
	for i := range 40 {
		s.fake.add("election", "BallotCast", "ballot", fmt.Sprint("c-", i), `{}`, "")
	}
	s.send(snapshotMsg{})
	s.shows("scrolled · 41 newer", "CREATE_DELIVERY  delivery 01HX39Q")
	s.hides("c-39")
	s.key("end")
	s.shows("following ─ 138", "c-39")
	s.key("pgup", "pgup", "home")
	s.shows("01HX00Q budget=50", "137 newer")
	s.key("G")
	s.shows("following", "c-39")
	s.key("k", "j", "j")
	s.shows("following")
}

func TestEventStaysOpenAndChosenWhileOthersCome(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("enter")
	s.shows("event 98", `"purchase_price": 10`, "active → collected")
	for i := range 40 {
		s.fake.add("election", "BallotCast", "ballot", fmt.Sprint("c-", i), `{}`, "")
	}
	s.send(snapshotMsg{})
	s.shows("event 98")
	s.key("tab")
	s.shows("tree [raw] hex", `{"purchase_price":10,"quantity":2}`)
	s.key("tab")
	s.shows("00000000  7b 22 70 75")
	s.key("esc")
	s.shows("scrolled · 40 newer")
}

func TestOpenEventThatHasLeft(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("home", "enter")
	s.key("esc")
	s.fake.events = s.fake.events[50:]
	s.send(snapshotMsg{})
	s.run(s.deck.openEvent(3))
	s.send(snapshotMsg{})
	s.shows("this event has left the window")
}

func TestRefusedEventSaysWhy(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("/").write("type:DELIVER_PRODUCTS").key("enter", "enter")
	s.shows("refused", "✗ Not enough quantity")
}

func TestFilterNarrowsRecallsAndClears(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("/").write("type:BallotCast")
	s.shows("filter events", "8 of 98")
	s.key("enter")
	s.shows(" /type:BallotCast ", "following ─ 8 of 98")
	s.hides("filter events")
	s.key("esc")
	s.shows("following ─ 98")
	s.key("/", "up")
	s.shows("type:BallotCast", "8 of 98")
	s.key("esc")
	s.shows("following ─ 98")
	s.key("/").write("((")
	s.shows("✗")
	s.key("enter")
	s.shows("filter events")
	s.key("esc")
	s.key("4", "/").write("status:ready")
	s.shows("filter entities", "10 of 40")
	s.key("enter")
	s.shows("4 Entities  /status:", "10 of 40 ╮")
	s.key("/", "ctrl+u", "enter")
	s.shows("Entities · 40 deliveries")
}

func TestFilterCompletesAWord(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("/").write("-type:PICK")
	s.key("ctrl+u").write("type:PICK").key("tab")
	s.shows("type:PICKUP_PRODUCTS", "40 of 98")
}

// While somebody types, letters are letters: q does not quit.
func TestTypingIsNotCommanding(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("/").write("q?m12 z")
	s.shows("q?m12 z")
	if len(s.sent) != 0 {
		t.Errorf("typing sent %T", s.sent[0])
	}
	s.send(keyPress("ctrl+c"))
	s.quits()
}

func (s *stage) quits() {
	s.t.Helper()
	if n := len(s.sent); n == 0 {
		s.t.Error("it does not quit")
	} else if _, ok := s.sent[n-1].(tea.QuitMsg); !ok {
		s.t.Errorf("it does not quit, it sends %T", s.sent[n-1])
	}
}

func TestQuits(t *testing.T) {
	for _, keys := range [][]string{{"q"}, {"ctrl+c"}, {"?", "q"}, {"?", "ctrl+c"}, {":", "ctrl+c"}, {"enter", "q"}} {
		s := play(t, demo(), 120, 36)
		s.key(keys...)
		s.quits()
	}
	s := play(t, demo(), 20, 5)
	s.shows("signalbox needs")
	s.key("q")
	s.quits()
}

func TestFreezeHoldsTheViewAndGoesOnCounting(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("space")
	for i := range 312 {
		s.fake.add("election", "BallotCast", "ballot", fmt.Sprint("c-", i), `{}`, "")
	}
	s.fake.base.Stations = slices.Clone(s.fake.base.Stations)
	s.fake.base.Stations[0].Rate = 999
	s.send(snapshotMsg{})
	s.shows("frozen · 312 newer", "frozen ─ 98", "312/s")
	s.hides("c-311", "999/s")
	s.key("up", "up", "enter")
	s.shows("event 96")
	s.key("esc", "space")
	s.shows("following ─ 410", "c-311", "999/s")
	s.hides("frozen")
}

func TestTimeCursorTakesEveryPaneAlong(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("[")
	if s.fake.view.At != 97 {
		t.Errorf("the source is asked for %d, want 97", s.fake.view.At)
	}
	s.shows("at 14:03:22.783 · esc is now", "at an earlier time ─ 97")
	s.key("[", "]", "]")
	s.hides("esc is now")
	s.key("{")
	if s.fake.view.At != 1 {
		t.Errorf("a hundred events before the 98th is %d, want 1", s.fake.view.At)
	}
	s.key("esc")
	s.shows("following ─ 98")
	s.key("/").write("type:BallotCast").key("enter", "[", "[")
	if e := s.fake.events[s.fake.view.At-1]; e.Type != "BallotCast" {
		t.Errorf("with a filter the cursor stands on %s %d, which is not shown", e.Type, e.Number)
	}
}

func TestStateStepsThroughVersions(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("5")
	s.shows("delivery 01HX00Q · v4", "budget    30  was 50", "●v4")
	s.key("[")
	if got := s.fake.view.Version; got != 3 {
		t.Errorf("the source is asked for version %d, want 3", got)
	}
	s.key("[", "[", "[", "[")
	if got := s.fake.view.Version; got != 1 {
		t.Errorf("the source is asked for version %d, want 1", got)
	}
	s.key("]", "]", "]")
	if got := s.fake.view.Version; got != 0 {
		t.Errorf("the newest version is asked for as %d, want 0", got)
	}
	if s.fake.view.At != 0 {
		t.Error("the time cursor moved as well")
	}
	s.key("end", "enter")
	s.shows("event 4 ")
}

func TestEntitiesKeepTheChosenOne(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("4", "down", "down")
	if got := s.deck.entities.chosen.ID; got != "01HX02Q" {
		t.Fatalf("chosen is %s, want 01HX02Q", got)
	}
	e := s.fake.entities
	s.fake.entities = slices.Concat(e[20:], e[:20])
	s.send(snapshotMsg{})
	if got := s.deck.entities.chosen.ID; got != "01HX02Q" {
		t.Errorf("chosen is %s after the rows moved, want 01HX02Q", got)
	}
	s.key("end")
	if got, want := s.deck.entities.chosen.ID, s.fake.entities[39].ID; got != want {
		t.Errorf("the last is %s, want %s", got, want)
	}
	s.shows("▌" + s.fake.entities[39].ID)
	s.key("home")
	s.shows("▌" + s.fake.entities[0].ID)
	s.key("o")
	s.shows("by id")
	if got := s.fake.view.Entities.Sort; got != "id" {
		t.Errorf("the source is asked to sort by %q, want id", got)
	}
}

func TestEntityOfAnEvent(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("/").write("01HX00Q").key("enter", "e")
	s.shows("5 delivery 01HX00Q")
	if s.deck.focus != statePane {
		t.Errorf("the focus is on pane %d, want the state", s.deck.focus)
	}
}

func TestFocusAndZoom(t *testing.T) {
	s := play(t, demo(), 80, 24)
	for i, want := range []string{"3 Consumers ─", "4 Entities ·", "4 Entities ·", "1 Stations ─", "2 Events ─"} {
		s.key("tab")
		if !strings.Contains(s.screen(), want) {
			t.Errorf("after tab %d the screen does not show %q", i+1, want)
		}
	}
	s.key("shift+tab", "z")
	s.shows("zoomed", "1 Stations ─")
	s.hides("following")
	s.key("esc")
	s.shows("following")
	s.key("4")
	s.shows("2 rejected · 1 partial")
}

func TestOnlyOneStation(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key("1", "down", "o")
	s.shows(" only election ", "8 of 98")
	s.key("o")
	s.hides(" only election ")
}

func TestPaletteFindsAndDoes(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.key(":").write("ledger").key("enter")
	s.shows("all stations", "48,210 = 48,210 held + 0 evicted + 0 dropped")
	s.key("esc", ":").write("zzzz")
	s.shows("nothing by that name")
}

func TestCopies(t *testing.T) {
	s := play(t, demo(), 120, 36)
	copied := func() string {
		t.Helper()
		if len(s.sent) == 0 {
			t.Fatal("nothing was copied")
		}
		return fmt.Sprint(s.sent[len(s.sent)-1])
	}
	s.key("y")
	if got, want := copied(), `{"purchase_price":10,"quantity":2}`; got != want {
		t.Errorf("y copied %s, want %s", got, want)
	}
	s.shows("copied the payload")
	s.key("Y")
	var row struct{ Type string }
	if err := json.Unmarshal([]byte(copied()), &row); err != nil || row.Type != "PICKUP_PRODUCTS" {
		t.Errorf("Y copied %s (%v), want the event as JSON", copied(), err)
	}
	s.key("4", "y")
	if got := copied(); got != "01HX00Q" {
		t.Errorf("y on an entity copied %s, want its id", got)
	}
	s.key("Y")
	if got := copied(); !strings.Contains(got, `"state":{"budget":30`) {
		t.Errorf("Y on an entity copied %s, want its state", got)
	}
}

func TestMouse(t *testing.T) {
	s := play(t, demo(), 120, 36)
	click := func(x, y int) { s.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	click(50, 23)
	if got := s.deck.entities.chosen.ID; s.deck.focus != entitiesPane || got != "01HX03Q" {
		t.Errorf("a click on the fourth entity focuses pane %d and chooses %s", s.deck.focus, got)
	}
	click(60, 5)
	s.shows("scrolled")
	s.now = s.now.Add(100 * time.Millisecond)
	click(60, 5)
	s.shows("payload")
	click(1, 2)
	s.hides("payload")
	s.send(wheelMsg{60, 5, -6})
	s.send(wheelMsg{60, 5, -6})
	s.shows("newer")
	s.key("m")
	if s.deck.View().MouseMode != tea.MouseModeNone {
		t.Error("the mouse is still taken after m")
	}
}

func TestWheelIsMergedInAFilter(t *testing.T) {
	now := noon
	filter := mergeWheel(func() time.Time { return now })
	sum, messages := 0, 0
	for range 100 {
		now = now.Add(time.Millisecond)
		if msg := filter(nil, tea.MouseWheelMsg{Button: tea.MouseWheelDown}); msg != nil {
			sum += msg.(wheelMsg).by
			messages++
		}
	}
	if messages > 4 || sum < 200 {
		t.Errorf("100 notches in 100 ms came as %d messages of %d rows, want 4 at most and nearly 300", messages, sum)
	}
	now = now.Add(time.Minute)
	if msg := filter(nil, tea.MouseWheelMsg{Button: tea.MouseWheelUp}); msg.(wheelMsg).by != -wheelStep && msg.(wheelMsg).by > wheelStep {
		t.Errorf("after a minute a notch up is %v", msg)
	}
	if msg := filter(nil, keyPress("q")); msg == nil {
		t.Error("the filter took a key")
	}
}

func TestNoticesPassAndLinksSpeak(t *testing.T) {
	s := play(t, demo(), 120, 36)
	s.fake.base.Notices = []sources.NoticeRow{{Time: noon.Add(time.Second), Level: int(bus.Warn), Station: "orders", Text: "no permission"}}
	s.fake.base.Buses[0].Link = "closed"
	s.send(snapshotMsg{})
	s.shows("! orders: no permission", "✗ closed")
	s.now = s.now.Add(noticeTime)
	s.send(tickMsg(s.now))
	s.hides("no permission")
	s.shows("? help")
	s.send(snapshotMsg{})
	s.hides("no permission")
}

func TestOfferIsTakenUp(t *testing.T) {
	f := newFake()
	accepted := false
	s := play(t, f, 120, 36, func(o *Options) {
		o.Offer = &Offer{Text: "Listen to everything?", Accept: func(context.Context) error { accepted = true; return nil }}
	})
	s.shows("Listen to everything?", "press a")
	s.key("a")
	if !accepted {
		t.Error("a did not take the offer up")
	}
	s.hides("Listen to everything?")
}

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
	f.entities[0].Fields = []sources.Field{{Name: evil, Value: sources.TextValue(evil)}}
	d := *f.details[sources.Entity{Kind: "delivery", ID: "01HX00Q"}]
	d.EntityRow = f.entities[0]
	d.State[0].Name, d.State[0].SetBy, d.State[0].Value = evil, evil, sources.TextValue(evil)
	d.History[0].Type, d.History[2].Rejected = evil, evil
	f.details[d.Entity] = &d
	tour := [][]string{{}, {"1", "enter"}, {"2", "enter"}, {"2", "up", "enter"}, {"2", "up", "enter", "tab"}, {"3", "enter"}, {"4"},
		{"5", "enter"}, {"L"}, {"/"}, {"r"}, {"z"}}
	for _, size := range [][2]int{{200, 60}, {120, 36}, {80, 24}} {
		for _, keys := range tour {
			s := play(t, f, size[0], size[1], armed(t, embeddedBus()), func(o *Options) { o.Title = evil })
			s.key(keys...)
			s.screen()
			harmless(t, s.deck.View().Content, keys)
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

func TestLargePayloadOpensAndScrolls(t *testing.T) {
	f := demo()
	long := bytes.Repeat([]byte(`{"k":"`+strings.Repeat("x", 500)+`"},`), 10_000)
	f.add("deliveries", "BULK", "delivery", "big", `[`+string(long)+`{}]`, "")
	s := play(t, f, 120, 36)
	s.key("enter")
	s.shows("event 99", `"k": "xxx`)
	s.key("end")
	s.shows("]")
	s.key("home", "tab", "end")
	s.shows("{}]")
	s.key("tab", "end")
	s.shows("7b 7d 5d")
}

func TestResizingKeepsTheFrameWhole(t *testing.T) {
	s := play(t, demo(), 200, 60)
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
	s := play(t, demo(), 120, 36)
	dark := s.deck.View().Content
	s.send(tea.BackgroundColorMsg{Color: lightGrey{}})
	if light := s.deck.View().Content; light == dark {
		t.Error("a light background changed no colour")
	}
}

type lightGrey struct{}

func (lightGrey) RGBA() (r, g, b, a uint32) { return 0xeeee, 0xeeee, 0xeeee, 0xffff }
