package scripts

import (
	"slices"
	"strconv"
	"strings"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// sentLine says what was sent last, of how much in all: its type, where it went and at which place, and who receives it there.
func (s *Sending) sentLine(d *component.Deck, width int, of string) string {
	t := d.Theme
	l := label(d, width, "sent")
	if s == nil {
		l.Put(t.Faint, "nothing yet")
		return l.String()
	}
	l.Put(t.Text.With(t.Bright), screen.CleanUpTo(s.Type, l.Free())+" ")
	l.Put(t.Faint, "→ ")
	l.Put(t.Hue(s.Station), screen.CleanUpTo(s.Station, l.Free()))
	if !s.Receipt.Position.IsZero() {
		l.Put(t.Text, " "+s.Receipt.Positions.Format(s.Receipt.Position))
	}
	if s.Subject != s.Station {
		if subject := screen.CleanUpTo(s.Subject, width/3); screen.Cells(subject)+30 < l.Free() {
			l.Put(t.Dim, " on "+subject)
		}
	}
	l.Put(t.Dim, screen.CutWords(" · "+screen.Clean(s.received(d)), l.Free()-1))
	if of != "" && screen.Cells(of) < l.Free() {
		l.Put(t.Dim, of)
	}
	return l.String()
}

// sentInAll says how much was sent, and about how many entities, where that is more than one message: only the last is shown.
func (r *Run) sentInAll() string {
	n := r.dropped + len(r.sent)
	if n < 2 {
		return ""
	}
	about := map[sources.Entity]bool{}
	for i := range r.sent {
		if e := r.sent[i].Entity; !e.IsZero() {
			about[e] = true
		}
	}
	text := " · " + strconv.Itoa(n) + " sent"
	if len(about) > 1 {
		text += ", about "
		if r.dropped > 0 {
			text += "at least "
		}
		text += strconv.Itoa(len(about)) + " entities"
	}
	return text
}

// received says who receives what was sent.
func (s *Sending) received(d *component.Deck) string {
	readers := s.readers(d)
	switch {
	case len(readers) > 0 && s.Receipt.Station != "":
		return "read by " + strings.Join(readers, ", ")
	case len(readers) > 0:
		return "received by " + strings.Join(readers, ", ")
	case s.Receipt.Station != "":
		return "no consumer reads it"
	case s.Receipt.Receivers < 0:
		return "nobody tells who received it"
	}
	return "received by " + strconv.FormatInt(s.Receipt.Receivers, 10)
}

// Receivers are the names of who receives it, or how many they are, and whether there is anybody.
func (s *Sending) Receivers(d *component.Deck) (names string, anybody bool) {
	readers := s.readers(d)
	switch {
	case len(readers) > 0:
		return strings.Join(readers, " · "), true
	case s.Receipt.Station != "":
		return "no consumer", false
	case s.Receipt.Receivers < 0:
		return "whoever listens", false
	}
	return screen.Plural(uint64(s.Receipt.Receivers), "listener"), s.Receipt.Receivers > 0
}

// readers are the consumers of the station that keeps it, as far as they are listed, or those that listen. Once the script has ended
// they are those that it told of: stand-ins, and what was made, are gone since.
func (s *Sending) readers(d *component.Deck) []string {
	if s.Receipt.Station == "" {
		return s.Listening
	}
	if s.read != nil {
		return s.read
	}
	var names []string
	for i := range d.Snapshot().Consumers {
		if c := &d.Snapshot().Consumers[i]; c.Station == s.Station && !c.Session && !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

// outcomeLine says what came of it.
func (s *Sending) outcomeLine(d *component.Deck, width int) string {
	l := label(d, width, "became")
	if s != nil {
		s.putOutcome(d, l)
	}
	return l.String()
}

// putOutcome writes the entity, its status and version, and what has changed or why the event was refused.
func (s *Sending) putOutcome(d *component.Deck, l *screen.Line) {
	t := d.Theme
	if s.Entity.IsZero() {
		l.Put(t.Faint, "an event of no entity")
		return
	}
	id := screen.CleanUpTo(s.Entity.ID, 40)
	if l.Free() < 70 {
		id = screen.CutID(id, 10)
	}
	l.Put(t.Dim, screen.CleanUpTo(s.Entity.Kind, 30)+" "+id+" ")
	if s.Step == nil {
		l.Put(t.Faint, "has not come yet")
		return
	}
	if fault, why := s.Step.Fault(); fault != "" {
		l.Put(wording.FaultStyle(t, fault).With(t.Bright), "✗ "+screen.CleanUpTo(wording.FaultText(fault, why), l.Free()-1)+" ")
		l.Put(t.Dim, "it stays ")
	}
	if s.Is.Status != "" {
		l.Put(wording.StatusStyle(t, s.Is.Status).With(t.Bright), screen.CleanUpTo(s.Is.Status, l.Free())+" ")
	}
	l.Put(t.Dim, "v"+strconv.FormatUint(s.Is.Version, 10)+"  ")
	for _, change := range s.Step.Changes {
		if l.Free() <= 8 {
			break
		}
		l.Put(t.Dim, screen.CleanUpTo(wording.PathName(change.Name), l.Free())+" ")
		l.Put(t.Text, wording.Change(change, l.Free()-1)+"  ")
	}
}
