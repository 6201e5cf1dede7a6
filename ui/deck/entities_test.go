package deck

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
)

// shuffle has entities change places: some are touched, and one is new, 01HXNEW and a number. An event says so.
func shuffle(f *fake) {
	e := f.entities
	id := fmt.Sprintf("01HXNEW%d", len(f.events))
	fresh := sources.EntityRow{Entity: sources.Entity{Kind: "delivery", ID: id}, Version: 1, Status: "ready"}
	f.details[fresh.Entity] = &sources.EntityDetail{EntityRow: fresh, Shown: 1, Newest: 1}
	f.entities = slices.Concat([]sources.EntityRow{fresh}, e[15:20], e[1:2], e[:1], e[2:15], e[20:])
	f.add("deliveries", "Moved", "", "", "{}", "")
}

// rowsOf are the lines of a screen with an entity on them, without the pane beside and however wide the columns are.
func (s *driver) rowsOf(kindOfID string) []string {
	var rows []string
	for line := range strings.Lines(s.screen()) {
		if cell, _, ok := strings.Cut(strings.TrimPrefix(line, "│"), "│"); ok && strings.HasPrefix(strings.TrimLeft(cell, " ▌"), kindOfID) {
			rows = append(rows, strings.Join(strings.Fields(strings.TrimRight(cell, " ┃")), " "))
		}
	}
	return rows
}

// While an entity is chosen below the first row its line, and all others, stand still, whatever happens; what would move is
// counted, and moves when it is let.
func TestEntitiesStandStillWhileOneIsChosen(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
		s := drive(t, demo(), size[0], size[1])
		s.key("4", "down", "down", "down")
		before := s.rowsOf("01HX")
		shuffle(s.fake)
		s.send(snapshotMsg{})
		if after := s.rowsOf("01HX"); !slices.Equal(before, after) {
			t.Errorf("rows were\n%s\nand are\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
		}
		s.shows("▌01HX03Q", " would move", "u update")
		if got := s.model.Selection.Entity.ID; got != "01HX03Q" {
			t.Errorf("chosen is %s", got)
		}
		line := slices.IndexFunc(s.rowsOf(""), func(row string) bool { return strings.HasPrefix(row, "▌01HX03Q") })
		s.key("u")
		s.hides("would move")
		if now := slices.IndexFunc(s.rowsOf(""), func(row string) bool { return strings.HasPrefix(row, "▌01HX03Q") }); now != line {
			t.Errorf("let move, the chosen row went from line %d to %d", line, now)
		}
		if slices.Equal(before, s.rowsOf("01HX")) {
			t.Errorf("let move, nothing has:\n%s", strings.Join(before, "\n"))
		}
	}
}

// At the first row nothing is chosen: rows follow what happens, the state is that of the newest, and says so; enter acts on
// the row that is seen.
func TestTheFirstEntityIsFollowed(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.shows("newest · delivery 01HX00Q")
	s.key("4", "down", "up")
	shuffle(s.fake)
	s.send(snapshotMsg{})
	s.shows("▌01HXNEW", "newest · delivery 01HXNEW")
	s.hides("would move")
	s.key("enter")
	if got := s.model.Selection.Entity.ID; !strings.HasPrefix(got, "01HXNEW") || s.focused() != "State" {
		t.Errorf("enter on the first row chooses %q and focuses %s", got, s.focused())
	}
	s.hides("newest ·")
	s.key("esc")
	if s.focused() != "Entities" {
		t.Errorf("esc from the state that enter led to focuses %s", s.focused())
	}
	shuffle(s.fake)
	s.send(snapshotMsg{})
	s.shows("▌01HXNEW", "would move")
	s.key("g")
	s.shows("newest ·")
	s.hides("would move")
	s.key("down", "G")
	last := s.fake.entities[len(s.fake.entities)-1].ID
	s.shows("▌" + last)
	shuffle(s.fake)
	s.send(snapshotMsg{})
	s.shows("▌"+last, "would move")
	s.key("esc")
	s.shows("newest ·")
	s.hides("would move")
}

// The state of the first is shown for a while, also when another is the first: its row is marked then, and is what keys act on.
func TestTheEntityThatIsShownIsMarked(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
		s := drive(t, demo(), size[0], size[1])
		e := s.fake.entities
		s.fake.leading = e[0].Entity
		s.key("4")
		s.fake.entities = slices.Concat(e[1:4], e[:1], e[4:])
		s.fake.add("deliveries", "Moved", "", "", "{}", "")
		s.send(snapshotMsg{})
		s.shows("▌"+s.fake.leading.ID, " "+e[1].ID) // the list is shown from its first row on
		s.key("enter")
		if got := s.model.Selection.Entity; got != s.fake.leading {
			t.Errorf("enter chooses %v", got)
		}
	}
}

