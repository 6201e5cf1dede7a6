package panes

import (
	"strings"

	"signalbox/scenarios/cohort"
	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// order is how entities are listed: by which field, and which of them have columns of their own.
type order struct {
	sort       string
	descending bool
	columns    []string // none: those that the pane chooses
}

// said says it for people.
func (o *order) said() []string {
	switch {
	case o.sort == "":
		return nil
	case o.descending:
		return []string{"by -" + screen.Clean(o.sort)}
	}
	return []string{"by " + screen.Clean(o.sort)}
}

// ShowCohort implements component.CohortHolder.
func (e *entities) ShowCohort(d *component.Deck, name string, c *cohort.Cohort) {
	e.cursor.release(d)
	e.kind, e.cohort, e.text, e.filter = c.Kind, name, c.Where, c.Filter
	e.order = order{c.Sort, c.Descending, c.Columns}
}

// Cohort implements component.CohortHolder.
func (e *entities) Cohort() string { return e.cohort }

// fieldColumns are the columns of the fields that were chosen, behind that of the id; those there is no room for are left out.
type fieldColumns struct {
	names  []string
	widths []int
	id     int
	width  int
}

// fieldColumnsOf gives them their widths; nil where no fields are chosen.
func fieldColumnsOf(rows []sources.EntityRow, names []string, width int) *fieldColumns {
	if len(names) == 0 {
		return nil
	}
	c := &fieldColumns{width: width, id: len("id") + 1}
	for i := range rows {
		c.id = max(c.id, min(len(rows[i].ID), mostName)+1)
	}
	wants := []screen.Column{{Want: c.id, Least: 12}}
	for _, name := range names {
		if name == "id" {
			continue
		}
		want := screen.Cells(name)
		for i := range rows {
			want = max(want, screen.Cells(fieldText(&rows[i], name)))
		}
		c.names = append(c.names, name)
		wants = append(wants, screen.Column{Want: min(want, mostKey) + 2, Least: min(want, 8) + 2})
	}
	w := screen.Fit(width-1, wants...)
	c.id, c.widths = w[0], w[1:]
	return c
}

// fieldText is a field as it is listed.
func fieldText(r *sources.EntityRow, name string) string {
	if name == "version" {
		return wording.Version(r.Version)
	}
	v := cohort.Value(r, name)
	if v.Kind() == state.Absent {
		return ""
	}
	return screen.CleanUpTo(wording.Value(v), mostKey)
}

// heading names the columns.
func (c *fieldColumns) heading(t *screen.Theme) string {
	l := screen.NewLine(c.width, "")
	l.Gap(1)
	l.Left(t.Faint, "id", c.id)
	for i, name := range c.names {
		l.Left(t.Faint, screen.Cut(screen.CleanUpTo(name, c.widths[i]), max(c.widths[i]-1, 0)), c.widths[i])
	}
	return l.String()
}

// row draws an entity: its id, the fields, and what is wrong with it as far as there is room.
func (c *fieldColumns) row(d *component.Deck, r *sources.EntityRow, chosen, focused bool) string {
	t := d.Theme
	l := screen.NewRow(t, c.width, chosen, focused)
	l.Left(t.Text, screen.CutID(screen.CleanID(r.ID), max(c.id-1, 0)), c.id)
	for i, name := range c.names {
		style := t.Text
		if name == state.StatusField {
			style = wording.StatusStyle(t, r.Status)
		}
		l.Left(style, screen.Cut(fieldText(r, name), max(c.widths[i]-1, 0)), c.widths[i])
	}
	if refused, lack := entityNotes(d, r); refused+lack != "" {
		l.Put(t.Warn, strings.TrimSpace(joined(refused, lack)))
	}
	return l.String()
}
