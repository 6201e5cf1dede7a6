package sources

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"signalbox/sources/internal/chart"
)

// byType is a chart of texts by type; Number is the length of the text.
func byType(measure ChartMeasure) *ChartSpec {
	return &ChartSpec{
		Measure: measure, Part: 0.5, By: []string{"type"}, Every: 4 * time.Second,
		Series: func(e *Event, to []byte) []byte { return append(append(to, e.Type...), 0) },
		Number: func(e *Event) (float64, bool) { return float64(len(e.Data)), true },
		Key:    func(e *Event, to []byte) ([]byte, bool) { return append(to, e.ID...), true },
	}
}

// charted is a chart as simple as can be: of the texts up to an event.
func (m *model) charted(measure ChartMeasure, at int) map[string]string {
	type cell struct {
		n   int
		sum float64
		ids map[string]bool
	}
	cells := map[string]*cell{}
	for i, text := range m.texts[:at] {
		words := strings.Fields(text)
		for _, name := range []string{fmt.Sprint(words[1], " ", (i+1)/4), words[1] + " all"} {
			if cells[name] == nil {
				cells[name] = &cell{ids: map[string]bool{}}
			}
			c := cells[name]
			c.n, c.sum, c.ids[words[2]] = c.n+1, c.sum+float64(len(text)), true
		}
	}
	out := map[string]string{}
	for name, c := range cells {
		switch measure {
		case ChartCount:
			out[name] = fmt.Sprint(c.n)
		case ChartSum:
			out[name] = fmt.Sprint(c.sum)
		case ChartMean:
			out[name] = fmt.Sprintf("%.6f", c.sum/float64(c.n))
		case ChartDistinct:
			out[name] = fmt.Sprint(len(c.ids))
		}
	}
	return out
}

// cells are those of a chart, as charted has them.
func cells(c *Chart) map[string]string {
	out := map[string]string{}
	write := func(x float64) string {
		if c.Measure == ChartMean {
			return fmt.Sprintf("%.6f", x)
		}
		return fmt.Sprint(x)
	}
	for _, s := range c.Series {
		out[s.Names[0]+" all"] = write(s.All)
		for i, x := range s.Values {
			if !math.IsNaN(x) && x != 0 {
				out[fmt.Sprint(s.Names[0], " ", c.Times[i].Unix()/4)] = write(x)
			}
		}
	}
	return out
}

// A chart is what a fresh count of all events comes to, whether they were held when it was made or came while somebody looked,
// and at an earlier time that of the events up to then.
func TestChartIsWhatWasCounted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := model{}
		for range rapid.IntRange(1, 40).Draw(rt, "events") {
			m.texts = append(m.texts, drawText(rt, false))
		}
		measure := rapid.SampledFrom([]ChartMeasure{ChartCount, ChartSum, ChartMean, ChartDistinct}).Draw(rt, "measure")
		spec := byType(measure)
		e, ctx := running(rt, Options{Frame: time.Millisecond})
		b := newMemoryBus("s")
		attach(ctx, rt, e, b)
		from := rapid.IntRange(0, len(m.texts)).Draw(rt, "looked at from")
		send := func(from, to int) {
			batch := batchOf()
			for i := from; i < to; i++ {
				x := message(i+1, m.texts[i])
				batch.Add(&x)
			}
			b.send(ctx, rt, e, "s", batch)
		}
		show := func(at int, n int) *Chart {
			return looks(ctx, rt, e, View{Chart: spec, At: uint64(at)}, func(s *Snapshot) bool { return s.Chart != nil && s.Chart.Part == 1 && s.Chart.Events == uint64(n) }).Chart
		}
		send(0, from)
		show(0, from)
		send(from, len(m.texts))
		if diff := cmp.Diff(m.charted(measure, len(m.texts)), cells(show(0, len(m.texts)))); diff != "" {
			rt.Fatalf("of %q, looked at from %d:\n%s", m.texts, from, diff)
		}
		at := rapid.IntRange(1, len(m.texts)).Draw(rt, "at")
		if diff := cmp.Diff(m.charted(measure, at), cells(show(at, at))); diff != "" {
			rt.Fatalf("of %q at %d:\n%s", m.texts, at, diff)
		}
		if s := looks(ctx, rt, e, View{}, func(*Snapshot) bool { return true }); s.Chart != nil || e.chart.Live() {
			rt.Fatal("the chart is computed, and nobody looks")
		}
	})
}

// Series and times have bounds: what is beyond them is counted, and said.
func TestChartsAreBounded(t *testing.T) {
	spec := byType(chart.Quantile)
	spec.Every = time.Second
	table := chart.New(spec, chart.Limits{Series: 3, Times: 5, Bytes: 1 << 20})
	for i := range 1000 {
		e := &Event{}
		e.Type, e.UnixNano, e.Data = fmt.Sprint("type ", i%7), int64(i)*int64(time.Second), make([]byte, i)
		table.Take(e)
	}
	old := &Event{}
	table.Take(old)
	c := table.Chart()
	if len(c.Times) != 5 || len(c.Series) != 4 || !c.Series[3].Other || !c.Dropped || c.Late != 1 || c.Events != 1000 || c.Others == 0 {
		t.Errorf("%d times, %d series, %+v", len(c.Times), len(c.Series), c)
	}
	table = chart.New(spec, chart.Limits{Series: 24, Times: 360, Bytes: 20_000})
	for i := range 100_000 {
		e := &Event{}
		e.Type, e.UnixNano, e.Data = fmt.Sprint("type ", i%20), int64(i)*int64(time.Second)/20, make([]byte, i%997)
		table.Take(e)
	}
	if n := table.Bytes(); n > 60_000 {
		t.Errorf("a table of 20000 bytes takes %d", n)
	}
	if c := table.Chart(); !c.Dropped || len(c.Times) < 1 || c.Times[len(c.Times)-1].Unix() != 4999 {
		t.Errorf("%d times are left", len(c.Times))
	}
}
