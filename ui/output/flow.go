package output

import (
	"fmt"
	"io"
	"strings"
	"time"

	"signalbox/sources"
	"signalbox/ui/graph"
	"signalbox/ui/screen"
)

// ShowFlow prints a flow for people: drawn, where it fits into so many columns, and as tables.
func ShowFlow(out io.Writer, f *sources.Flow, width int) error {
	drawn := DrawFlow(f)
	var text strings.Builder
	const mostRows = 60
	if d, ok := graph.Lay(&drawn.Graph, width, mostRows); ok {
		text.WriteString(strings.Join(d.Lines(), "\n") + "\n\n")
	}
	for _, note := range FlowNotes(f) {
		text.WriteString(note + "\n")
	}
	if _, err := io.WriteString(out, text.String()); err != nil {
		return err
	}
	arrows := NewTable(out, "FROM", "TO", "COUNT", "MEDIAN", "P95", "BY")
	for i := range f.Arrows {
		a := &f.Arrows[i]
		to, median, p95 := FlowTo(f, a), "", ""
		if a.Timed {
			median, p95 = screen.Took(a.Median), screen.Took(a.P95)
		}
		arrows.Row(FlowBoxName(f, a.From), to, fmt.Sprint(a.Count), median, p95, FlowBy(a))
	}
	if err := arrows.Flush(); err != nil || f.Waits == 0 {
		return err
	}
	if _, err := fmt.Fprintf(out, "\n%s longer than 99 of 100 others did:\n", waits(f)); err != nil {
		return err
	}
	waiting := NewTable(out, "ID", "IN", "SINCE", "FOR", "USUAL")
	for _, w := range f.Waiting {
		waiting.Row(w.ID, FlowBoxName(f, w.Box), w.Since.Local().Format("2006-01-02 15:04:05.000"), screen.Took(f.Time.Sub(w.Since)), "up to "+screen.Took(f.Boxes[w.Box].P99))
	}
	return waiting.Flush()
}

func waits(f *sources.Flow) string {
	if f.Waits == 1 {
		return "1 " + screen.Clean(f.Kind) + " waits"
	}
	return screen.Plural(f.Waits, screen.Clean(f.Kind)) + " wait"
}

// FlowTo is where an arrow leads, or that it does not, and whether it is rare.
func FlowTo(f *sources.Flow, a *sources.FlowArrow) string {
	switch {
	case a.Refused:
		return "✗ refused"
	case a.From == a.To:
		return "(stays)"
	case a.Rare:
		return FlowBoxName(f, a.To) + " (rare)"
	}
	return FlowBoxName(f, a.To)
}

// FlowLine is a flow as JSON.
type FlowLine struct {
	Kind     string            `json:"kind"`
	Entities uint64            `json:"entities"`
	Unknown  uint64            `json:"unknown,omitempty"` // of them, those of which it is not known where they stand
	Events   uint64            `json:"events"`
	Missed   uint64            `json:"missed,omitempty"`
	Boxes    []FlowBoxLine     `json:"boxes"`
	Arrows   []FlowArrowLine   `json:"arrows"`
	Waits    uint64            `json:"waits"` // entities that wait longer than 99 of 100 others did
	Waiting  []FlowWaitingLine `json:"waiting,omitempty"`
}

// FlowBoxLine is a box. The one without a name is that of entities without status.
type FlowBoxLine struct {
	Status   string  `json:"status"`
	Type     string  `json:"type,omitempty"` // instead: the last event of entities without status
	Entities uint64  `json:"entities"`
	P99      float64 `json:"p99_seconds,omitempty"` // that entities were in it
	Declared *bool   `json:"declared,omitempty"`    // missing where no domain declares any
	Never    bool    `json:"never,omitempty"`       // declared, and never reached
}

// FlowArrowLine is an arrow from one box to another, by their places among the boxes.
type FlowArrowLine struct {
	From    int           `json:"from"`
	To      int           `json:"to"`
	Count   uint64        `json:"count"`
	Median  *float64      `json:"median_seconds,omitempty"`
	P95     *float64      `json:"p95_seconds,omitempty"`
	Rare    bool          `json:"rare,omitempty"`
	Refused bool          `json:"refused,omitempty"`
	By      []FlowWayLine `json:"by"`
	Others  uint64        `json:"others,omitempty"` // by further events
}

