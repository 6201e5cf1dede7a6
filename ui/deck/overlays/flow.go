package overlays

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/graph"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// flowView is the state machine of one kind as it ran: drawn where it fits, and below that its arrows, then the entities that wait
// longer than others did.
type flowView struct {
	component.ReadOnly
	kind  string
	list  screen.List
	first int // rows of the list begin at this line of the overlay
}

// Name implements component.Overlay.
func (v *flowView) Name() string { return "the flow" }

// openFlow opens the flow of the kind of the entity that is shown or, where none is, of the kind that most are of.
func openFlow(d *component.Deck) {
	kind := d.Entity().Kind
	if kinds := d.Snapshot().Entities.Kinds; kind == "" && len(kinds) > 0 {
		kind = kinds[0].Name
	}
	if kind == "" {
		d.Say(bus.Say, "there is no flow yet: no entity is here")
		return
	}
	d.Open(&flowView{kind: kind})
}

// runFlow opens the flow of the kind that was typed.
func runFlow(d *component.Deck, kind string) (tea.Cmd, error) {
	known := false
	var names []string
	for _, k := range d.Snapshot().Entities.Kinds {
		known = known || k.Name == kind
		names = append(names, k.Name)
	}
	if !known {
		return nil, errors.New("no entity of kind " + kind + " is here: " + cmp.Or(strings.Join(names, ", "), "there is none yet"))
	}
	d.Close()
	d.Open(&flowView{kind: kind})
	return func() tea.Msg { return nil }, nil
}

// Want implements component.Wanting.
func (v *flowView) Want(_ *component.Deck, view *sources.View) { view.Flow = v.kind }

// graph is the flow as it is known by now; nil while it is not here.
func (v *flowView) graph(d *component.Deck) *sources.Flow {
	if f := d.Snapshot().Flow; f != nil && f.Kind == v.kind {
		return f
	}
	return nil
}

// rows is how many arrows and waiting entities can be chosen.
func (v *flowView) rows(f *sources.Flow) int {
	if f == nil {
		return 0
	}
	return len(f.Arrows) + len(f.Waiting)
}

// key names a row, so that it stays chosen while others come and go.
func (v *flowView) key(f *sources.Flow) func(int) string {
	return func(i int) string {
		if i >= len(f.Arrows) {
			return "waits " + f.Waiting[i-len(f.Arrows)].ID
		}
		a := &f.Arrows[i]
		return fmt.Sprint(a.From, a.To, a.Refused)
	}
}

// Move implements component.Overlay.
func (v *flowView) Move(d *component.Deck, by int) {
	if f := v.graph(d); f != nil {
		v.list.Move(by, v.rows(f), v.key(f))
	}
}

// nextKind shows the flow of the next kind.
func (v *flowView) nextKind(d *component.Deck) tea.Cmd {
	var kinds []string
	for _, k := range d.Snapshot().Entities.Kinds {
		kinds = append(kinds, k.Name)
	}
	if len(kinds) > 0 {
		slices.Sort(kinds)
		v.kind, v.list = kinds[(slices.Index(kinds, v.kind)+1)%len(kinds)], screen.List{}
	}
	return nil
}

// enter shows the events of the chosen arrow, or opens the entity that waits.
func (v *flowView) enter(d *component.Deck) tea.Cmd {
	f := v.graph(d)
	if v.rows(f) == 0 {
		return nil
	}
	v.list.Restore(v.rows(f), v.key(f))
	d.Overlays.CloseAll()
	if i := v.list.At - len(f.Arrows); i >= 0 {
		d.Selection.Choose(sources.Entity{Kind: f.Kind, ID: f.Waiting[i].ID})
		component.GoTo[component.StateHolder](d)
		return nil
	}
	err := component.GoNarrowed[component.EventHolder](d, func() error { return d.Selection.Events.Narrow(arrowFilter(f, &f.Arrows[v.list.At])) })
	if err != nil {
		d.SayError(err)
	}
	return nil
}

// arrowFilter is the filter of the events by which an arrow was gone, as one would type it.
func arrowFilter(f *sources.Flow, a *sources.FlowArrow) string {
	parts := []string{"entity.kind == " + strconv.Quote(f.Kind)}
	is := func(state string, box int) {
		switch b := &f.Boxes[box]; {
		case box == 0:
			parts = append(parts, state+".status == nil")
		case !b.Type && b.Name != sources.FlowOthers:
			parts = append(parts, state+".status == "+strconv.Quote(b.Name))
		}
	}
	if a.Refused {
		parts = append(parts, "(rejected != nil || problem != nil)")
		is("state", a.From)
		return strings.Join(parts, " && ")
	}
	parts = append(parts, "rejected == nil && problem == nil")
	if b := &f.Boxes[a.To]; b.Type {
		parts = append(parts, "type == "+strconv.Quote(b.Name))
	}
	is("before", a.From)
	is("state", a.To)
	return strings.Join(parts, " && ")
}

