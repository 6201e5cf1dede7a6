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

// entities is the pane of entities, one row each. While none is chosen, the first row is shown in the state pane and rows
// are sorted anew with each event. The chosen one keeps its line, and all rows their order, until somebody goes back to the
// first row or lets them move.
type entities struct {
	cursor entityCursor
	kind   string
	order
	cohort string // the name of the one that is listed; "" for none
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
	drift             string
}

func (e *entities) Title() string       { return "Entities" }
func (e *entities) Place() layout.Place { return layout.List }

// Want asks for the rows on the screen and a page to either side.
func (e *entities) Want(d *component.Deck, v *sources.View) {
	v.Entities = sources.EntitiesView{Kind: e.kind, Filter: e.filter, Sort: e.sort, Descending: e.descending}
	e.cursor.want(d, &v.Entities, e.room(d.Panes.Rows(e)))
}

// Wish is a row for each entity, one for the heading and those for totals; and all columns, with some of the other fields.
func (e *entities) Wish(d *component.Deck) layout.Size {
	rows := d.Snapshot().Entities
	if len(rows.Rows) == 0 {
		return layout.Size{Height: leastWish}
	}
	e.keys.choose(rows.Rows)
	width := 2 + otherWish
	for _, column := range e.needs.measure(d, rows.Rows, &e.keys, e.mixed(rows)) {
		width += column.Want
	}
	return layout.Size{Width: width, Height: max(rows.Matching, leastWish) + 1 + max(e.foot, 1)}
}

// mixed tells whether entities of several kinds are shown.
func (e *entities) mixed(rows sources.EntityRows) bool { return e.kind == "" && len(rows.Kinds) > 1 }

// room is how many rows of the pane are for entities: the first line is the heading, the last ones are totals.
func (e *entities) room(height int) int { return max(height-headingRows(height)-max(e.foot, 1), 1) }

func (e *entities) Move(d *component.Deck, by int) { e.cursor.move(d, by, e.room(d.Panes.Rows(e))) }

// Renew implements component.Renewed: it chooses the row that the last move went to, once that is here.
func (e *entities) Renew(d *component.Deck) tea.Cmd {
	e.cursor.renew(d)
	return nil
}

func (e *entities) Click(d *component.Deck, _, row, height int) bool {
	if row -= headingRows(height); row < 0 || row >= e.room(height) {
		return false
	}
	return e.cursor.chooseOn(d, row, e.room(height))
}

// Open goes to the pane that shows the state of the entity under the cursor.
func (e *entities) Open(d *component.Deck) tea.Cmd {
	e.cursor.choose(d)
	if d.Selection.Entity.IsZero() {
		d.Say(bus.Say, "there is nothing to open: no entity is here")
		return nil
	}
	component.GoTo[component.StateHolder](d)
	return nil
}

// ChosenEntity implements component.EntityHolder.
func (e *entities) ChosenEntity(d *component.Deck) sources.Entity { return d.Entity() }

func (e *entities) Copy(d *component.Deck) (text, what string) {
	e.cursor.choose(d)
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
		{Names: []string{"u"}, Short: "update", Help: "let rows move to where they belong now, and hold them again", Rank: component.RankRow,
			For: component.In(e), Where: e.movesHeld, Needs: "no row waits to move: rows are held while one is chosen below the first",
			Do: component.Plain(e.cursor.update)},
	}
}

