package panes

import (
	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// entityColumns are the widths of the columns, the gaps behind them included; 0 leaves one out. What is left of the width
// is for the other fields.
type entityColumns struct {
	width, kind, id, status, version, notes, key int

	field string // the one that the key column is for, where all entities are of one kind
	named bool   // fields in the key column are written with their names: they differ, and there is room for all that are seen
}

// entityNeeds are what entities of late have had use for.
type entityNeeds struct{ kind, id, status, version, note, notes, key layout.Recent }

// Most of what a value in the key column takes, and the least that other fields are shown in.
const (
	mostKey    = 24
	leastOther = 14
	otherWish  = 40
)

// measure takes in rows and returns the columns with what they want, the most important first.
func (n *entityNeeds) measure(d *component.Deck, rows []sources.EntityRow, keys *keyFields, kinds bool) [6]screen.Column {
	now := d.Now()
	kind, id, status, version, note, notes, key := 0, len("order")+1, 0, 2, 0, 0, 0
	for i := range rows {
		r := &rows[i]
		id, status = max(id, len(r.ID)), max(status, len(r.Status))
		version = max(version, len(wording.Version(r.Version)))
		refused, lack := entityNotes(d, r)
		note, notes = max(note, screen.Cells(refused), screen.Cells(lack)), max(notes, screen.Cells(joined(refused, lack)))
		if kinds {
			kind = max(kind, len(r.Kind))
		}
		if f, ok := keys.of(r); ok {
			key = max(key, pairWidth(f, kinds))
		}
	}
	if key > 0 && !kinds && len(rows) > 0 {
		key = max(key, len(keys.name(rows[0].Kind)))
	}
	if status > 0 {
		status = max(status, len("status"))
	}
	kind, id = n.kind.Most(now, min(kind, 16)), n.id.Most(now, min(id, mostName))
	status, version = n.status.Most(now, min(status, mostKey)), n.version.Most(now, version)
	note, notes, key = n.note.Most(now, note), n.notes.Most(now, notes), n.key.Most(now, min(key, mostKey))
	return [6]screen.Column{{Want: id + 1, Least: 12}, {Want: gapped(status), Least: 10}, {Want: version + 1, Least: version + 1},
		{Want: gapped(key), Least: 10}, {Want: gapped(kind), Least: 9}, {Want: gapped(notes), Least: note + 1}}
}

// pairWidth is how many cells the key field takes: its value, and its name where that differs from row to row.
func pairWidth(f state.Field, named bool) int {
	width := screen.Cells(screen.CleanUpTo(wording.Value(f.Value), mostKey))
	if named {
		width += len(f.Name) + 1
	}
	return width
}

// fit gives the columns their widths.
func (n *entityNeeds) fit(d *component.Deck, rows []sources.EntityRow, keys *keyFields, kinds bool, width int) entityColumns {
	wants := n.measure(d, rows, keys, kinds)
	w := screen.Fit(width-1, wants[:]...)
	c := entityColumns{width: width, id: w[0], status: w[1], version: w[2], key: w[3], kind: w[4], notes: w[5]}
	if !kinds && len(rows) > 0 {
		c.field = keys.name(rows[0].Kind)
	}
	if kinds {
		c.field, c.named = "key field", w[3] > 0 && w[3] == wants[3].Want
	}
	return c
}

// heading names the columns.
func (c entityColumns) heading(t *screen.Theme) string {
	l := screen.NewLine(c.width, "")
	l.Gap(1)
	l.Left(t.Faint, "kind", c.kind)
	l.Left(t.Faint, "id", c.id)
	l.Left(t.Faint, "status", c.status)
	l.Left(t.Faint, "v", c.version)
	l.Gap(c.notes)
	l.Left(t.Faint, screen.Cut(screen.CleanUpTo(c.field, c.key), c.key-1), c.key)
	if l.Free() >= leastOther {
		l.Put(t.Faint, "fields")
	}
	return l.String()
}

// row draws an entity: its kind, identifier, status and version, what is wrong with it, the field that tells most of it,
// and the others as far as there is room.
func (c entityColumns) row(d *component.Deck, r *sources.EntityRow, keys *keyFields, chosen, focused bool) string {
	t := d.Theme
	l := screen.NewRow(t, c.width, chosen, focused)
	if c.kind > 0 {
		l.Left(t.Hue(r.Kind), screen.Cut(screen.CleanUpTo(r.Kind, c.kind), c.kind-1), c.kind)
	}
	l.Left(t.Text, screen.CutID(screen.CleanID(r.ID), c.id-1), c.id)
	l.Left(wording.StatusStyle(t, r.Status), screen.Cut(screen.CleanUpTo(r.Status, c.status), c.status-1), c.status)
	l.Left(t.Dim, wording.Version(r.Version), c.version)
	c.putNotes(l, d, r)
	key, ok := keys.of(r)
	c.putKey(l, t, key, ok)
	if l.Free() < leastOther {
		return l.String()
	}
	pairs := wording.Pairs{Line: l, Theme: t}
	for _, f := range r.Fields {
		if f.Value.Kind() == state.Absent || f.Value.String() == r.ID || ok && f.Name == key.Name && c.key > 0 {
			continue
		}
		if !pairs.Add(f.Name, wording.Value(f.Value)) {
			break
		}
	}
	pairs.Draw()
	return l.String()
}

// putKey writes the key field; with its name in all rows, or in none.
func (c entityColumns) putKey(l *screen.Line, t *screen.Theme, f state.Field, ok bool) {
	if !ok || c.key == 0 {
		l.Gap(c.key)
		return
	}
	room, value := c.key-1, screen.CleanUpTo(wording.Value(f.Value), c.key)
	if c.named {
		name := screen.CleanUpTo(f.Name, room-1) + "="
		l.Put(t.Dim, name)
		room -= screen.Cells(name)
	}
	l.Left(t.Text, screen.Cut(value, room), room)
	l.Gap(1)
}

// entityNotes say what is wrong with an entity: how many of its events were refused, what of its state is not here, and that
// its application's copy is another.
func entityNotes(d *component.Deck, r *sources.EntityRow) (refused, lack string) {
	if r.Rejected > 0 {
		refused = "✗" + screen.Short(r.Rejected)
	}
	switch {
	case r.Evicted:
		lack = "given up"
	case r.Partial:
		lack = "partial"
	default:
		lack = d.Drift.Mark(r.Entity)
	}
	return refused, lack
}

func joined(refused, lack string) string {
	if refused == "" || lack == "" {
		return refused + lack
	}
	return refused + " " + lack
}

// putNotes writes both notes, or what was refused where there is no room for more.
func (c entityColumns) putNotes(l *screen.Line, d *component.Deck, r *sources.EntityRow) {
	t := d.Theme
	refused, lack := entityNotes(d, r)
	room := c.notes
	if refused != "" {
		l.Left(t.Bad, refused, min(screen.Cells(refused)+1, room))
		room -= min(screen.Cells(refused)+1, room)
	}
	if screen.Cells(lack) >= room {
		lack = ""
	}
	l.Left(t.Warn, lack, room)
}

// counts are the lines under the rows: how many entities have which status, or none, refusals and partial ones. They take as
// many lines as they need, up to so many.
func (e *entities) counts(d *component.Deck, rows sources.EntityRows, width, most int) []string {
	t := d.Theme
	var parts screen.Flow
	if rows.Rejected > 0 {
		parts.Add(t.Bad, "✗"+screen.Grouped(rows.Rejected)+" rejected") // events, with the sign that they have in the rows
	}
	if rows.Partial > 0 {
		parts.Add(t.Warn, screen.Grouped(uint64(rows.Partial))+" partial")
	}
	switch _, drifts, problem := d.Drift.Counts(); {
	case problem != "":
		parts.Add(t.Warn, "copies cannot be read: "+screen.CleanUpTo(problem, width))
	case drifts > 0:
		parts.Add(t.Bad, "≠"+screen.Grouped(uint64(drifts))+" differ from their copies")
	}
	without := uint64(rows.Total)
	for _, s := range rows.Statuses {
		parts.Add(wording.StatusStyle(t, s.Name), screen.Grouped(s.N)+" "+screen.CleanUpTo(s.Name, mostKey))
		without -= min(s.N, without)
	}
	if without > 0 && len(rows.Statuses) > 0 {
		parts.Add(t.Dim, screen.Grouped(without)+" without status")
	}
	return parts.Lines(t, width, most)
}