// Draw implements component.Overlay.
func (v *flowView) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b, t := d.Layout().Large(), d.Theme
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: "flow of " + screen.CleanUpTo(v.kind, 40)}
	f := v.graph(d)
	if f == nil || f.Entities == 0 {
		p.Lines = screen.Note(t, width, "going through the events that are held…")
		return p, b
	}
	p.Info = v.info(f)
	rows := v.rows(f)
	v.list.Restore(rows, v.key(f))
	notes := v.notes(t, f, width, max(height/6, 1))
	const least = 5 // rows of the list, with its heading
	drawn := output.DrawFlow(f)
	if g, ok := graph.Lay(&drawn.Graph, width-2, height-least-len(notes)); ok {
		p.Lines = append(p.Lines, v.cells(d, f, drawn, g, width)...)
	}
	p.Lines = append(p.Lines, notes...)
	room := height - len(p.Lines) - 1
	from, to := v.list.Scroll(rows, room)
	v.first = len(p.Lines) + 1
	p.Total, p.Top, p.Visible = rows, from, room
	columns := newFlowColumns(f, width)
	p.Lines = append(p.Lines, columns.heading(t))
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, columns.row(d, f, i, i == v.list.At))
	}
	return p, b
}

// info says of what the flow is.
func (v *flowView) info(f *sources.Flow) []string {
	info := []string{screen.Plural(f.Entities, screen.Clean(f.Kind)), screen.Plural(f.Events, "event")}
	if f.Waits > 0 {
		info = append(info, screen.Grouped(f.Waits)+" wait long")
	}
	if f.Part < 1 {
		info = append(info, fmt.Sprintf("%.0f %% gone through", 100*f.Part))
	}
	return info
}

// notes are what is to be said of the flow, in at most so many lines.
func (v *flowView) notes(t *screen.Theme, f *sources.Flow, width, most int) []string {
	var lines []string
	for _, note := range output.FlowNotes(f) {
		for _, part := range screen.Wrap(note, width-4) {
			l := screen.NewLine(width, "")
			l.Gap(2)
			l.Put(t.Warn, part)
			lines = append(lines, l.String())
		}
	}
	return lines[:min(len(lines), most)]
}

// cells are the rows of the drawing, in the middle, with the chosen arrow marked.
func (v *flowView) cells(d *component.Deck, f *sources.Flow, drawn *output.FlowDrawing, g *graph.Drawing, width int) []string {
	var lines []string
	for _, row := range g.Cells() {
		l := screen.NewLine(width, "")
		l.Gap((width - g.Width) / 2)
		for _, cell := range row {
			if cell.Text != "" {
				l.Put(v.style(d.Theme, f, drawn, &cell), cell.Text)
			}
		}
		lines = append(lines, l.String())
	}
	return lines
}

// style is how a cell of the drawing looks.
func (v *flowView) style(t *screen.Theme, f *sources.Flow, drawn *output.FlowDrawing, cell *graph.Cell) screen.Style {
	if cell.Node < 0 && cell.Edge < 0 {
		return ""
	}
	if cell.Edge >= 0 {
		i := drawn.Arrows[cell.Edge]
		switch a := &f.Arrows[i]; {
		case i == v.list.At:
			return t.Accent.With(t.Bright)
		case a.Rare:
			return t.Warn
		case cell.Line < 0:
			return t.Faint
		}
		return t.Text
	}
	b := &f.Boxes[drawn.Boxes[cell.Node]]
	chosen := v.list.At < len(f.Arrows) && (f.Arrows[v.list.At].From == drawn.Boxes[cell.Node] || f.Arrows[v.list.At].To == drawn.Boxes[cell.Node])
	switch {
	case cell.Line < 0 && chosen:
		return t.Accent
	case cell.Line < 0:
		return t.Frame
	case cell.Line == 0 && b.Undeclared:
		return t.Warn
	case cell.Line == 0:
		return t.Hue(b.Name).With(t.Bright)
	case cell.Line == 1:
		return t.Text
	}
	return t.Dim
}

// Click implements component.Clickable: it chooses a row, and the second click opens it.
func (v *flowView) Click(d *component.Deck, row int, again bool) tea.Cmd {
	f := v.graph(d)
	at := v.list.Top + row - 1 - v.first
	if f == nil || row-1 < v.first || at >= v.rows(f) {
		return nil
	}
	v.list.Move(at-v.list.At, v.rows(f), v.key(f))
	if again {
		return v.enter(d)
	}
	return nil
}

// Copy implements component.Copying.
func (v *flowView) Copy(d *component.Deck) (text, what string) {
	if f := v.graph(d); f != nil {
		return output.FlowMermaid(f), "the flow, for Mermaid"
	}
	return "", "there is no flow yet"
}

// Row implements component.CopyingRow.
func (v *flowView) Row(d *component.Deck) any {
	if f := v.graph(d); f != nil {
		return output.FlowJSON(f)
	}
	return nil
}

func flowKeys() []component.Key {
	return []component.Key{
		{Names: []string{"f"}, Help: "flow: the state machine of a kind, as it ran", Rank: component.RankReport,
			For: component.AnyPane, Do: component.Plain(openFlow)},
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "open", Help: "show the events of the arrow, or the entity that waits, as a double click does"}, (*flowView).enter),
		component.InOverlay(component.Key{Names: []string{"tab"}, Short: "kind", Help: "the flow of the next kind of entity"}, (*flowView).nextKind),
	}
}
