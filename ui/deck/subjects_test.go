package deck

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/subjects"
	"signalbox/ui/output"
)

// subjectTrees answers a view as the engine does.
func (f *fake) subjectTrees() []sources.SubjectTree {
	most := map[string]int{}
	for _, u := range f.view.Subjects.Branches() {
		most[u.Path] = u.Most
	}
	if _, unfolded := most[""]; !unfolded {
		return nil
	}
	t := sources.SubjectTree{}
	var list func(branch string, depth int)
	list = func(branch string, depth int) {
		rows := f.subjects[branch]
		shown := min(len(rows), most[branch])
		for _, r := range rows[:shown] {
			if r.Depth = depth; depth == 0 {
				t.Events += r.Events
			}
			t.Rows = append(t.Rows, r)
			if _, unfolded := most[r.Path]; unfolded && r.Kind == subjects.BranchRow {
				list(r.Path, depth+1)
			}
		}
		if hidden := len(rows) - shown; hidden > 0 {
			t.Rows = append(t.Rows, subjects.Row{Kind: subjects.MoreRow, Path: branch, Depth: depth, Hidden: hidden, Last: noon})
		}
	}
	list("", 0)
	return []sources.SubjectTree{t}
}

// listening is a world in which the first station listens to everything.
func listening() *fake {
	f := demo()
	s := &f.base.Stations[0]
	s.Key, s.Station.Name, s.Station.Kind, s.Station.Replayable, s.Unfolds = ">", ">", bus.Subject, false, true
	subject := func(path string, events uint64, ago time.Duration) subjects.Row {
		r := subjects.Row{Path: path, Events: events, Rate: float64(events / 100), Last: noon.Add(-ago)}
		if path[len(path)-1] == '.' {
			r.Kind = subjects.BranchRow
		}
		r.Token = path[strings.LastIndexByte(path[:len(path)-1], '.')+1:]
		return r
	}
	f.subjects = map[string][]subjects.Row{
		"":                {subject("orders.", 6000, time.Second), subject("_INBOX.", 3900, 0), subject("deliveries.", 99, 0), subject("orders", 1, time.Hour)},
		"orders.":         {subject("orders.created.", 5000, time.Second), subject("orders.paid", 1000, 2*time.Minute)},
		"orders.created.": {subject("orders.created.eu", 4000, time.Second), subject("orders.created.us", 1000, time.Minute)},
		"deliveries.":     {subject("deliveries.01HX00Q", 99, 0)},
	}
	for range 130 {
		id := "a" + strings.Repeat("0", 9)
		f.subjects["_INBOX."] = append(f.subjects["_INBOX."], subject("_INBOX."+id+string(rune('0'+len(f.subjects["_INBOX."]))), 1, 0))
	}
	f.subjects["_INBOX."] = append(f.subjects["_INBOX."], subjects.Row{Kind: subjects.OtherRow, Path: "_INBOX.", Events: 3770, Last: noon})
	return f
}

func TestSubjectScreens(t *testing.T) {
	for _, test := range []struct {
		name          string
		width, height int
	}{{"subjects_80x24", 80, 24}, {"subjects_120x36", 120, 36}, {"subjects_200x60", 200, 60}} {
		s := drive(t, listening(), test.width, test.height)
		s.key("1", "right", "down", "right", "down", "right")
		s.golden(test.name)
	}
}

func TestSubjectsUnfoldAndFold(t *testing.T) {
	s := drive(t, listening(), 120, 36)
	s.hides("→ ← unfold")
	s.key("1")
	s.shows("▸>", "→ ← unfold")
	s.hides("orders.")
	s.key("right")
	s.shows("▾>", "▸orders.", "6000     60/s          60%", "<1%")
	s.key("right", "l", "right", "l") // onto orders. and into it, onto orders.created. and into it
	s.shows("▾created.", " eu ")
	s.key("down", "left", "left")
	s.shows("▌  ▸created.")
	s.hides(" eu ")
	s.key("h", "h")
	s.shows("▌ ▸orders.")
	s.key("l")
	s.shows("▸created.")
	s.key("h", "h", "h")
	s.shows("▌▸>")
	s.hides("orders.")
	if got := s.fake.view.Subjects.Branches(); len(got) != 0 {
		t.Errorf("folded subjects are still asked for: %v", got)
	}
	s.key("right", "3")
	s.key("down", "1", "end")
	if x, ok := s.row().(output.StationLine); !ok || x.Name != "deliveries-state" {
		t.Errorf("the last line is %+v", s.row())
	}
	s.hides("→ ← unfold")
}

