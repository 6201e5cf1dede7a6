package panes

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/overlays"
	"signalbox/ui/deck/wording"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// consumers is the pane of consumers: who reads the stations, and what is wrong with them in words, the worst first. While
// one below the first is chosen, they stand still.
type consumers struct {
	screen.List
	needs    consumerNeeds
	still    stillRows
	held     bool // the first stays where it is: something was done to it
	unfolded bool // the readers of other sessions of signalbox are listed, too
}

func (c *consumers) Title() string                       { return "Consumers" }
func (c *consumers) Place() layout.Place                 { return layout.LowerSide }
func (c *consumers) Want(*component.Deck, *sources.View) {}

func (c *consumers) Keys() []component.Key {
	return []component.Key{
		{Names: []string{"u"}, Short: "update", Help: "let consumers move to where they belong now, the worst first", Rank: component.RankRow,
			For: component.In(c), Where: func(*component.Deck) bool { return c.still.moving > 0 },
			Needs: "consumers that would move: they are held while one below the first is chosen", Do: component.Plain(c.update)},
		{Names: []string{"O", "shift+o"}, Help: "show the readers of other sessions of signalbox, or fold them away", Rank: component.RankView,
			For: component.In(c), Where: func(d *component.Deck) bool { return c.sessions(d) > 0 },
			Needs: "another session of signalbox that reads here", Do: component.Plain(c.unfold)},
	}
}

// update lets consumers move to where they belong now; the chosen one keeps its line.
func (c *consumers) update(d *component.Deck) {
	was := c.At
	c.still.release()
	rows := c.rows(d)
	c.Restore(len(rows), c.keyOf(rows))
	c.Top += c.At - was
}

// Wish is a row for each consumer, and all columns.
func (c *consumers) Wish(d *component.Deck) layout.Size {
	rows := c.rows(d)
	if len(rows) == 0 {
		return layout.Size{Height: leastWish}
	}
	columns, width := c.needs.measure(d, rows)
	width += 2
	for _, column := range columns {
		width += column.Want
	}
	return layout.Size{Width: width, Height: max(len(rows)+1, leastWish)}
}

// unfold lists the readers of other sessions, or folds them away.
func (c *consumers) unfold(*component.Deck) { c.unfolded = !c.unfolded }

// sessions is how many readers of other sessions there are.
func (c *consumers) sessions(d *component.Deck) (n int) {
	rows := d.Steady().Consumers
	for i := range rows {
		if rows[i].Session {
			n++
		}
	}
	return n
}

// listed are the consumers that are not folded away.
func (c *consumers) listed(d *component.Deck) []sources.ConsumerRow {
	rows := d.Steady().Consumers
	if c.unfolded || c.sessions(d) == 0 {
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r sources.ConsumerRow) bool { return r.Session })
}

// rows are the consumers as the time cursor shows them: still while the view is frozen.
func (c *consumers) rows(d *component.Deck) []sources.ConsumerRow {
	rows := c.listed(d)
	if c.At == 0 && !c.held {
		c.Key = "" // the first is followed, whichever that is
		c.still.release()
		return rows
	}
	return c.still.arrange(rows)
}

// keyOf tells what a row is known by while others come and go.
func (*consumers) keyOf(rows []sources.ConsumerRow) func(int) string {
	return func(i int) string { return component.ConsumerKey(&rows[i]) }
}

func (c *consumers) Move(d *component.Deck, by int) {
	rows := c.rows(d)
	if by == screen.ToEnd {
		c.still.release()
		rows = c.listed(d)
	}
	c.List.Move(by, len(rows), c.keyOf(rows))
	c.held = false
}

// HoldConsumer implements component.ConsumerHolder.
func (c *consumers) HoldConsumer(d *component.Deck) {
	if c.chosen(d) != nil {
		c.held = true
	}
}

func (c *consumers) Click(d *component.Deck, _, row, height int) bool {
	if row -= headingRows(height); row < 0 {
		return false
	}
	c.Move(d, c.Top+row-c.At)
	return c.Top+row < len(c.rows(d))
}

func (c *consumers) chosen(d *component.Deck) *sources.ConsumerRow {
	rows := c.rows(d)
	c.Restore(len(rows), c.keyOf(rows))
	if len(rows) == 0 {
		return nil
	}
	return &rows[c.At]
}

// ChosenConsumer implements component.ConsumerHolder.
func (c *consumers) ChosenConsumer(d *component.Deck) (r *sources.ConsumerRow, message int) {
	return c.chosen(d), 0
}

func (c *consumers) Open(d *component.Deck) tea.Cmd {
	if c.chosen(d) != nil {
		overlays.OpenConsumer(d, c.Key)
	} else {
		d.Say(bus.Say, "there is nothing to open: no consumer is here")
	}
	return nil
}

func (c *consumers) Copy(d *component.Deck) (text, what string) {
	if r := c.chosen(d); r != nil {
		return r.Name, "the name"
	}
	return "", "no consumer is here"
}

func (c *consumers) Row(d *component.Deck) any {
	if r := c.chosen(d); r != nil {
		return output.ConsumerJSON(*r)
	}
	return nil
}

func (c *consumers) Draw(d *component.Deck, width, height int, focused bool) screen.Panel {
	rows := c.rows(d)
	p := screen.Panel{Title: c.Title()}
	if len(rows) > 0 {
		p.Info = sampling(d, screen.Grouped(uint64(len(rows))))
	}
	if n := c.sessions(d); n > 0 && !c.unfolded {
		p.Info = append([]string{screen.Plural(uint64(n), "session") + " (O)"}, p.Info...)
	}
	if n := c.still.moving; n > 0 {
		p.Info = append([]string{screen.Grouped(uint64(n)) + " would move"}, p.Info...)
	}
	c.Restore(len(rows), c.keyOf(rows))
	columns := c.needs.fit(d, rows, width)
	if headingRows(height) > 0 {
		p.Lines = append(p.Lines, columns.heading(d.Theme, width))
		height--
	}
	from, to := c.Scroll(len(rows), height)
	p.Total, p.Top, p.Visible = len(rows), from, height
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, columns.row(d, &rows[i], i == c.At, focused, width))
	}
	if why, unsampled := d.Unsampled(); unsampled {
		p.Lines = screen.Note(d.Theme, width, why)
	} else if len(rows) == 0 {
		p.Lines = screen.Note(d.Theme, width, wording.NobodyReads(d.Steady().Stations)...)
	}
	return p
}
