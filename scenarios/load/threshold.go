package load

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/values"
)

// Threshold is what is to hold of the figures.
type Threshold struct {
	condition values.Condition
	names     []string // of the figures that it asks for
}

// shortcuts are names for the figures that are asked for most.
var shortcuts = map[string]string{"p50": "published.p50", "p99": "published.p99"}

// figureForm is a name in an expression, with what is below it.
var figureForm = regexp.MustCompile(`[A-Za-z_]\w*(\.[A-Za-z_]\w*)*`)

// quotedForm is a text in an expression.
var quotedForm = regexp.MustCompile(`"[^"]*"|'[^']*'`)

// ReadThreshold compiles a threshold, such as "published.p99 < 50ms".
func ReadThreshold(text file.Text) (Threshold, error) {
	sample := Figures{Published: Latencies{Count: 1}, EndToEnd: Latencies{Count: 1}}
	known := sample.scope()
	names := values.Names{}
	for name := range known {
		names[name] = false
	}
	condition, err := names.Condition(text)
	if err != nil {
		return Threshold{}, err
	}
	if !condition.Given() {
		return Threshold{}, file.At(text.Node, "want a condition, such as published.p99 < 50ms")
	}
	t := Threshold{condition: condition}
	for _, name := range figureForm.FindAllString(quotedForm.ReplaceAllString(text.Value, ""), -1) {
		top, _, below := strings.Cut(name, ".")
		if _, there := known[top]; !there {
			continue // a function, or a word such as and
		}
		full := name
		if short, there := shortcuts[name]; there {
			full = short
		}
		if all := FigureNames(); !slices.Contains(all, full) {
			if !below {
				return t, file.At(text.Node, "%s has parts: want %s.p50, %s.p99 or %s.max", name, name, name, name)
			}
			return t, file.At(text.Node, "no figure %q%s", name, nearest.Hint(name, all))
		}
		t.names = append(t.names, full)
	}
	if len(t.names) == 0 {
		return t, file.At(text.Node, "%q asks for no figure: want one of %s", text.Value, strings.Join(FigureNames(), ", "))
	}
	if _, err := condition.Holds(known, nil); err != nil {
		return t, file.At(text.Node, "%q cannot be computed: %v", text.Value, err)
	}
	return t, nil
}

// FigureNames are the names of all figures.
func FigureNames() []string {
	var names []string
	for _, figure := range (&Figures{}).All() {
		names = append(names, figure.Name)
	}
	return names
}

// scope is the figures as thresholds see them.
func (f *Figures) scope() map[string]any {
	names := f.Tree()
	published, _ := names["published"].(map[string]any)
	names["p50"], names["p99"] = published["p50"], published["p99"]
	return names
}

// Tree is the figures by their names: those with a dot as parts of one. Times are in seconds; what cannot be told is nil.
func (f *Figures) Tree() map[string]any {
	names := map[string]any{}
	for _, figure := range f.All() {
		value := figure.Value
		if n, ok := value.(int64); ok {
			value = int(n)
		}
		top, below, parted := strings.Cut(figure.Name, ".")
		if !parted {
			names[top] = value
			continue
		}
		group, _ := names[top].(map[string]any)
		if group == nil {
			group = map[string]any{}
			names[top] = group
		}
		group[below] = value
	}
	return names
}

// Verdict is a threshold that did not hold, or what every load is held to.
type Verdict struct{ Expected, Found string }

// Judge holds the figures to thresholds. A load is held to it, too, that nothing fails and that its rate is held, unless thresholds ask
// for these figures themselves.
func (f *Figures) Judge(thresholds []Threshold) []Verdict {
	var wrong []Verdict
	asks := func(names ...string) bool {
		return slices.ContainsFunc(thresholds, func(t Threshold) bool {
			return slices.ContainsFunc(t.names, func(name string) bool { return slices.Contains(names, name) })
		})
	}
	if f.Dropped > 0 && !asks("dropped", "rate", "sent", "iterations") {
		wrong = append(wrong, Verdict{fmt.Sprintf("%s/s for %s", grouped(f.Asked), f.For), fmt.Sprintf("%s/s: %s of %s could not begin",
			grouped(f.Rate), grouped(float64(f.Dropped)), grouped(float64(f.Planned)))})
	}
	if f.Failed > 0 && (!asks("failed") || f.GivenUp) {
		wrong = append(wrong, Verdict{"none to fail", fmt.Sprintf("%s of %s failed, the first with: %s", grouped(float64(f.Failed)),
			grouped(float64(f.Iterations)), f.Reason)})
	}
	for _, t := range thresholds {
		if ok, err := t.condition.Holds(f.scope(), nil); !ok || err != nil {
			wrong = append(wrong, Verdict{t.condition.String(), f.measured(t.names)})
		}
	}
	return wrong
}

// measured says what some figures are.
func (f *Figures) measured(names []string) string {
	var out []string
	for _, figure := range f.All() {
		if !slices.Contains(names, figure.Name) {
			continue
		}
		text := "cannot be told"
		switch value := figure.Value.(type) {
		case int64:
			text = grouped(float64(value))
		case float64:
			if text = grouped(value); strings.Contains(figure.Name, ".") {
				text = Rounded(time.Duration(value * float64(time.Second))).String()
			}
		}
		out = append(out, figure.Name+" = "+text)
	}
	return strings.Join(out, ", ")
}