// The chosen entity is in sight after a resize, after turns of the wheel, and when it was chosen elsewhere.
func TestTheChosenEntityIsInSight(t *testing.T) {
	s := drive(t, demo(), 200, 60)
	s.key("4", "pgdown", "down")
	id := s.model.Selection.Entity.ID
	for _, size := range [][2]int{{80, 24}, {120, 36}, {60, 15}, {200, 60}} {
		s.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		s.shows("▌" + id)
	}
	a := s.model.Layout().Bands[len(s.model.Layout().Bands)-1][0]
	for range 8 {
		s.send(wheelMsg{a.X + 3, a.Y + 3, 3})
		s.shows("▌" + s.model.Selection.Entity.ID)
	}
	for range 20 {
		shuffle(s.fake)
		s.send(wheelMsg{a.X + 3, a.Y + 3, -3})
	}
	s.shows("newest ·")
	s.key("2", "home")
	s.key("e")
	s.shows("▌01HX00Q", "5 delivery 01HX00Q")
	s.key("esc")
	if s.focused() != "Events" || s.model.Time.Event() == 0 {
		t.Errorf("esc after e focuses %s and follows", s.focused())
	}
}

// An entity that leaves for want of memory leaves its place empty: nothing else is chosen in its stead, and the state says so.
func TestTheChosenEntityLeaves(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("4", "down", "down")
	s.fake.entities = slices.Delete(s.fake.entities, 2, 3)
	s.send(snapshotMsg{})
	s.shows("5 delivery 01HX02Q", "it is not held", " 01HX03Q")
	s.hides("▌01HX03Q", "▌01HX01Q")
	s.key("down")
	s.shows("▌01HX04Q")
	s.fake.entities = []sources.EntityRow{{Entity: sources.Entity{Kind: "delivery", ID: "01HXNEW"}, Version: 1}}
	s.send(snapshotMsg{})
	s.shows("▌01HXNEW")
	s.hides("would move")
}

// A frozen view keeps the order of entities too, although none is chosen.
func TestEntitiesOfAFrozenViewStandStill(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("space")
	before := s.rowsOf("01HX")
	shuffle(s.fake)
	s.send(snapshotMsg{})
	if after := s.rowsOf("01HX"); !slices.Equal(before, after) {
		t.Errorf("rows were\n%s\nand are\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	s.key("space")
	s.shows("▌01HXNEW")
}

// A filter that is typed and left again leaves everything as it was.
func TestAFilterOfEntitiesIsLeftAsItWasFound(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("4", "down", "down", "down", "o")
	shuffle(s.fake)
	s.send(snapshotMsg{})
	s.shows("would move")
	before := s.rowsOf("01HX")
	s.key("/").write("status:ready").key("esc")
	if after := s.rowsOf("01HX"); !slices.Equal(before, after) {
		t.Errorf("rows were\n%s\nand are\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	s.key("/").write("status:ready").key("enter", "down")
	s.shows("11 of 41")
	s.key("esc")
	if after := s.rowsOf("01HX"); !slices.Equal(before, after) {
		t.Errorf("rows were\n%s\nand are, once the filter was kept,\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	s.shows("by id", "▌01HX03Q")
}

// Consumers stand still, too, while one below the first is chosen.
func TestConsumersStandStillWhileOneIsChosen(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	names := func() []string {
		var found []string
		for _, line := range strings.Split(s.screen(), "\n") {
			for _, name := range []string{"mailer", "event-store", "courier"} {
				if strings.Contains(line, "││ "+name) || strings.Contains(line, "││▌"+name) {
					found = append(found, name)
				}
			}
		}
		return found
	}
	turn := func() {
		s.fake.base.Consumers = slices.Clone(s.fake.base.Consumers)
		slices.Reverse(s.fake.base.Consumers)
		s.send(snapshotMsg{})
	}
	is := func(want ...string) {
		t.Helper()
		if got := names(); !slices.Equal(got, want) {
			t.Errorf("consumers are %q, want %q", got, want)
		}
	}
	s.key("3", "down")
	turn()
	is("mailer", "event-store", "courier")
	s.shows("▌event-store", "2 would move", "u update")
	s.key("u")
	is("courier", "event-store", "mailer")
	s.shows("▌event-store")
	s.hides("would move")
	turn()
	s.key("down")
	s.shows("▌mailer", "2 would move")
	s.key("g")
	is("mailer", "event-store", "courier")
	s.shows("▌mailer")
	turn()
	is("courier", "event-store", "mailer")
	s.shows("▌courier")
	s.hides("would move")
}