func TestSubjectsAreAskedForWhileTheyAreShown(t *testing.T) {
	s := drive(t, listening(), 80, 24)
	s.key("1", "right")
	if len(s.fake.view.Subjects.Branches()) != 1 {
		t.Errorf("%v is asked for", s.fake.view.Subjects.Branches())
	}
	s.key("4")
	if len(s.fake.view.Subjects.Branches()) != 0 {
		t.Errorf("%v is asked for", s.fake.view.Subjects.Branches())
	}
}

func TestMoreSubjects(t *testing.T) {
	s := drive(t, listening(), 200, 60)
	s.key("1", "right", "down", "down", "right", "z", "pgdown")
	s.shows("… 111 more")
	for range 20 {
		if r, ok := s.row().(*subjects.Row); ok && r.Kind == subjects.MoreRow {
			break
		}
		s.key("up")
	}
	s.key("enter")
	s.shows("… 11 more")
	s.key("right")
	for range 3 {
		s.key("pgdown")
	}
	s.shows("… others, not told apart")
	s.key("end", "up", "up", "up", "up", "up", "up")
	if r, ok := s.row().(*subjects.Row); !ok || r.Kind != subjects.OtherRow {
		t.Fatalf("chosen is %+v", s.row())
	}
	s.key("o")
	s.shows("these subjects are not told apart")
}

func TestEventsOfASubject(t *testing.T) {
	s := drive(t, listening(), 120, 36)
	for _, e := range s.fake.events {
		if e.Station == "deliveries" {
			e.Station = ">"
		}
	}
	s.key("1", "right", "down", "down", "down", "o")
	s.shows(" only > ", " /subject:deliveries.* ", "90 of 98")
	s.key("right", "down", "o")
	s.shows(` /subject:"deliveries.01HX00Q" `, "2 of 98")
	s.key("o")
	s.hides(" only > ", "/subject")
	s.key("o", "home", "o")
	s.shows(" only > ", "90 of 98")
	s.hides("/subject")
	s.key("o")
	s.hides(" only > ")
	s.key("down", "down", "down", "enter")
	if got := s.focused(); got != "Events" {
		t.Errorf("enter on a subject focuses %s", got)
	}
	s.shows(" /subject:deliveries.* ", "following")
	s.key("esc")
	s.hides(" only > ", "/subject")
	s.key("/", "up")
	s.shows("subject:deliveries.*")
	s.key("esc", "1", "y")
	s.shows("copied the subject")
}

func TestMouseUnfolds(t *testing.T) {
	s := drive(t, listening(), 120, 36)
	click := func(x, y int) {
		s.now = s.now.Add(time.Second)
		s.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	}
	click(2, 2)
	s.shows("▸orders.")
	click(3, 3)
	s.shows("▾orders.", "▸created.")
	click(8, 3)
	s.shows("▾orders.")
	click(3, 3)
	s.hides("created.")
	click(2, 2)
	s.hides("orders.")
}

func TestSubjectsOfAFrozenViewStandStill(t *testing.T) {
	s := drive(t, listening(), 120, 36)
	s.key("1", "right", "space")
	s.fake.subjects[""][0].Events = 777
	s.send(snapshotMsg{})
	s.shows("6000")
	s.key("down", "right")
	s.shows("created.")
	s.key("space")
	s.shows("777")
}

// The order of subjects is held while the cursor is among them, and let go at the first line and by going to the last.
func TestSubjectsAreHeldWhileTheCursorIsAmongThem(t *testing.T) {
	s := drive(t, listening(), 120, 36)
	s.key("1", "right")
	if s.fake.view.HoldSubjects != 0 {
		t.Error("subjects are held while the cursor is on the first line")
	}
	s.key("down")
	held := s.fake.view.HoldSubjects
	s.fake.add("deliveries", "Moved", "", "", "{}", "")
	s.send(snapshotMsg{})
	if s.key("down"); held == 0 || s.fake.view.HoldSubjects != held {
		t.Errorf("subjects are held for %d, then for %d", held, s.fake.view.HoldSubjects)
	}
	s.key("end")
	if now := s.fake.view.HoldSubjects; now == held || now == 0 {
		t.Errorf("at the last line subjects are held for %d, as before", now)
	}
	s.key("home")
	if s.fake.view.HoldSubjects != 0 {
		t.Error("subjects are held although the cursor is back on the first line")
	}
}
