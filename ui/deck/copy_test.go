package deck

import (
	"strings"
	"testing"

	"signalbox/ui/deck/component"
)

// y and Y say what they copied, that there is nothing to copy and why, or that they do nothing here: in every pane and overlay,
// with events and without.
func TestCopyingAlwaysSaysWhatItDid(t *testing.T) {
	all := situations(t)
	for _, pane := range []string{"1", "2", "3", "4", "5"} {
		s := drive(t, newFake(), 120, 36)
		s.key(pane)
		all = append(all, situation{"nothing in pane " + pane, s})
	}
	gone := drive(t, withDeadLetters(demo()), 120, 36)
	gone.key("D", "end")
	all = append(all, situation{"a dead letter that is gone", gone})
	for _, s := range all {
		for _, key := range []string{"y", "Y"} {
			if found, _ := s.model.keys.Find(&s.model.Deck, keyPress(key)); s.typed(keyPress(key)) || found != nil && !strings.HasPrefix(found.Help, "copy") {
				continue
			}
			s.sent = nil
			s.key(key)
			_, said := s.model.Notice.Shown(s.now)
			copied, why := strings.HasPrefix(said, "copied "), strings.HasPrefix(said, "there is nothing to copy: ")
			if elsewhere := strings.HasPrefix(said, key+" does nothing in "+component.Called(s.model.Here())); copied == why && !elsewhere {
				t.Errorf("%s in %s says %q", key, s.name, said)
			}
			if copied != (len(s.sent) == 1) {
				t.Errorf("%s in %s says %q and hands the terminal %q", key, s.name, said, s.sent)
			}
			if strings.Contains(said, "beginning") {
				t.Errorf("%s in %s says %q: nothing there is a beginning", key, s.name, said)
			}
		}
	}
	s := drive(t, newFake(), 80, 24)
	s.key("y")
	s.shows("there is nothing to copy: no event is here")
}

// Only what is shown of a large payload is at hand in the list of events: y says so, and where it is whole.
func TestCopyingTheBeginningOfAPayload(t *testing.T) {
	f := demo()
	e := f.add("deliveries", "BULK", "delivery", "x", `{"a":`, "")
	e.Size = 5 << 20
	s := drive(t, f, 120, 36)
	s.key("y")
	s.shows("there is nothing to copy: only the beginning of the payload is here; enter opens it, and y copies it whole there")
	e.Size, e.Data = 0, nil
	s.key("y")
	s.shows("there is nothing to copy: the payload is empty")
}
