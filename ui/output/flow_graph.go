package output

import (
	"fmt"

	"signalbox/sources"
	"signalbox/ui/graph"
	"signalbox/ui/screen"
)

// FlowDrawing is what of a flow is drawn: the boxes that entities were in, and the arrows between two of them. What stayed in its
// box, or was refused there, stands in the box.
type FlowDrawing struct {
	Graph  graph.Graph
	Boxes  []int // by node: which of the flow
	Arrows []int // by edge: likewise
}

// DrawFlow chooses what of a flow is drawn.
func DrawFlow(f *sources.Flow) *FlowDrawing {
	d := &FlowDrawing{}
	node := make([]int, len(f.Boxes))
	touched := make([]bool, len(f.Boxes))
	for _, a := range f.Arrows {
		if a.From != a.To {
			touched[a.From], touched[a.To] = true, true
		}
	}
	for i := range f.Boxes {
		node[i] = -1
		b := &f.Boxes[i]
		if b.Never || !touched[i] && b.Entities == 0 {
			continue
		}
		node[i] = len(d.Boxes)
		d.Boxes = append(d.Boxes, i)
		d.Graph.Nodes = append(d.Graph.Nodes, graph.Node{Lines: flowBoxLines(f, i)})
	}
	for i := range f.Arrows {
		a := &f.Arrows[i]
		if a.From == a.To {
			continue
		}
		d.Arrows = append(d.Arrows, i)
		d.Graph.Edges = append(d.Graph.Edges, graph.Edge{From: node[a.From], To: node[a.To], Labels: flowLabels(a)})
	}
	return d
}

// flowBoxLines are the lines of a box: its name, how many entities stand in it, and what happened to them there.
func flowBoxLines(f *sources.Flow, box int) []string {
	b := &f.Boxes[box]
	if box == 0 && b.Entities == 0 {
		return nil
	}
	lines := []string{FlowBoxName(f, box), screen.Short(b.Entities) + " now"}
	var stayed, refused uint64
	for i := range f.Arrows {
		switch a := &f.Arrows[i]; {
		case a.From != box:
		case a.Refused:
			refused += a.Count
		case a.To == box:
			stayed += a.Count
		}
	}
	if stayed > 0 {
		lines = append(lines, screen.Short(stayed)+" stayed")
	}
	if refused > 0 {
		lines = append(lines, "✗ "+screen.Short(refused))
	}
	return lines
}

// FlowBoxName is how a box is called: its status or type, or what says that there is none.
func FlowBoxName(f *sources.Flow, box int) string {
	if box == 0 {
		return "no status"
	}
	name := screen.CleanUpTo(f.Boxes[box].Name, 60)
	if f.Boxes[box].Undeclared {
		name += " ?"
	}
	return name
}

// flowLabels are what may stand on an arrow, the longest first.
func flowLabels(a *sources.FlowArrow) []string {
	count, rare := screen.Short(a.Count), ""
	if a.Rare {
		rare = " rare"
	}
	if !a.Timed {
		return []string{count + rare}
	}
	median, p95 := screen.Took(a.Median), screen.Took(a.P95)
	return []string{fmt.Sprintf("%s%s %s p95 %s", count, rare, median, p95), fmt.Sprintf("%s%s %s/%s", count, rare, median, p95), fmt.Sprintf("%s%s %s", count, rare, median), count}
}

// FlowBy are the events by which an arrow was gone, the most frequent first.
func FlowBy(a *sources.FlowArrow) string {
	text := ""
	for i, w := range a.Ways {
		if i > 0 {
			text += ", "
		}
		text += screen.CleanUpTo(w.Type, 60)
		if w.Reason != "" {
			text += ": " + screen.CleanUpTo(w.Reason, 100)
		}
		if len(a.Ways) > 1 || a.Rest > 0 {
			text += " " + screen.Short(w.Count)
		}
	}
	if a.Rest > 0 {
		text += ", others " + screen.Short(a.Rest)
	}
	return text
}

// FlowNotes are sentences about a flow: what of it is not known, and what a domain declares otherwise.
func FlowNotes(f *sources.Flow) []string {
	var notes []string
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	never, undeclared := "", ""
	for i := range f.Boxes {
		switch b := &f.Boxes[i]; {
		case b.Never:
			never = listed(never, b.Name)
		case b.Undeclared:
			undeclared = listed(undeclared, b.Name)
		}
	}
	if never != "" {
		add("never reached, though the domain declares it: %s", never)
	}
	if undeclared != "" {
		add("never declared by the domain (?): %s", undeclared)
	}
	if f.Unknown > 0 {
		add("of %s it is not known where they stand: their last events are held no more", screen.Plural(f.Unknown, screen.Clean(f.Kind)))
	}
	if f.Missed > 0 {
		add("%s left before they were gone through", screen.Plural(f.Missed, "event"))
	}
	if f.Lost > 0 {
		add("%s went along further arrows, for which there is no room", screen.Plural(f.Lost, "event"))
	}
	return notes
}

func listed(before, name string) string {
	if before != "" {
		before += ", "
	}
	return before + screen.CleanUpTo(name, 60)
}
