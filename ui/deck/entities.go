package deck

import (
	"strconv"
	"strings"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// entityList is pane 4: the entities, one row each. The chosen one is known by its name, so that it stays chosen while
// rows change places.
type entityList struct {
	chosen sources.Entity
	at     int // the row it was last seen on
	top    int
	kind   string
	sort   string
	filter entityFilter
	cache  screen.RowCache[entityKey]
}

// entityKey is what the row of an entity depends on.
type entityKey struct {
	sources.Entity
	version, rejected uint64
	partial, evicted  bool
}

// wants asks for the rows on the screen and a page to either side.
func (e *entityList) wants(d *deck) sources.EntitiesView {
	height := d.rows(entitiesPane)
	height = max(height, 10)
	top := max(e.top-height, 0)
	return sources.EntitiesView{Kind: e.kind, Filter: e.filter.apply, Sort: e.sort, Top: top,
		Rows: 3 * height}
}

// rows is how many rows of the pane are for entities; the last line is for counts.
func entityRows(height int) int { return max(height-1, 1) }

// index is the place of the chosen entity in the whole list; -1 when it is not among the rows at hand.
func (e *entityList) index(rows sources.EntityRows) int {
	for i := range rows.Rows {
		if rows.Rows[i].Entity == e.chosen {
			return rows.Top + i
		}
	}
	return -1
}

// settle chooses the first entity when none is chosen, and finds the chosen one's row.
func (e *entityList) settle(rows sources.EntityRows) {
	if e.chosen.IsZero() && len(rows.Rows) > 0 && rows.Top == 0 {
		e.chosen = rows.Rows[0].Entity
	}
	if i := e.index(rows); i >= 0 {
		e.at = i
	}
}

// choose makes an entity the chosen one, from wherever.
func (e *entityList) choose(d *deck, entity sources.Entity) {
	if entity.IsZero() || entity == e.chosen {
		return
	}
	e.chosen = entity
	d.state.reset()
}

// move chooses another row, so many further down.
func (e *entityList) move(d *deck, by int) {
	rows := d.snap.Entities
	if len(rows.Rows) == 0 {
		return
	}
	e.settle(rows)
	height := d.rows(entitiesPane)
	to := min(max(e.at+by, 0), max(rows.Matching-1, 0))
	e.at, e.top = to, screen.ScrollTo(e.top, to, rows.Matching, entityRows(height))
	if i := to - rows.Top; i >= 0 && i < len(rows.Rows) {
		e.choose(d, rows.Rows[i].Entity)
		return
	}
	d.state.reset()
	e.chosen = sources.Entity{} // chosen as soon as its row is here
	e.seek(d)
}

// seek chooses the row at hand that stands where the last move went.
func (e *entityList) seek(d *deck) {
	rows := d.snap.Entities
	if i := e.at - rows.Top; e.chosen.IsZero() && i >= 0 && i < len(rows.Rows) {
		e.chosen = rows.Rows[i].Entity
	}
}

// entityColumns are the widths of the columns.
type entityColumns struct{ width, kind, id, status, version int }

func newEntityColumns(rows []sources.EntityRow, kinds bool, width int) entityColumns {
	c := entityColumns{width: width, id: 6, version: 3}
	for i := range rows {
		c.id = max(c.id, len(rows[i].ID))
		c.status = max(c.status, len(rows[i].Status))
		c.version = max(c.version, len(versionName(rows[i].Version))+1)
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

func (e *entityList) draw(d *deck, width, height int, focused bool) screen.Panel {
	rows := d.snap.Entities
	e.settle(rows)
	height = entityRows(height)
	p := screen.Panel{Number: "4", Title: e.title(rows), Chips: e.chips(d)}
	if e.sort != "" {
		p.Info = append(p.Info, "by "+screen.Clean(e.sort))
	}
	if e.filter.text != "" {
		p.Title = "Entities"
		p.Info = append(p.Info, screen.Grouped(uint64(rows.Matching))+" of "+screen.Grouped(uint64(rows.Total)))
	}
	e.top = min(e.top, max(rows.Matching-height, 0))
	columns := newEntityColumns(rows.Rows, e.kind == "" && len(rows.Kinds) > 1, width)
	e.cache.SetLook(entityLook{d.theme, columns})
	p.Total, p.Top, p.Visible = rows.Matching, e.top, height
	for i := range height {
		at := e.top + i - rows.Top
		if at < 0 || at >= len(rows.Rows) {
			p.Lines = append(p.Lines, screen.NewLine(width, "").String())
			continue
		}
		r := &rows.Rows[at]
		if r.Entity == e.chosen {
			p.Lines = append(p.Lines, columns.row(d.theme, r, true, focused))
			continue
		}
		p.Lines = append(p.Lines, e.cache.Row(entityKey{r.Entity, r.Version, r.Rejected, r.Partial, r.Evicted},
			func() string { return columns.row(d.theme, r, false, focused) }))
	}
	if len(rows.Rows) == 0 && rows.Matching == 0 {
		p.Lines = screen.Note(d.theme, width, e.nothing(rows))
		return p
	}
	p.Lines = append(p.Lines, e.counts(d.theme, rows, width))
	return p
}

// title is "Entities · 214 deliveries", with the other kinds beside it when there are several.
func (e *entityList) title(rows sources.EntityRows) string {
	title := "Entities · "
	switch {
	case e.kind != "":
		title += screen.Plural(uint64(rows.Matching), screen.Clean(e.kind))
	case len(rows.Kinds) == 1:
		title += screen.Plural(uint64(rows.Matching), screen.Clean(rows.Kinds[0].Name))
	case rows.Matching == 0:
		return "Entities"
	default:
		parts := []string{"all " + screen.Grouped(uint64(rows.Matching))}
		for _, k := range rows.Kinds {
			parts = append(parts, screen.Plural(k.N, screen.Clean(k.Name)))
		}
		title += strings.Join(parts, " · ")
	}
	return title
}

func (e *entityList) nothing(rows sources.EntityRows) string {
	switch {
	case rows.Searched < rows.Total:
		return "searching…"
	case e.filter.text != "":
		return "no entity matches /" + screen.Clean(e.filter.text)
	}
	return "no entities yet ─ they appear with the first event that names one"
}

func (e *entityList) chips(d *deck) []screen.Chip {
	if e.filter.text == "" {
		return nil
	}
	return []screen.Chip{{Style: d.theme.Flag, Text: " /" + screen.Clean(e.filter.text) + " "}}
}

// entityLook is what the drawn rows depend on beside the entities.
type entityLook struct {
	theme   *screen.Theme
	columns entityColumns
}

func (c entityColumns) row(t *screen.Theme, r *sources.EntityRow, chosen, focused bool) string {
	l := screen.NewRow(t, c.width, chosen, focused)
	if c.kind > 0 {
		l.Left(t.Hue(r.Kind), screen.FirstCells(screen.CleanUpTo(r.Kind, c.kind), c.kind-1), c.kind)
	}
	l.Left(t.Text, screen.CutID(screen.CleanID(r.ID), c.id-2), c.id-1)
	status := screen.CleanUpTo(r.Status, c.status)
	l.Left(statusStyle(t, r.Status), screen.Cut(status, c.status-1), c.status)
	l.Left(t.Dim, versionName(r.Version), c.version)
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
		if f.Value.Kind() == sources.Absent || f.Value.String() == r.ID {
			continue
		}
		if !pair(l, t, f.Name, valueText(f.Value)) {
			break
		}
	}
	return l.String()
}

func versionName(n uint64) string { return "v" + strconv.FormatUint(n, 10) }

// statusStyle gives a status its colour, always the same one.
func statusStyle(t *screen.Theme, status string) screen.Style {
	return t.Hue("status " + status)
}

// counts is the line under the rows: how many entities have which status, refusals and partial ones.
func (e *entityList) counts(t *screen.Theme, rows sources.EntityRows, width int) string {
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
		l.Put(statusStyle(t, s.Name), screen.CleanUpTo(s.Name, l.Free()))
	}
	return l.String()
}
