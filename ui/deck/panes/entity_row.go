package panes

import (
	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// entityColumns are the widths of the columns.
type entityColumns struct{ width, kind, id, status, version int }

func newEntityColumns(rows []sources.EntityRow, kinds bool, width int) entityColumns {
	c := entityColumns{width: width, id: 6, version: 3}
	for i := range rows {
		c.id = max(c.id, len(rows[i].ID))
		c.status = max(c.status, len(rows[i].Status))
		c.version = max(c.version, len(wording.Version(rows[i].Version))+1)
		if kinds && width >= 30 {
			c.kind = max(c.kind, len(rows[i].Kind))
		}
	}
	if c.kind > 0 {
		c.kind = min(c.kind, max(width/6, 4)) + 1
	}
	c.id = min(c.id, max(width*3/10-1, 8)) + 2
	c.status = min(c.status, max(width/4, 9)) + 1
	return c
}

// row draws an entity: its kind, identifier, status and version, what is wrong with it, and fields as far as there is room.
func (c entityColumns) row(t *screen.Theme, r *sources.EntityRow, chosen, focused bool) string {
	l := screen.NewRow(t, c.width, chosen, focused)
	if c.kind > 0 {
		l.Left(t.Hue(r.Kind), screen.FirstCells(screen.CleanUpTo(r.Kind, c.kind), c.kind-1), c.kind)
	}
	l.Left(t.Text, screen.CutID(screen.CleanID(r.ID), c.id-2), c.id-1)
	status := screen.CleanUpTo(r.Status, c.status)
	l.Left(wording.StatusStyle(t, r.Status), screen.Cut(status, c.status-1), c.status)
	l.Left(t.Dim, wording.Version(r.Version), c.version)
	if r.Rejected > 0 {
		l.Put(t.Bad, "✗"+screen.Short(r.Rejected)+" ")
	}
	if r.Partial {
		l.Put(t.Warn, "partial ")
	}
	if r.Evicted {
		l.Put(t.Warn, "state given up ")
	}
	for _, f := range r.Fields {
		if f.Value.Kind() == state.Absent || f.Value.String() == r.ID {
			continue
		}
		if !wording.PutPair(l, t, f.Name, wording.Value(f.Value)) {
			break
		}
	}
	return l.String()
}

// counts is the line under the rows: how many entities have which status, refusals and partial ones.
func (e *entities) counts(t *screen.Theme, rows sources.EntityRows, width int) string {
	l := screen.NewLine(width, "")
	l.Gap(1)
	if rows.Rejected > 0 {
		l.Put(t.Bad, screen.Grouped(rows.Rejected)+" rejected")
		l.Put(t.Faint, " · ")
	}
	if rows.Partial > 0 {
		l.Put(t.Warn, screen.Grouped(uint64(rows.Partial))+" partial")
		l.Put(t.Faint, " · ")
	}
	for i, s := range rows.Statuses {
		if i > 0 {
			l.Put(t.Faint, " · ")
		}
		l.Put(t.Dim, screen.Grouped(s.N)+" ")
		l.Put(wording.StatusStyle(t, s.Name), screen.CleanUpTo(s.Name, l.Free()))
	}
	return l.String()
}
