package panes

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// entities is the pane of entities, one row each. The chosen one is known by its name, so that it stays chosen while rows
// change places.
type entities struct {
	at     int // the row it was last seen on
	top    int
	kind   string
	sort   string
	text   string // the filter as typed
	filter *sources.EntityFilter
	cache  screen.RowCache[entityKey]
	keys   keyFields
	needs  entityNeeds
	totals layout.Recent // lines of totals
	foot   int           // of them, as drawn last
}

// entityKey is what the row of an entity depends on.
type entityKey struct {
	sources.Entity
	version, rejected uint64
	partial, evicted  bool
}

func (e *entities) Title() string       { return "Entities" }
func (e *entities) Place() layout.Place { return layout.List }

// Want asks for the rows on the screen and a page to either side.
func (e *entities) Want(d *component.Deck, v *sources.View) {
	height := max(d.Panes.Rows(e), 20)
	v.Entities = sources.EntitiesView{Kind: e.kind, Filter: e.filter, Sort: e.sort, Top: max(e.top-height, 0),
		Rows: 3 * height}
}

// Wish is a row for each entity, one for the heading and those for totals; and all columns, with some of the other fields.
func (e *entities) Wish(d *component.Deck) layout.Size {
	rows := d.Snapshot().Entities
	if len(rows.Rows) == 0 {
		return layout.Size{Height: leastWish}
	}
	e.keys.choose(rows.Rows)
	width := 2 + otherWish
	for _, column := range e.needs.measure(rows.Rows, &e.keys, e.mixed(rows), d.Now()) {
		width += column.Want
	}
	return layout.Size{Width: width, Height: max(rows.Matching, leastWish) + 1 + max(e.foot, 1)}
}

// mixed tells whether entities of several kinds are shown.
func (e *entities) mixed(rows sources.EntityRows) bool { return e.kind == "" && len(rows.Kinds) > 1 }

// room is how many rows of the pane are for entities: the first line is the heading, the last ones are totals.
func (e *entities) room(height int) int { return max(height-headingRows(height)-max(e.foot, 1), 1) }

// index is the place of the chosen entity in the whole list; -1 when it is not among the rows at hand.
func index(d *component.Deck, rows sources.EntityRows) int {
	for i := range rows.Rows {
		if rows.Rows[i].Entity == d.Selection.Entity {
			return rows.Top + i
		}
	}
	return -1
}

// restore chooses the first entity when none is chosen and none has been moved to, and finds the chosen one's row.
func (e *entities) restore(d *component.Deck, rows sources.EntityRows) {
	if d.Selection.Entity.IsZero() && len(rows.Rows) > 0 && rows.Top == 0 && e.at == 0 {
		d.Selection.Entity = rows.Rows[0].Entity
	}
	if i := index(d, rows); i >= 0 {
		e.at = i
	}
}

func (e *entities) Move(d *component.Deck, by int) {
	rows := d.Snapshot().Entities
	if len(rows.Rows) == 0 {
		return
	}
	e.restore(d, rows)
	to := min(max(e.at+by, 0), max(rows.Matching-1, 0))
	e.at, e.top = to, screen.ScrollTo(e.top, to, rows.Matching, e.room(d.Panes.Rows(e)))
	d.Selection.Entity = sources.Entity{} // chosen as soon as its row is here
	e.Renew(d)
}

// Renew implements component.Renewed: it chooses the row at hand that stands where the last move went.
func (e *entities) Renew(d *component.Deck) tea.Cmd {
	rows := d.Snapshot().Entities
	if i := e.at - rows.Top; d.Selection.Entity.IsZero() && i >= 0 && i < len(rows.Rows) {
		d.Selection.Entity = rows.Rows[i].Entity
	}
	return nil
}

func (e *entities) Click(d *component.Deck, _, row, height int) bool {
	rows := d.Snapshot().Entities
	row -= headingRows(height)
	at := e.top + row - rows.Top
	if row < 0 || row >= e.room(height) || at < 0 || at >= len(rows.Rows) {
		return false
	}
	d.Selection.Choose(rows.Rows[at].Entity)
	return true
}

// Open goes to the pane that shows the state.
func (e *entities) Open(d *component.Deck) tea.Cmd {
	if d.Selection.Entity.IsZero() {
		d.Say(bus.Say, "there is nothing to open: no entity is here")
		return nil
	}
	component.FocusOn[component.StateHolder](d)
	return nil
}

// ChosenEntity implements component.EntityHolder.
func (e *entities) ChosenEntity(d *component.Deck) sources.Entity { return d.Selection.Entity }

