package panes

import (
	"slices"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// entityCursor is where one is in the list of entities. It holds the chosen entity, not a row: that stays on its line while
// rows come and go, and is never out of sight. While an entity is chosen the order is held as it was when it was chosen.
// While none is, the one that the state pane shows is meant: the first of the list, or one that was the first a moment ago.
type entityCursor struct {
	entity sources.Entity // that the rest is about; another may have been chosen elsewhere since
	at     int            // the rank where it was last seen, or that a move goes to
	line   int            // that it is drawn on
	hold   uint64         // the event after which the order was taken; 0 follows
	going  bool           // the row that a move goes to is not here yet
	top    int            // the first rank drawn last
	height int            // rows that there is room for
}

// held tells whether something is chosen.
func (c *entityCursor) held(d *component.Deck) bool { return c.going || !d.Selection.Entity.IsZero() }

// release chooses nothing: the first row is followed.
func (c *entityCursor) release(d *component.Deck) {
	*c = entityCursor{}
	d.Selection.Entity = sources.Entity{}
}

// take notes that another entity was chosen elsewhere: where its row is at hand the cursor moves there, else the order is
// taken anew and its row is found.
func (c *entityCursor) take(d *component.Deck, height int) {
	chosen := d.Selection.Entity
	if chosen == c.entity {
		return
	}
	if chosen.IsZero() {
		*c = entityCursor{}
		return
	}
	rows := d.Snapshot().Entities
	top, line := c.at-c.line, -1
	if i := indexOf(rows.Rows, chosen); i >= 0 {
		c.at = rows.Top + i
		line = c.at - top
	} else {
		c.hold = 0
	}
	if line < 0 || line >= height {
		line = height / 3
	}
	c.entity, c.line, c.going = chosen, line, false
}

// indexOf is the place of an entity among rows; -1 when it is none of them.
func indexOf(rows []sources.EntityRow, e sources.Entity) int {
	return slices.IndexFunc(rows, func(r sources.EntityRow) bool { return r.Entity == e })
}

// want asks for the rows on the screen and a page to either side.
func (c *entityCursor) want(d *component.Deck, v *sources.EntitiesView, height int) {
	c.take(d, height)
	c.height = height
	page := max(height, 20)
	v.Rows = 3 * page
	if !c.held(d) {
		v.Hold = d.Time.Left() // a frozen view, or an earlier time, stands still
		return
	}
	if c.hold == 0 {
		c.hold = max(d.Snapshot().Last, 1)
	}
	v.Hold, v.Top, v.Above = c.hold, max(c.at/page-1, 0)*page, c.line+page // Top changes by pages: rows may leave all the time
	if !c.going {
		v.Cursor = d.Selection.Entity
	}
}

// index is the place of the cursor among the rows at hand; -1 when its row is not there.
func (c *entityCursor) index(d *component.Deck) int {
	rows := d.Snapshot().Entities
	switch {
	case c.going:
		return -1
	case c.held(d):
		return indexOf(rows.Rows, d.Selection.Entity)
	case rows.Top == 0 && len(rows.Rows) > 0:
		if i := indexOf(rows.Rows, d.Entity()); i < c.height {
			return max(i, 0)
		}
		return 0
	}
	return -1
}

// window tells which of the rows at hand is drawn first, and which is the cursor's; -1 when it is not there.
func (c *entityCursor) window(d *component.Deck, height int) (from, chosen int) {
	rows := d.Snapshot().Entities
	chosen = c.index(d)
	at := rows.Top + chosen
	if chosen < 0 {
		at = c.at
	}
	if chosen >= 0 && !c.held(d) {
		c.line = at // the list is shown from its first row on
	}
	c.line = min(max(c.line, 0), max(height-1, 0))
	top := min(max(at-c.line, 0), max(rows.Matching-height, 0))
	switch here := top >= rows.Top && top < rows.Top+len(rows.Rows); {
	case chosen >= 0:
		c.at, c.line = at, at-top
	case c.going && !here:
		top = c.top // until those of the move are here
	}
	c.top = top
	return top - rows.Top, chosen
}

// move chooses another row, so many further down. The first row is followed; the last is that of the order of now.
func (c *entityCursor) move(d *component.Deck, by, height int) {
	rows := d.Snapshot().Entities
	if rows.Matching == 0 {
		return
	}
	c.window(d, height)
	to := min(max(c.at+by, 0), rows.Matching-1)
	if by == screen.ToEnd && c.held(d) {
		c.hold, to = 0, rows.Matching-1+rows.Moving
	}
	if to == 0 {
		c.release(d)
		return
	}
	c.line = min(max(c.line+to-c.at, 0), max(height-1, 0))
	c.at, c.going = to, true
	if by == screen.ToEnd {
		c.hold = max(d.Snapshot().Last, 1)
		return // its row is that of the order that was just asked for
	}
	c.renew(d)
}

// renew chooses the row that the last move went to, once it is here.
func (c *entityCursor) renew(d *component.Deck) {
	s := d.Snapshot()
	rows := s.Entities
	if !c.going {
		if c.held(d) && rows.Matching == 0 && rows.Moving > 0 {
			c.release(d) // all that was held has left
		}
		return
	}
	if c.hold != 0 && s.View.Entities.Hold != c.hold && s.View.Entities.Hold != 0 {
		return // these rows are not in the order that is held now
	}
	c.at = min(c.at, max(rows.Matching-1, 0))
	if i := c.at - rows.Top; i >= 0 && i < len(rows.Rows) {
		c.going, c.entity = false, rows.Rows[i].Entity
		d.Selection.Entity = c.entity
	}
}

// choose makes the marked row the chosen one, while the first is followed.
func (c *entityCursor) choose(d *component.Deck) {
	if i := c.index(d); i >= 0 && !c.held(d) {
		c.entity = d.Snapshot().Entities.Rows[i].Entity
		d.Selection.Entity = c.entity
	}
}

// chooseOn chooses the row on a line; false when there is none.
func (c *entityCursor) chooseOn(d *component.Deck, line, height int) bool {
	from, _ := c.window(d, height)
	rows := d.Snapshot().Entities
	i := from + line
	if i < 0 || i >= len(rows.Rows) {
		return false
	}
	c.entity, c.at, c.line, c.going = rows.Rows[i].Entity, rows.Top+i, line, false
	d.Selection.Entity = c.entity
	return true
}

// update lets rows move to where they belong now; the chosen one keeps its line.
func (c *entityCursor) update(*component.Deck) { c.hold = 0 }
