package deck

import (
	"slices"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/sources"
)

// TestGoldenScreens keeps whole screens: each size, and each overlay once.
func TestGoldenScreens(t *testing.T) {
	press := func(names ...string) func(*driver) { return func(s *driver) { s.key(names...) } }
	tests := []struct {
		name          string
		width, height int
		do            func(*driver)
	}{
		{"wide_200x60", 200, 60, nil},
		{"wide_120x36", 120, 36, nil},
		{"wide_120x24", 120, 24, nil},
		{"tall_90x50", 90, 50, nil},
		{"narrow_80x24", 80, 24, nil},
		{"narrow_80x24_consumers", 80, 24, press("3")},
		{"narrow_80x24_entities", 80, 24, press("4")},
		{"narrow_80x24_state", 80, 24, press("5", "down", "down")},
		{"low_60x15", 60, 15, nil},
		{"low_140x16", 140, 16, press("4")},
		{"small_50x10", 50, 10, nil},
		{"zoomed_120x36", 120, 36, press("3", "z")},
		{"scrolled_120x36", 120, 36, press("up", "up", "up", "pgup")},
		{"event_120x36", 120, 36, press("up", "up", "enter")},
		{"event_hex_120x36", 120, 36, press("up", "up", "enter", "tab", "tab")},
		{"event_80x24", 80, 24, press("up", "up", "up", "enter")},
		{"station_120x36", 120, 36, press("1", "enter")},
		{"consumer_120x36", 120, 36, press("3", "enter")},
		{"value_120x36", 120, 36, press("5", "enter")},
		{"ledger_120x36", 120, 36, press("L")},
		{"help_120x36", 120, 36, press("?")},
		{"help_80x24", 80, 24, press("?")},
		{"palette_120x36", 120, 36, func(s *driver) { s.key(":").write("led") }},
		{"filter_120x36", 120, 36, func(s *driver) { s.key("/").write("type:PICKUP*") }},
		{"frozen_120x36", 120, 36, press("space")},
		{"earlier_120x36", 120, 36, press("[", "[", "[")},
		{"time_line_120x36", 120, 36, press("T", "left", "left", "shift+tab", "m")},
		{"time_line_80x24", 80, 24, press("T", "left", "left")},
		{"past_80x24", 80, 24, func(s *driver) { s.fake.then = thenOf(s, past); s.key("[") }},
		{"past_200x60", 200, 60, func(s *driver) { s.fake.then = thenOf(s, past); s.key("[") }},
		{"unsampled_120x36", 120, 36, func(s *driver) { s.fake.then = thenOf(s, unsampled); s.key("[") }},
		{"reconnecting_120x36", 120, 36, func(s *driver) {
			s.fake.base.Buses[0].Link, s.fake.base.Buses[0].Since = "reconnecting", noon.Add(-12e9)
			s.fake.base.Ledger.Missed = 12
			s.fake.base.Notices = []sources.NoticeRow{{Time: noon.Add(1), Level: 2, Bus: "embedded nats", Station: "deliveries",
				Text: "the connection was lost: connection refused"}}
			s.send(snapshotMsg{})
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := drive(t, demo(), test.width, test.height)
			if test.do != nil {
				test.do(s)
			}
			s.golden(test.name)
		})
	}
}

// TestNothingThere keeps the screen of a deck that has found nothing, with and without an offer.
func TestNothingThere(t *testing.T) {
	empty := func() *fake {
		f := newFake()
		f.base.Buses = demo().base.Buses
		return f
	}
	drive(t, empty(), 80, 24).golden("nothing_80x24")
	s := drive(t, empty(), 120, 36, func(o *Options) {
		o.Offer = &Offer{Text: "This server has no streams. signalbox can listen to every subject instead (\">\")."}
	})
	s.golden("offer_120x36")
	f := empty()
	f.base.Buses = []sources.BusRow{{Name: "127.0.0.1:6379", Link: bus.Live, Recognised: []string{"deliveries"}}}
	f.base.Stations = []sources.StationRow{{Key: "keys:*.Event:*", Bus: "127.0.0.1:6379", Station: bus.Station{Name: "keys:*.Event:*", Kind: bus.Keys, Consumers: -1},
		Offer: &sources.Offer{Station: "keys:*.Event:*", Keys: 15, Values: "hashes", Kind: "delivery", Domain: "deliveries"}}}
	found := drive(t, f, 120, 36, func(o *Options) { o.Title, o.Offer = "", &Offer{Short: "listen to everything that is sent (*)"} })
	found.golden("found_120x36")
	found.key("enter")
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Equal(f.taken, []string{"keys:*.Event:*"}) {
		t.Errorf("enter reads %v", f.taken)
	}
	if !strings.Contains(s.screen(), "a accept") {
		t.Error("the footer does not show the key that takes the offer up")
	}
}
