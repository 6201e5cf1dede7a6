package overlays

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios/chart"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// chartView is a chart over time: as lines, as bars of one series, or as a map of series and times. One time of one series is
// chosen in it.
type chartView struct {
	spec   *sources.ChartSpec
	form   chartForm
	series screen.List
	back   int // how many times before the newest one the chosen time is
}

// chartForm is how a chart is drawn.
type chartForm int

// The forms, in the order in which they follow each other.
const (
	chartMap chartForm = iota
	chartLines
	chartBars
	chartForms
)

func (f chartForm) String() string { return [...]string{"map", "lines", "bars"}[f] }

// usualChart is the chart that is opened where none was typed.
const usualChart = "count by type every 10s"

// Name implements component.Overlay.
func (v *chartView) Name() string { return "a chart" }

// Typing implements component.Overlay.
func (v *chartView) Typing() bool { return false }

// Moves implements component.Overlay.
func (v *chartView) Moves() bool { return true }

// Update implements component.Overlay.
func (v *chartView) Update(*component.Deck, tea.Msg) tea.Cmd { return nil }

func openChart(d *component.Deck) {
	spec, err := chart.Parse(usualChart)
	if err != nil {
		d.SayError(err)
		return
	}
	d.Open(&chartView{spec: spec})
}

// runChart opens the chart that was typed.
func runChart(d *component.Deck, text string) (tea.Cmd, error) {
	spec, err := chart.Parse(text)
	if err != nil {
		return nil, err
	}
	v := &chartView{spec: spec}
	if len(spec.By) == 0 || spec.Measure == sources.ChartMean || spec.Measure == sources.ChartQuantile {
		v.form = chartLines
	}
	d.Close()
	d.Open(v)
	return func() tea.Msg { return nil }, nil
}

// Want implements component.Wanting.
func (v *chartView) Want(_ *component.Deck, view *sources.View) { view.Chart = v.spec }

// chart is what is known of it by now; nil while it is not here.
func (v *chartView) chart(d *component.Deck) *sources.Chart {
	if c := d.Snapshot().Chart; c != nil && c.Spec == v.spec {
		return c
	}
	return nil
}

func seriesKey(c *sources.Chart) func(int) string {
	return func(i int) string { return output.SeriesName(&c.Series[i]) }
}

// Move implements component.Overlay: it chooses another series.
func (v *chartView) Move(d *component.Deck, by int) {
	if c := v.chart(d); c != nil {
		v.series.Move(by, len(c.Series), seriesKey(c))
	}
}

func (v *chartView) earlier(d *component.Deck) tea.Cmd { return v.step(d, 1) }
func (v *chartView) later(d *component.Deck) tea.Cmd   { return v.step(d, -1) }

// step chooses a time so many earlier.
func (v *chartView) step(d *component.Deck, by int) tea.Cmd {
	if c := v.chart(d); c != nil {
		v.back = min(max(v.back+by, 0), max(len(c.Times)-1, 0))
	}
	return nil
}

// next draws the chart in its next form.
func (v *chartView) next(*component.Deck) tea.Cmd {
	v.form = (v.form + 1) % chartForms
	return nil
}

// enter shows the events of the chosen series at the chosen time.
func (v *chartView) enter(d *component.Deck) tea.Cmd {
	c := v.chart(d)
	if c == nil || len(c.Series) == 0 || len(c.Times) == 0 {
		return nil
	}
	v.series.Restore(len(c.Series), seriesKey(c))
	text, why := cellFilter(c, &c.Series[v.series.At], c.Times[v.chosen(c)])
	if why != "" {
		d.Say(bus.Say, why)
		return nil
	}
	d.Overlays.CloseAll()
	if err := component.GoNarrowed[component.EventHolder](d, func() error { return d.Selection.Events.Narrow(text) }); err != nil {
		d.SayError(err)
	}
	return nil
}

// chosen is the place of the chosen time.
func (v *chartView) chosen(c *sources.Chart) int { return max(len(c.Times)-1-v.back, 0) }

// cellFilter is the filter of the events of a series at a time, as one would type it, or why there is none.
func cellFilter(c *sources.Chart, s *sources.ChartSeries, at time.Time) (text, why string) {
	if s.Other {
		return "", "these are events of many series: narrow the chart by where to see them apart"
	}
	const form = "2006-01-02T15:04:05.000000000Z"
	var narrows []string
	parts := []string{"time >= " + strconv.Quote(at.UTC().Format(form)), "time < " + strconv.Quote(at.Add(c.Every).UTC().Format(form))} // a word may stand before them, and none before a bracket
	for i, by := range c.By {
		name := ""
		if i < len(s.Names) {
			name = s.Names[i]
		}
		switch by {
		case "type", "station", "status", "subject", "bus":
			narrows = append(narrows, by+":"+strconv.Quote(name))
		case "kind":
			parts = append(parts, textual("entity.kind", name))
		default:
			parts = append(parts, textual("("+by+")", name))
		}
	}
	where, between := strings.TrimSpace(whereOf(c.Text)), " "
	if strings.Contains(where, "||") {
		where = "(" + where + ")"
	}
	if strings.ContainsAny(where, "=<>!") { // it ends with an expression itself
		between = " && "
	}
	if where != "" {
		narrows = append(narrows, where)
	} else {
		between = " "
	}
	return strings.TrimSpace(strings.Join(narrows, " ") + between + strings.Join(parts, " && ")), ""
}