func (e *entities) Copy(d *component.Deck) (text, what string) {
	if d.Selection.Entity.IsZero() {
		return "", "no entity is chosen"
	}
	return d.Selection.Entity.ID, "the id"
}
func (e *entities) Row(d *component.Deck) any { return entityJSON(d.Detail()) }

func (e *entities) Keys() []component.Key {
	return []component.Key{
		{Names: []string{"o"}, Short: "sort", Help: "sort entities by the next field", Rank: component.RankRow,
			For: component.In(e), Do: component.Plain(e.nextSort)},
		{Names: []string{"K", "shift+k"}, Short: "kind", Help: "show the next kind of entity", Rank: component.RankRow,
			For: component.In(e), Do: component.Plain(e.nextKind)},
	}
}

func (e *entities) Draw(d *component.Deck, width, height int, focused bool) screen.Panel {
	rows := d.Snapshot().Entities
	e.restore(d, rows)
	totals := e.counts(d.Theme, rows, width, 1+height/6)
	e.foot = e.totals.Most(d.Now(), len(totals))
	headings := headingRows(height)
	height = e.room(height)
	p := screen.Panel{Title: e.title(rows), Chips: e.chips(d)}
	if e.sort != "" {
		p.Info = append(p.Info, "by "+screen.Clean(e.sort))
	}
	if e.text != "" {
		p.Title = e.Title()
		p.Info = append(p.Info, screen.Grouped(uint64(rows.Matching))+" of "+screen.Grouped(uint64(rows.Total)))
	}
	e.top = min(e.top, max(rows.Matching-height, 0))
	e.keys.choose(rows.Rows)
	columns := e.needs.fit(rows.Rows, &e.keys, e.mixed(rows), d.Now(), width)
	e.cache.SetLook(entityLook{d.Theme, columns})
	p.Total, p.Top, p.Visible = rows.Matching, e.top, height
	if headings > 0 {
		p.Lines = append(p.Lines, columns.heading(d.Theme))
	}
	for i := range height {
		at := e.top + i - rows.Top
		if at < 0 || at >= len(rows.Rows) {
			p.Lines = append(p.Lines, screen.NewLine(width, "").String())
			continue
		}
		r := &rows.Rows[at]
		if r.Entity == d.Selection.Entity {
			p.Lines = append(p.Lines, columns.row(d.Theme, r, &e.keys, true, focused))
			continue
		}
		p.Lines = append(p.Lines, e.cache.Row(entityKey{r.Entity, r.Version, r.Rejected, r.Partial, r.Evicted},
			func() string { return columns.row(d.Theme, r, &e.keys, false, focused) }))
	}
	if len(rows.Rows) == 0 && rows.Matching == 0 {
		p.Lines = screen.Note(d.Theme, width, e.nothing(rows))
		return p
	}
	for range e.foot - len(totals) {
		p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	}
	p.Lines = append(p.Lines, totals...)
	return p
}

// title is "Entities · 214 deliveries", with the other kinds beside it when there are several.
func (e *entities) title(rows sources.EntityRows) string {
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

func (e *entities) nothing(rows sources.EntityRows) string {
	switch {
	case rows.Searched < rows.Total:
		return "searching…"
	case e.text != "":
		return "no entity matches /" + screen.Clean(e.text)
	}
	return "no entities yet ─ they appear with the first event that names one"
}

func (e *entities) chips(d *component.Deck) []screen.Chip {
	if e.text == "" {
		return nil
	}
	return []screen.Chip{{Style: d.Theme.Flag, Text: " /" + screen.Clean(e.text) + " "}}
}

// entityLook is what the drawn rows depend on beside the entities.
type entityLook struct {
	theme   *screen.Theme
	columns entityColumns
}

// nextSort sorts the entities by the next of their properties: touched last, id, status, version, then each field.
func (e *entities) nextSort(d *component.Deck) {
	orders := []string{"", "id", "status", "version"}
	if rows := d.Snapshot().Entities.Rows; len(rows) > 0 {
		for _, f := range rows[0].Fields {
			orders = append(orders, f.Name)
		}
	}
	i := slices.Index(orders, e.sort)
	e.sort = orders[(i+1)%len(orders)]
	e.top = 0
}

// nextKind shows the next kind of entity; after the last, all of them.
func (e *entities) nextKind(d *component.Deck) {
	kinds := []string{""}
	for _, k := range d.Snapshot().Entities.Kinds {
		kinds = append(kinds, k.Name)
	}
	slices.Sort(kinds)
	i := slices.Index(kinds, e.kind)
	e.kind = kinds[(i+1)%len(kinds)]
	e.top = 0
}
