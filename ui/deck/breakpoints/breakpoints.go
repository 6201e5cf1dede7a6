// Package breakpoints holds the breakpoints of the deck: which there are, which are on, which of their hits were shown. The
// engine counts what hits them.
//
// It belongs to the deck's goroutine. No method waits.
package breakpoints

import (
	"errors"
	"fmt"
	"strings"

	"signalbox/scenarios/filter"
	"signalbox/sources"
)

// Breakpoints are those of the deck. The zero value has none.
type Breakpoints struct {
	list    *sources.BreakList
	next    int            // number that the next one gets - 1
	seen    map[int]uint64 // hits that were shown, by number
	stopped int            // the one that froze the view; 0 for none
}

// MostBreakpoints bounds how many there are: each is asked about every event.
const MostBreakpoints = 16

// List is what the engine is to watch for.
func (b *Breakpoints) List() *sources.BreakList { return b.list }

// Form is how a breakpoint is typed.
const Form = "KIND when EXPRESSION"

// Parse takes apart what was typed, as in "delivery when state.budget < 0"; without a kind it is about all events.
func Parse(text string) (kind string, when *sources.EventFilter, err error) {
	kind, expression, ok := strings.Cut(" "+strings.TrimSpace(text)+" ", " when ")
	kind = strings.TrimSpace(kind)
	switch {
	case !ok || strings.TrimSpace(expression) == "":
		return "", nil, errors.New("want " + Form + ", such as delivery when state.budget < 0")
	case strings.ContainsAny(kind, " /"):
		return "", nil, fmt.Errorf("%s is no kind of entity: want %s", kind, Form)
	}
	when, err = filter.ParseEvents(expression)
	if slip := filter.Slip(expression, filter.EventNames()); err == nil && slip != "" {
		err = errors.New(slip)
	}
	return kind, when, err
}

// Add makes a breakpoint of what was typed.
func (b *Breakpoints) Add(text string) error {
	kind, when, err := Parse(text)
	if err != nil {
		return err
	}
	all := b.all()
	if len(all) == MostBreakpoints {
		return fmt.Errorf("there are %d breakpoints already: remove one", MostBreakpoints)
	}
	b.next++
	b.list = &sources.BreakList{All: append(all, sources.Breakpoint{Number: b.next, Kind: kind, Text: strings.Join(strings.Fields(text), " "), When: when})}
	return nil
}

// all is a copy of those there are.
func (b *Breakpoints) all() []sources.Breakpoint {
	if b.list == nil {
		return nil
	}
	return append([]sources.Breakpoint(nil), b.list.All...)
}

// Toggle turns one on or off.
func (b *Breakpoints) Toggle(number int) {
	all := b.all()
	for i := range all {
		if all[i].Number == number {
			all[i].Off = !all[i].Off
		}
	}
	b.list = &sources.BreakList{All: all}
}

// Remove takes one away.
func (b *Breakpoints) Remove(number int) {
	var left []sources.Breakpoint
	for _, p := range b.all() {
		if p.Number != number {
			left = append(left, p)
		}
	}
	if b.list = nil; len(left) > 0 {
		b.list = &sources.BreakList{All: left}
	}
	delete(b.seen, number)
}

// Hit is the first hit among rows that was not shown yet, and the breakpoint; all of them have then been shown.
func (b *Breakpoints) Hit(rows []sources.BreakRow) (row *sources.BreakRow, hit sources.BreakHit) {
	for i := range rows {
		r := &rows[i]
		fresh := r.Hits - b.seen[r.Number]
		if fresh == 0 {
			continue
		}
		if b.seen == nil {
			b.seen = map[int]uint64{}
		}
		b.seen[r.Number] = r.Hits
		first := r.Events[max(0, len(r.Events)-int(min(fresh, sources.MaxBreakHits)))]
		if row == nil || first.Number < hit.Number {
			row, hit = r, first
		}
	}
	return row, hit
}

// StoppedBy notes which breakpoint froze the view; 0 is none.
func (b *Breakpoints) StoppedBy(number int) { b.stopped = number }

// Stopped is the breakpoint that froze the view, as it is typed; "" for none.
func (b *Breakpoints) Stopped() string {
	if b.list == nil {
		return ""
	}
	for _, p := range b.list.All {
		if p.Number == b.stopped {
			return p.Text
		}
	}
	return ""
}