// textual is the expression that something is what a series is called by.
func textual(expression, name string) string {
	switch name {
	case "":
		return expression + " == nil"
	case "true", "false":
		return expression + " == " + name
	}
	if _, err := strconv.ParseFloat(name, 64); err == nil {
		return expression + " == " + name
	}
	return expression + " == " + strconv.Quote(name)
}

func whereOf(text string) string {
	_, where, _ := strings.Cut(text, " where ")
	return where
}

// Draw implements component.Overlay.
func (v *chartView) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b, t := d.Layout().Large(), d.Theme
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: "chart " + screen.CleanUpTo(v.spec.Text, max(width-40, 20))}
	c := v.chart(d)
	if c == nil || len(c.Series) == 0 || len(c.Times) == 0 {
		note := "no event counts so far"
		if c == nil || c.Part < 1 {
			note = "going through the events that are held…"
		}
		p.Lines = screen.Note(t, width, note)
		return p, b
	}
	p.Info = v.info(c)
	v.series.Restore(len(c.Series), seriesKey(c))
	v.back = min(v.back, len(c.Times)-1)
	p.Lines = append(p.Lines, v.reading(d, c, width))
	switch v.form {
	case chartLines:
		p.Lines = append(p.Lines, v.lines(d, c, width, height-1)...)
	case chartBars:
		p.Lines = append(p.Lines, v.bars(d, c, width, height-1)...)
	default:
		p.Lines = append(p.Lines, v.heat(d, c, width, height-1)...)
	}
	return p, b
}

// info says of what the chart is, and what is not in it.
func (v *chartView) info(c *sources.Chart) []string {
	info := []string{screen.Plural(c.Events, "event"), v.form.String()}
	if c.Others > 0 {
		info = append(info, screen.Grouped(c.Others)+" in other")
	}
	if c.Dropped {
		info = append(info, "earlier times left")
	}
	if c.Part < 1 {
		info = append(info, fmt.Sprintf("%.0f %% gone through", 100*c.Part))
	}
	return info
}

// reading is what stands at the chosen place.
func (v *chartView) reading(d *component.Deck, c *sources.Chart, width int) string {
	s, at := &c.Series[v.series.At], v.chosen(c)
	l := screen.NewLine(width, "")
	l.Gap(1)
	l.Put(d.Theme.Dim, d.Clock(c.Times[at], c.Every < time.Second)+" ")
	l.Put(d.Theme.Hue(output.SeriesName(s)).With(d.Theme.Bright), output.SeriesName(s))
	l.Put(d.Theme.Bright, " "+cmp.Or(output.ChartNumber(s.Values[at]), "none")+unit(c))
	l.Put(d.Theme.Dim, "   over all times "+cmp.Or(output.ChartNumber(s.All), "none")+" of "+screen.Plural(s.Events, "event"))
	return l.String()
}

// unit is what numbers of the chart are, where that is known.
func unit(c *sources.Chart) string {
	switch c.Measure {
	case sources.ChartRate:
		return "/s"
	case sources.ChartCount:
		return " in " + c.Every.String()
	}
	return ""
}

// window is which times are drawn in so many columns: the chosen one among them.
func (v *chartView) window(c *sources.Chart, columns int) (from, to int) {
	to = len(c.Times)
	if chosen := v.chosen(c); chosen < to-columns {
		to = chosen + columns/2
		to = min(max(to, columns), len(c.Times))
	}
	return max(to-columns, 0), to
}

// bounds are the least number among series at some times, or 0 where that is less, and the largest.
func bounds(series []sources.ChartSeries, from, to int) (least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for i := range series {
		for _, x := range series[i].Values[from:to] {
			if !math.IsNaN(x) {
				least, most = min(least, x), max(most, x)
			}
		}
	}
	if math.IsInf(least, 0) {
		return 0, 1
	}
	if least > 0 {
		least = 0
	}
	if most <= least {
		most = least + 1
	}
	return least, most
}

// Click implements component.Clickable: in a map it chooses a series.
func (v *chartView) Click(d *component.Deck, row int, again bool) tea.Cmd {
	c := v.chart(d)
	at := v.series.Top + row - 2
	if c == nil || v.form != chartMap || row < 2 || at >= len(c.Series) {
		return nil
	}
	v.series.Move(at-v.series.At, len(c.Series), seriesKey(c))
	if again {
		return v.enter(d)
	}
	return nil
}

func chartKeys() []component.Key {
	return []component.Key{
		{Names: []string{"C", "shift+c"}, Help: "chart: events by type over time", Rank: component.RankReport,
			For: component.AnyPane, Do: component.Plain(openChart)},
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "events", Help: "show the events of the chosen series at the chosen time"}, (*chartView).enter),
		component.InOverlay(component.Key{Names: []string{"left", "h"}, Label: "← →", Short: "time", Help: "an earlier time"}, (*chartView).earlier),
		component.InOverlay(component.Key{Names: []string{"right", "l"}, Help: "a later time"}, (*chartView).later),
		component.InOverlay(component.Key{Names: []string{"tab", "v"}, Label: "tab", Short: "form", Help: "as a map, as lines, as bars"}, (*chartView).next),
	}
}
