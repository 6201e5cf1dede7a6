package output

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// BusesDiff is how what two buses hold differs.
type BusesDiff struct {
	Left  string `json:"left"`
	Right string `json:"right"`

	Entities  uint64       `json:"entities"` // that both have
	Different uint64       `json:"different_entities"`
	Partial   uint64       `json:"partial_on_one_side"`  // of these not all events are known on one side: they are not compared
	Ended     []EntityDiff `json:"entities_that_differ"` // the first of them

	Both        uint64   `json:"events"` // that both have
	OnlyLeft    uint64   `json:"events_only_left"`
	OnlyRight   uint64   `json:"events_only_right"`
	LeftEvents  []string `json:"only_left,omitempty"` // the first of them, in lines
	RightEvents []string `json:"only_right,omitempty"`

	Steps []StepDiff `json:"steps"`
}

// EntityDiff is an entity that ended differently, or is on one side alone.
type EntityDiff struct {
	Entity string   `json:"entity"`
	Only   string   `json:"only,omitempty"`
	Fields []string `json:"fields,omitempty"` // "status: ready, and completed"
}

// Step is how often entities went from one type of events to another, and how long that took together.
type Step struct {
	Times uint64
	Sum   time.Duration
}

func (s Step) mean() time.Duration {
	if s.Times == 0 {
		return 0
	}
	return s.Sum / time.Duration(s.Times)
}

// StepDiff is a step whose time is another, in seconds.
type StepDiff struct {
	Step  string  `json:"step"`
	Left  float64 `json:"left"`
	Right float64 `json:"right"`
}

// Differs tells whether the buses do not hold the same. How long steps took is no difference.
func (d *BusesDiff) Differs() bool { return d.Different+d.OnlyLeft+d.OnlyRight > 0 }

// Entity adds an entity that differs.
func (d *BusesDiff) Entity(e EntityDiff) {
	d.Different++
	d.Ended = append(d.Ended, e)
}

// Compare compares how an entity ended on both sides.
func (d *BusesDiff) Compare(a, b *sources.EntityRow) {
	d.Entities++
	if a.Partial != b.Partial {
		d.Partial++
		return
	}
	e := EntityDiff{Entity: a.Entity.String()}
	add := func(name string, x, y any) {
		if text := fmt.Sprintf("%s: %v, and %v", name, x, y); fmt.Sprint(x) != fmt.Sprint(y) {
			e.Fields = append(e.Fields, text)
		}
	}
	add("status", a.Status, b.Status)
	add("version", a.Version, b.Version)
	add("refused", a.Rejected, b.Rejected)
	left, right := members(a.Fields), members(b.Fields)
	for _, name := range Differing(a.Fields, b.Fields) {
		e.Fields = append(e.Fields, fmt.Sprintf("%s: %v, and %v", name, left[name], right[name]))
	}
	if len(e.Fields) > 0 {
		d.Entity(e)
	}
}

// Sort puts the entities that differ in order, and keeps so many.
func (d *BusesDiff) Sort(most int) {
	slices.SortFunc(d.Ended, func(a, b EntityDiff) int { return cmp.Compare(a.Entity, b.Entity) })
	d.Ended = d.Ended[:min(len(d.Ended), most)]
}

// A step took another time where the means are so many times apart, and at least so far.
const (
	otherTimes = 1.5
	otherTime  = time.Millisecond
)

// CompareSteps finds the steps whose time changed, those that changed most first.
func (d *BusesDiff) CompareSteps(left, right map[string]Step) {
	d.Steps = []StepDiff{}
	for name, a := range left {
		b, there := right[name]
		if !there {
			continue
		}
		x, y := a.mean(), b.mean()
		if far := max(x, y) - min(x, y); far >= otherTime && float64(max(x, y)) >= otherTimes*float64(min(x, y)) {
			d.Steps = append(d.Steps, StepDiff{name, x.Seconds(), y.Seconds()})
		}
	}
	change := func(s StepDiff) float64 { return max(s.Left, s.Right) - min(s.Left, s.Right) }
	slices.SortFunc(d.Steps, func(a, b StepDiff) int {
		return cmp.Or(cmp.Compare(change(b), change(a)), cmp.Compare(a.Step, b.Step))
	})
}

// Show prints it for people.
func (d *BusesDiff) Show(out io.Writer) error {
	var text strings.Builder
	line := func(format string, args ...any) {
		text.WriteString(screen.Clean(strings.TrimRight(fmt.Sprintf(format, args...), " ")) + "\n")
	}
	line("entities  %s in both, %s different", screen.Grouped(d.Entities), screen.Grouped(d.Different))
	if d.Partial > 0 {
		line("  %s partial on one side alone, and not compared", screen.Grouped(d.Partial))
	}
	for _, e := range d.Ended {
		if e.Only != "" {
			line("  %s only in %s", e.Entity, e.Only)
			continue
		}
		line("  %s  %s", e.Entity, strings.Join(e.Fields, "; "))
	}
	line("events    %s in both, %s only in %s, %s only in %s", screen.Grouped(d.Both), screen.Grouped(d.OnlyLeft), d.Left, screen.Grouped(d.OnlyRight), d.Right)
	for _, events := range [][]string{d.LeftEvents, d.RightEvents} {
		for _, e := range events {
			line("  %s", e)
		}
	}
	if len(d.Steps) == 0 {
		line("steps     no other times")
	} else {
		line("steps     %s took another time, in the mean", screen.Plural(uint64(len(d.Steps)), "step"))
	}
	for _, s := range d.Steps {
		line("  %s  %s, and %s", s.Step, seconds(s.Left), seconds(s.Right))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(100 * time.Microsecond)
}
