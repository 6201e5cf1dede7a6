package presenter

import (
	"strconv"

	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/scripts"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// flow is what was sent since the line was said, each in a row: from its type by its station to who reads it there.
func (v *View) flow(d *component.Deck, width, rows int) []string {
	if v.run == nil || v.again {
		return nil
	}
	sent := v.run.Sent()
	var out []string
	for i := max(len(sent)-rows, 0); i < len(sent); i++ {
		for _, arrow := range []string{"  ────→  ", " → "} {
			parts := v.way(d, &sent[i], arrow)
			total := 0
			for _, p := range parts {
				total += screen.Cells(p.text)
			}
			if total <= width-4 || arrow == " → " {
				out = append(out, centred(width, parts...))
				break
			}
		}
	}
	return out
}

// way is one of them.
func (v *View) way(d *component.Deck, s *scripts.Sending, arrow string) []part {
	t := d.Theme
	parts := []part{{t.Bright, screen.CleanUpTo(s.Type, 40)}, {t.Faint, arrow}, {t.Hue(s.Station), screen.CleanUpTo(s.Station, 40)}}
	if s.Receipt.Station != "" && !s.Receipt.Position.IsZero() {
		parts = append(parts, part{t.Dim, " " + s.Receipt.Positions.Format(s.Receipt.Position)})
	}
	names, anybody := s.Receivers(d)
	parts = append(parts, part{t.Faint, arrow}, part{map[bool]screen.Style{true: t.Text, false: t.Dim}[anybody], screen.CleanUpTo(names, 60)})
	if s.Step == nil {
		return parts
	}
	if fault, why := s.Step.Fault(); fault != "" {
		return append(parts, part{wording.FaultStyle(t, fault).With(t.Bright), "  ✗ " + screen.CleanUpTo(wording.FaultText(fault, why), 60)})
	}
	return append(parts, part{t.Good, "  ✓"})
}

// widestCard is how wide the entity is drawn at most.
const widestCard = 76

// card is the entity that the story is about: its fields, those before all that have changed since the line was said, and what has
// happened to it.
func (v *View) card(d *component.Deck, width, height int) []string {
	e := d.Snapshot().Entity
	of := v.subject()
	if v.again || of.IsZero() || e == nil || e.Entity != of || height < 4 {
		return nil
	}
	t, w := d.Theme, min(width-4, widestCard)
	inside := w - 2
	fields := v.fields(e, max(height-4, 1))
	p := screen.Panel{Title: screen.CleanUpTo(of.Kind, 30) + " " + screen.CleanUpTo(of.ID, inside/2), Info: []string{"version " + strconv.FormatUint(e.Newest, 10)}}
	if e.Status != "" {
		p.Chips = []screen.Chip{{Style: wording.StatusStyle(t, e.Status).With(t.Bright), Text: " " + screen.CleanUpTo(e.Status, 30) + " "}}
	}
	names := 0
	for _, f := range fields {
		names = max(names, screen.Cells(screen.CleanUpTo(f.Name, inside/3)))
	}
	for _, f := range fields {
		p.Lines = append(p.Lines, v.field(t, &f, names, inside))
	}
	p.Lines = append(p.Lines, screen.NewLine(inside, "").String(), v.history(t, e, inside))
	left := screen.NewLine((width-w)/2, "").String()
	right := screen.NewLine(width-w-(width-w)/2, "").String()
	var out []string
	for _, row := range p.Draw(t, w, min(len(p.Lines)+2, height), v.changed(e)) {
		out = append(out, left+row+right)
	}
	return out
}

// changed tells whether the entity is another than when the line was said.
func (v *View) changed(e *sources.EntityDetail) bool { return e.Newest > v.run.Before() }

// fields are as many as there is room for; those that have changed since the line was said stay.
func (v *View) fields(e *sources.EntityDetail, room int) []sources.StateField {
	over := len(e.State) - room
	var out []sources.StateField
	for i := len(e.State) - 1; i >= 0; i-- {
		if f := e.State[i]; over > 0 && f.SetAt <= v.run.Before() && f.Name != state.StatusField {
			over--
		} else {
			out = append(out, f)
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out[:min(len(out), room)]
}

func (v *View) field(t *screen.Theme, f *sources.StateField, names, width int) string {
	l := screen.NewLine(width, "")
	now := f.SetAt > v.run.Before()
	if now {
		l.Put(t.Accent, " ▌ ")
	} else {
		l.Gap(3)
	}
	l.Left(t.Dim, screen.CleanUpTo(f.Name, names), names+3)
	k := wording.ValueStyle(t, f.Value)
	if f.Name == state.StatusField {
		k = wording.StatusStyle(t, f.Value.Text())
	}
	if now {
		k = k.With(t.Bright)
	}
	l.Put(k, screen.Cut(screen.CleanUpTo(wording.Value(f.Value), 4*width), l.Free()-1))
	if now && f.Was.Kind() != state.Absent {
		was := "   was " + screen.CleanUpTo(wording.Value(f.Was), 4*width)
		l.Put(t.Faint, screen.Cut(was, l.Free()-1))
	}
	return l.String()
}

// history is what has happened to the entity, the newest last, as far as there is room; what is new stands out.
func (v *View) history(t *screen.Theme, e *sources.EntityDetail, width int) string {
	const before = "… → "
	var parts []part
	room := width - 4
	for i := len(e.History) - 1; i >= 0; i-- {
		h := &e.History[i]
		p := part{t.Faint, screen.CleanUpTo(h.Type, width)}
		fault, _ := h.Fault()
		switch {
		case fault != "":
			p = part{wording.FaultStyle(t, fault), "✗ " + p.text}
		case h.Version > v.run.Before():
			p.style = t.Text
		}
		room -= screen.Cells(p.text) + screen.Cells(" → ")
		if least := map[bool]int{true: -screen.Cells(" → "), false: screen.Cells(before)}[i == 0]; room < least && len(parts) > 0 {
			parts = append([]part{{t.Faint, before}}, parts...)
			break
		}
		if len(parts) > 0 {
			p.text += " "
			parts = append([]part{p, {t.Faint, "→ "}}, parts...)
		} else {
			parts = []part{p}
		}
	}
	l := screen.NewLine(width, "")
	l.Gap(3)
	for _, p := range parts {
		l.Put(p.style, p.text)
	}
	return l.String()
}
