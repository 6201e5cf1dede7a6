package deck

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
)

func (s *driver) quits() {
	s.t.Helper()
	if n := len(s.sent); n == 0 {
		s.t.Error("it does not quit")
	} else if _, ok := s.sent[n-1].(tea.QuitMsg); !ok {
		s.t.Errorf("it does not quit, it sends %T", s.sent[n-1])
	}
}

func TestQuits(t *testing.T) {
	for _, keys := range [][]string{{"q"}, {"ctrl+c"}, {"?", "esc", "q"}, {"?", "ctrl+c"}, {":", "ctrl+c"}, {"enter", "q"}} {
		s := drive(t, demo(), 120, 36)
		s.key(keys...)
		s.quits()
	}
	s := drive(t, demo(), 20, 5)
	s.shows("signalbox needs")
	s.key("q")
	s.quits()
}

func TestEntitiesKeepTheChosenOne(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("4", "down", "down")
	if got := s.model.Selection.Entity.ID; got != "01HX02Q" {
		t.Fatalf("chosen is %s, want 01HX02Q", got)
	}
	e := s.fake.entities
	s.fake.entities = slices.Concat(e[20:], e[:20])
	s.fake.add("deliveries", "Moved", "", "", "{}", "")
	s.send(snapshotMsg{})
	if got := s.model.Selection.Entity.ID; got != "01HX02Q" {
		t.Errorf("chosen is %s after the rows moved, want 01HX02Q", got)
	}
	s.key("end")
	if got, want := s.model.Selection.Entity.ID, s.fake.entities[39].ID; got != want {
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

func TestFocusAndZoom(t *testing.T) {
	s := drive(t, demo(), 80, 24)
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

func TestPaletteFindsAndDoes(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key(":").write("ledger").key("enter")
	s.shows("all stations", "48,210 = 48,210 held + 0 evicted + 0 dropped")
	s.key("esc", ":").write("zzzz")
	s.shows("nothing by that name")
}

// The words of the footer are found in the help and in the palette.
func TestWordsOfTheFooterAreFound(t *testing.T) {
	for word, does := range map[string]string{
		"journey": "follow what this event", "resend": "edit this event and", "zoom": "the focused pane alone",
	} {
		s := drive(t, demo(), 120, 36)
		s.key("?").write(word)
		s.shows(does)
		s.key("esc", "esc", ":").write(word)
		s.shows(does)
	}
}

func TestCopies(t *testing.T) {
	s := drive(t, demo(), 120, 36)
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
	for pane, want := range map[string]string{"1": `"kind":"stream"`, "3": `"diagnosis":`} {
		s.key(pane, "Y")
		var line struct{ Bus, Name string }
		if err := json.Unmarshal([]byte(copied()), &line); err != nil || line.Name == "" || !strings.Contains(copied(), want) {
			t.Errorf("Y in pane %s copied %s (%v), want the line of JSON that the command line prints", pane, copied(), err)
		}
	}
}

func TestNoticesPassAndLinksSpeak(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.fake.base.Notices = []sources.NoticeRow{{Time: noon.Add(time.Second), Level: int(bus.Warn), Station: "orders", Text: "no permission"}}
	s.fake.base.Buses[0].Link = "closed"
	s.send(snapshotMsg{})
	s.shows("! orders: no permission", "✗ closed")
	s.now = s.now.Add(component.NoticeTime)
	s.send(tickMsg(s.now))
	s.hides("no permission")
	s.shows("? help")
	s.send(snapshotMsg{})
	s.hides("no permission")
}

func TestOfferIsTakenUp(t *testing.T) {
	f := newFake()
	asked := 0
	s := drive(t, f, 120, 36, func(o *Options) {
		o.Offer = &Offer{Text: "Listen to everything?", Accept: func(context.Context) error {
			if asked++; asked == 1 {
				return errors.New("subscribe to >: no permission")
			}
			return nil
		}}
	})
	s.shows("Listen to everything?", "press a")
	s.key("a")
	s.shows("✗ subscribe to >: no permission", "Listen to everything?")
	s.key("a")
	if asked != 2 {
		t.Errorf("it was accepted %d times, want twice", asked)
	}
	s.hides("Listen to everything?")
}