func (e *entities) Draw(d *component.Deck, width, height int, focused bool) screen.Panel {
	rows := d.Snapshot().Entities
	totals := e.counts(d, rows, width, 1+height/4)
	e.foot = e.totals.Most(d.Now(), len(totals))
	headings := headingRows(height)
	height = e.room(height)
	p := screen.Panel{Title: e.title(rows), Chips: e.chips(d), Info: e.said()}
	if e.text != "" {
		p.Title = e.Title()
		if e.cohort != "" {
			p.Title = "Cohort " + screen.Clean(e.cohort)
		}
		p.Info = append(p.Info, screen.Grouped(uint64(rows.Matching))+" of "+screen.Grouped(uint64(rows.Total)))
	}
	if rows.Moving > 0 && e.cursor.held(d) {
		p.Info = append([]string{screen.Grouped(uint64(rows.Moving)) + " would move"}, p.Info...)
	}
	from, chosen := e.cursor.window(d, height)
	e.keys.choose(rows.Rows)
	columns := e.needs.fit(d, rows.Rows, &e.keys, e.mixed(rows), width)
	e.cache.SetLook(entityLook{d.Theme, columns, d.Snapshot().Anew})
	p.Total, p.Top, p.Visible = rows.Matching, rows.Top+from, height
	fields := fieldColumnsOf(rows.Rows, e.columns, width)
	if headings > 0 && fields != nil {
		p.Lines = append(p.Lines, fields.heading(d.Theme))
	} else if headings > 0 {
		p.Lines = append(p.Lines, columns.heading(d.Theme))
	}
	for i := range height {
		at := from + i
		if at < 0 || at >= len(rows.Rows) {
			p.Lines = append(p.Lines, screen.NewLine(width, "").String())
			continue
		}
		r := &rows.Rows[at]
		if fields != nil {
			p.Lines = append(p.Lines, fields.row(d, r, at == chosen, focused))
			continue
		}
		if at == chosen {
			p.Lines = append(p.Lines, columns.row(d, r, &e.keys, true, focused))
			continue
		}
		p.Lines = append(p.Lines, e.cache.Row(entityKey{r.Entity, r.Version, r.Rejected, r.Partial, r.Evicted, d.Drift.Mark(r.Entity)},
			func() string { return columns.row(d, r, &e.keys, false, focused) }))
	}
	if len(rows.Rows) == 0 && rows.Matching == 0 {
		p.Lines = screen.Note(d.Theme, width, e.nothing(d, rows))
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
		title += screen.Plural(uint64(rows.Total), screen.Clean(e.kind))
	case len(rows.Kinds) == 1:
		title += screen.Plural(uint64(rows.Total), screen.Clean(rows.Kinds[0].Name))
	case rows.Total == 0:
		return "Entities"
	default:
		parts := []string{"all " + screen.Grouped(uint64(rows.Total))}
		for _, k := range rows.Kinds {
			parts = append(parts, screen.Plural(k.N, screen.Clean(k.Name)))
		}
		title += strings.Join(parts, " · ")
	}
	return title
}

func (e *entities) nothing(d *component.Deck, rows sources.EntityRows) string {
	going := d.Going()
	switch {
	case going != "" && d.Time.At() != 0:
		return going
	case rows.Searched < rows.Total:
		return "searching…"
	case e.text != "":
		return "no entity matches /" + screen.Clean(e.text)
	}
	return "no entities yet ─ they appear with the first event that names one"
}

func (e *entities) chips(d *component.Deck) []screen.Chip {
	if e.text == "" || e.cohort != "" { // its name says it
		return nil
	}
	return []screen.Chip{{Style: d.Theme.Flag, Text: " /" + screen.Clean(e.text) + " "}}
}

// entityLook is what the drawn rows depend on beside the entities.
type entityLook struct {
	theme   *screen.Theme
	columns entityColumns
	anew    uint64 // as of the snapshot
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
	e.sort, e.descending = orders[(i+1)%len(orders)], false
	e.cursor.update(d)
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
	if e.kind != "" && e.kind != d.Selection.Entity.Kind {
		e.cursor.release(d)
	}
	e.cursor.update(d)
}

// movesHeld is where rows are held that would move.
func (e *entities) movesHeld(d *component.Deck) bool {
	return e.cursor.held(d) && d.Snapshot().Entities.Moving > 0
}

// Held implements component.Holding.
func (e *entities) Held(d *component.Deck) bool { return e.cursor.held(d) }

// Release implements component.Holding.
func (e *entities) Release(d *component.Deck) { e.cursor.release(d) }
