package output

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/effects"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// Effects are what followed an event, and how far consumers are with each.
type Effects struct {
	All       []effects.Effect
	More      int // events that are not among All
	Within    time.Duration
	Consumers []sources.Progress // Stands by the index in All
}

// Branch is what stands before a row of the tree: lines that lead to the event that it followed.
func (x *Effects) Branch(at int) string {
	var parts []string
	for i := at; x.All[i].Of >= 0; i = x.All[i].Of {
		last := x.lastOf(i)
		switch {
		case i == at && last:
			parts = append(parts, "╰ ")
		case i == at:
			parts = append(parts, "├ ")
		case last:
			parts = append(parts, "  ")
		default:
			parts = append(parts, "│ ")
		}
	}
	var line strings.Builder
	for i := len(parts) - 1; i >= 0; i-- {
		line.WriteString(parts[i])
	}
	return line.String()
}

// lastOf tells whether an event is the last that followed the same one directly.
func (x *Effects) lastOf(at int) bool {
	for i := at + 1; i < len(x.All); i++ {
		if x.All[i].Of == x.All[at].Of {
			return false
		}
	}
	return true
}

// Why says how an event is tied to the one that it followed.
func (x *Effects) Why(at int) string {
	e := &x.All[at]
	switch e.Tie {
	case effects.Caused:
		return "by " + e.By
	case effects.Correlated:
		return "same " + e.By
	case effects.Inferred:
		return "inferred: same " + e.By
	}
	return ""
}

// Handled says which consumers are how far with an event: "billing done, mailer waiting".
func (x *Effects) Handled(at int) string {
	var parts []string
	for i := range x.Consumers {
		c := &x.Consumers[i]
		if at >= len(c.Stands) || c.Stands[at].Standing == "" || c.Stands[at].Standing == bus.Filtered {
			continue
		}
		text := c.Consumer + " " + string(c.Stands[at].Standing)
		if who := c.Stands[at].Who; who != "" && c.Stands[at].Standing == bus.Delivered {
			text += " to " + who
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// Summary says in sentences how many followed, and what became of the entities.
func (x *Effects) Summary() []string {
	counts := map[effects.Tie]uint64{}
	faults := uint64(0)
	for i := range x.All[1:] {
		counts[x.All[i+1].Tie]++
		if fault, _ := x.All[i+1].Event.Fault(); fault != "" {
			faults++
		}
	}
	followed := uint64(len(x.All) - 1)
	if followed == 0 {
		return []string{"nothing followed that names it, or came to the same entity within " + screen.Took(x.Within)}
	}
	line := screen.Plural(followed, "event") + " followed"
	for _, tie := range []effects.Tie{effects.Caused, effects.Correlated, effects.Inferred} {
		if n := counts[tie]; n > 0 {
			line += fmt.Sprintf(", %d %s", n, tie)
		}
	}
	if faults > 0 {
		line += fmt.Sprintf("; %d led to nothing", faults)
	}
	lines := []string{line}
	if x.More > 0 {
		lines = append(lines, screen.Plural(uint64(x.More), "more event")+" that followed are not listed")
	}
	var changed []string
	for _, e := range effects.Entities(x.All) {
		text := fmt.Sprintf("%s v%d", e.Entity(), e.Version)
		if e.Status != "" {
			text += " " + e.Status
		}
		changed = append(changed, text)
	}
	if len(changed) > 0 {
		const most = 12
		more := ""
		if len(changed) > most {
			more = fmt.Sprintf(" and %d more", len(changed)-most)
			changed = changed[:most]
		}
		lines = append(lines, "they came to "+strings.Join(changed, ", ")+more)
	}
	return lines
}

// ShowEffects prints what followed an event, for people.
func ShowEffects(out io.Writer, x *Effects) error {
	p := ColoursFor(out)
	form := EventLine(p)
	var text []byte
	for i := range x.All {
		e := &x.All[i]
		text = append(text, x.Branch(i)...)
		if i > 0 {
			text = append(text, p.Paint(Dim, "+"+screen.Took(e.After))+" "...)
		}
		line := strings.TrimSuffix(string(form(nil, e.Event)), "\n")
		text = append(text, line...)
		var notes []string
		for _, note := range []string{x.Why(i), x.Handled(i)} {
			if note != "" {
				notes = append(notes, screen.Clean(note))
			}
		}
		if len(notes) > 0 {
			text = append(text, "  "+p.Paint(Dim, "("+strings.Join(notes, "; ")+")")...)
		}
		text = append(text, '\n')
	}
	for _, line := range x.Summary() {
		text = append(text, screen.Clean(line)+"\n"...)
	}
	_, err := out.Write(text)
	return err
}

// EffectLine is an event that followed another, as JSON. The first line is the event that was asked about.
type EffectLine struct {
	Number    int               `json:"number"` // of the line, from 0
	Of        *int              `json:"of,omitempty"`
	Tie       string            `json:"tie,omitempty"`
	By        string            `json:"by,omitempty"`
	After     float64           `json:"after_seconds"`
	Consumers map[string]string `json:"consumers,omitempty"`
	Event     json.RawMessage   `json:"event"`
}

// EffectsJSON are the lines of what followed an event.
func EffectsJSON(x *Effects) []EffectLine {
	lines := make([]EffectLine, len(x.All))
	for i := range x.All {
		e := &x.All[i]
		line := EffectLine{Number: i, Tie: string(e.Tie), By: e.By, After: e.After.Seconds(), Event: e.Event.AppendJSON(nil)}
		if e.Of >= 0 {
			of := e.Of
			line.Of = &of
		}
		for k := range x.Consumers {
			if c := &x.Consumers[k]; i < len(c.Stands) && c.Stands[i].Standing != "" {
				if line.Consumers == nil {
					line.Consumers = map[string]string{}
				}
				line.Consumers[c.Consumer] = string(c.Stands[i].Standing)
			}
		}
		lines[i] = line
	}
	return lines
}

// handling is what the engine is asked.
type handling interface {
	Handling(ctx context.Context, events []*sources.Event) ([]sources.Progress, error)
}

// FindHandling asks how far consumers are with what was found.
func FindHandling(ctx context.Context, engine handling, search *effects.Search, within time.Duration) (*Effects, error) {
	all, more := search.All()
	events := make([]*sources.Event, len(all))
	for i := range all {
		events[i] = all[i].Event
	}
	consumers, err := engine.Handling(ctx, events)
	if err != nil {
		return nil, fmt.Errorf("asking how far consumers are: %w", err)
	}
	return &Effects{All: all, More: more, Within: within, Consumers: consumers}, nil
}
