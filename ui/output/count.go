package output

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"time"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// CountCells is a row of what was counted, for people.
func CountCells(spec *sources.ChartSpec, row *sources.ChartRow) []string {
	var cells []string
	if spec.Every > 0 {
		cells = append(cells, row.Time.Local().Format("2006-01-02 15:04:05"))
	}
	for i := range spec.By {
		cells = append(cells, seriesName(row.Names, row.Other, i))
	}
	return append(cells, ChartNumber(row.Value))
}

func seriesName(names []string, other bool, i int) string {
	switch {
	case other:
		return "other"
	case i >= len(names) || names[i] == "":
		return "–"
	}
	return shorten(names[i])
}

// ChartNumber writes what a chart has come to, as short as people read it.
func ChartNumber(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case x == math.Trunc(x) && math.Abs(x) < 1e15:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case math.Abs(x) >= 1000:
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// SeriesName is how a series is called: what it is told apart by.
func SeriesName(s *sources.ChartSeries) string {
	if s.Other {
		return "other"
	}
	text := ""
	for i := range s.Names {
		if i > 0 {
			text += " · "
		}
		text += screen.CleanUpTo(seriesName(s.Names, false, i), 60)
	}
	if text == "" {
		return "all"
	}
	return text
}

// CountLine is a row of what was counted, as JSON. What events are told apart by stands beside it, by its expression.
type CountLine struct {
	Time   *time.Time
	By     []string
	Names  []string
	Other  bool
	Of     string
	Value  float64
	Events uint64
}

// CountJSON is a row of what was counted.
func CountJSON(spec *sources.ChartSpec, row *sources.ChartRow) CountLine {
	line := CountLine{By: spec.By, Names: row.Names, Other: row.Other, Of: spec.Text, Value: row.Value, Events: row.Events}
	if spec.Every > 0 {
		at := row.Time.UTC()
		line.Time = &at
	}
	return line
}

// MarshalJSON writes time, what events are told apart by, what was computed, and of how many events.
func (c CountLine) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	add := func(name string, value any) error {
		key, err := json.Marshal(name)
		if err != nil {
			return err
		}
		text, err := json.Marshal(value)
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		out.Write(key)
		out.WriteByte(':')
		out.Write(text)
		return err
	}
	var err error
	if c.Time != nil {
		err = add("time", c.Time)
	}
	for i, by := range c.By {
		name := any(nil)
		if i < len(c.Names) && c.Names[i] != "" && !c.Other {
			name = c.Names[i]
		}
		if err == nil {
			err = add(by, name)
		}
	}
	if c.Other && err == nil {
		err = add("other", true)
	}
	if err == nil {
		err = add(c.Of, c.Value)
	}
	if c.Of != "count" && err == nil {
		err = add("events", c.Events)
	}
	out.WriteByte('}')
	return out.Bytes(), err
}