// FlowWayLine is an event by which an arrow was gone.
type FlowWayLine struct {
	Type   string `json:"type"`
	Reason string `json:"reason,omitempty"`
	Count  uint64 `json:"count"`
}

// FlowWaitingLine is an entity that waits longer than others did.
type FlowWaitingLine struct {
	ID    string    `json:"id"`
	Box   int       `json:"box"`
	Since time.Time `json:"since"`
}

// FlowJSON is a flow as JSON.
func FlowJSON(f *sources.Flow) FlowLine {
	line := FlowLine{Kind: f.Kind, Entities: f.Entities, Unknown: f.Unknown, Events: f.Events, Missed: f.Missed, Waits: f.Waits, Arrows: []FlowArrowLine{}}
	for i := range f.Boxes {
		b := &f.Boxes[i]
		x := FlowBoxLine{Status: b.Name, Entities: b.Entities, P99: b.P99.Seconds(), Never: b.Never}
		if b.Type {
			x.Status, x.Type = "", b.Name
		}
		if declared := !b.Undeclared; f.Declared && i > 0 {
			x.Declared = &declared
		}
		line.Boxes = append(line.Boxes, x)
	}
	for i := range f.Arrows {
		a := &f.Arrows[i]
		x := FlowArrowLine{From: a.From, To: a.To, Count: a.Count, Rare: a.Rare, Refused: a.Refused, By: []FlowWayLine{}, Others: a.Rest}
		if median, p95 := a.Median.Seconds(), a.P95.Seconds(); a.Timed {
			x.Median, x.P95 = &median, &p95
		}
		for _, w := range a.Ways {
			x.By = append(x.By, FlowWayLine(w))
		}
		line.Arrows = append(line.Arrows, x)
	}
	for _, w := range f.Waiting {
		line.Waiting = append(line.Waiting, FlowWaitingLine{ID: w.ID, Box: w.Box, Since: w.Since.UTC()})
	}
	return line
}

// FlowMermaid is a flow as a state diagram of Mermaid.
func FlowMermaid(f *sources.Flow) string {
	var out strings.Builder
	out.WriteString("stateDiagram-v2\n    direction LR\n")
	for i := range f.Boxes {
		if b := &f.Boxes[i]; i > 0 {
			note := screen.Grouped(b.Entities) + " now"
			if b.Never {
				note = "never reached"
			}
			fmt.Fprintf(&out, "    s%d : %s (%s)\n", i, mermaidText(FlowBoxName(f, i)), note)
		}
	}
	name := func(box int) string {
		if box == 0 {
			return "[*]"
		}
		return fmt.Sprint("s", box)
	}
	for i := range f.Arrows {
		a := &f.Arrows[i]
		label := screen.Grouped(a.Count)
		switch {
		case a.Refused:
			label = "✗ " + label + " refused"
		case a.Timed:
			label += ", median " + screen.Took(a.Median) + ", p95 " + screen.Took(a.P95)
		}
		if a.Rare {
			label += ", rare"
		}
		if by := FlowBy(a); by != "" {
			label += " " + by
		}
		if a.From == 0 && a.To == 0 {
			continue // what was refused before there was any status has no place in such a diagram
		}
		fmt.Fprintf(&out, "    %s --> %s : %s\n", name(a.From), name(a.To), mermaidText(label))
	}
	return out.String()
}

// mermaidText is text without what ends a label.
func mermaidText(text string) string {
	return strings.NewReplacer(":", "#58;", ";", "#59;", "\n", " ", "\"", "'", "<", "#lt;", ">", "#gt;").Replace(text)
}

// FlowSVG is a flow as a picture that stands alone.
func FlowSVG(f *sources.Flow) (string, error) {
	drawn := DrawFlow(f)
	const most = 4000 // cells in either direction
	d, ok := graph.Lay(&drawn.Graph, most, most)
	if !ok {
		return "", fmt.Errorf("the flow of %s is too large for a picture: --mermaid and --json have all of it", f.Kind)
	}
	return d.SVG("flow of "+screen.Clean(f.Kind), func(node, edge int) string {
		switch {
		case node >= 0 && f.Boxes[drawn.Boxes[node]].Undeclared:
			return `fill="#fff4e5" stroke="#9a6700"`
		case node >= 0:
			return `fill="#f3f8fd" stroke="#0b66c3"`
		case f.Arrows[drawn.Arrows[edge]].Rare:
			return `stroke="#9a6700" stroke-dasharray="5 4"`
		}
		return `stroke="#555555"`
	}), nil
}
