package deck

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// Panes and columns stand still while consumers and long names come and go from frame to frame; when such have been gone
// for a while the room is given back.
func TestPanesStandStill(t *testing.T) {
	f := demo()
	s := drive(t, f, 200, 60)
	steady, consumers := f.base.Consumers, slices.Clone(f.base.Consumers)
	for i := range 6 {
		r := consumers[0]
		r.Name = fmt.Sprintf("signalbox-tO3CH60I8ZkOP6qhCDgfn-%d", i)
		consumers = append(consumers, r)
	}
	rows := f.entities
	long := slices.Clone(rows)
	long[3].ID, long[4].Status = "01M7ZKFPBR9THVYQV04XSYBDEB", "waiting for the customer"
	seen := map[string]int{}
	for i := range 40 {
		s.now = s.now.Add(300 * time.Millisecond)
		f.base.Consumers, f.entities = steady, rows
		if i%3 == 0 {
			f.base.Consumers, f.entities = consumers, long
		}
		s.send(snapshotMsg{})
		seen[s.outline()]++
	}
	if len(seen) != 1 {
		t.Errorf("panes or headings stood in %d ways in 40 frames", len(seen))
	}
	before := s.outline()
	f.base.Consumers, f.entities = steady, rows
	for range 3 {
		s.now = s.now.Add(11 * time.Second)
		s.send(snapshotMsg{})
	}
	if s.outline() == before {
		t.Error("the room of what has gone is not given back")
	}
}

// outline is where panes are, and where the columns of consumers and entities stand.
func (s *driver) outline() string {
	out := fmt.Sprint(s.model.Layout().Bands)
	for row := range strings.Lines(ansi.Strip(s.model.View().Content)) {
		if strings.Contains(row, " consumer ") || strings.Contains(row, " status ") && strings.Contains(row, " id ") {
			out += "\n" + row[:len(row)/2]
		}
	}
	return out
}

// At every size an identifier of usual length, the key field and the status of an entity are seen where the pane is.
func TestEntitiesSayWhatTheyAre(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 24}, {120, 30}, {120, 36}, {200, 60}} {
		f := demo()
		for i := range f.entities {
			f.entities[i].ID = fmt.Sprintf("01M7ZKFPBR9THVYQV04XSYB%03d", i)
		}
		s := drive(t, f, size[0], size[1])
		s.key("4")
		text := s.screen()
		wants := []string{"budget", "collected", "002", " 32 "}
		if size[0] >= 200 {
			wants = append(wants, "01M7ZKFPBR9THVYQV04XSYB002")
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%d×%d: no %q in\n%s", size[0], size[1], want, text)
			}
		}
	}
}
