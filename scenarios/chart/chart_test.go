package chart_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"signalbox/scenarios/chart"
	"signalbox/sources"
	"signalbox/sources/state"
)

func sold(typ, data string) *sources.Event {
	e := &sources.Event{Received: sources.Received{Station: "shop", Subject: "shop.1", Data: []byte(data)}, Understood: sources.Understood{Type: typ, Kind: state.NewKind("order"), ID: "1"}}
	e.Status = "sold"
	return e
}

func TestParse(t *testing.T) {
	for text, want := range map[string]struct {
		measure sources.ChartMeasure
		part    float64
		by      string
		every   time.Duration
	}{
		"count":                             {sources.ChartCount, 0.5, "", 10 * time.Second},
		"p95(data.price) by type every 10s": {sources.ChartQuantile, 0.95, "SOLD", 10 * time.Second},
		"p99.9(data.price) every 1m by type, status":              {sources.ChartQuantile, 0.999, "SOLD sold", time.Minute},
		"median(data.price) where type:SOLD data.price > 1":       {sources.ChartQuantile, 0.5, "", 10 * time.Second},
		`sum(int(data.price) * 2) by data.place ?? "by by"`:       {sources.ChartSum, 0.5, "by by", 10 * time.Second},
		`count by data.none ?? "a\",b"`:                           {sources.ChartCount, 0.5, `a",b`, 10 * time.Second},
		`distinct(entity.id) by [1, 2][0], data.price > 3`:        {sources.ChartDistinct, 0.5, "1 true", 10 * time.Second},
		"rate by station, kind, subject every 500ms":              {sources.ChartRate, 0.5, "shop order shop.1", 500 * time.Millisecond},
		"mean(data.price) by bus where by every where":            {sources.ChartMean, 0.5, "", 10 * time.Second},
		"max(data.price) by data.none every 1h where status:sold": {sources.ChartMost, 0.5, "", time.Hour},
	} {
		spec, err := chart.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		by := strings.TrimSpace(strings.ReplaceAll(string(spec.Series(sold("SOLD", `{"price":7}`), nil)), "\x00", " "))
		if spec.Measure != want.measure || math.Abs(spec.Part-want.part) > 1e-9 || by != want.by || spec.Every != want.every {
			t.Errorf("%s: measure %v, part %v, by %q, every %s", text, spec.Measure, spec.Part, by, spec.Every)
		}
	}
}

// Numbers are numbers, and texts that hold one; what has none does not count.
func TestNumbers(t *testing.T) {
	spec, err := chart.Parse("sum(data.price)")
	if err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string]any{`{"price":7}`: 7.0, `{"price":"7.5"}`: 7.5, `{"price":true}`: 1.0, `{"price":"much"}`: nil, `{}`: nil, `no JSON`: nil, `{"price":[1]}`: nil} {
		x, ok := spec.Number(sold("SOLD", data))
		if ok != (want != nil) || ok && x != want {
			t.Errorf("%s is %v, %t; want %v", data, x, ok, want)
		}
	}
}

func TestSlips(t *testing.T) {
	for text, want := range map[string]string{
		"p95":                        "p95 of what? want something such as p95(data.price)",
		"count(data.price)":          "count counts events",
		"p101(data.price)":           "nothing is called p101",
		"cuont by type":              "nothing is called cuont",
		"sum(data.price by type":     "want something such as sum(data.price)",
		"sum()":                      "want something such as sum(data.price)",
		"count by":                   "nothing follows by",
		"count by type,":             "by: want expressions with commas between them",
		"count by budget":            "unknown name budget",
		"count by type by station":   "by stands there twice",
		"count every soon":           "every: want a duration such as 10s",
		"count every 1ns":            "every: want a duration from 100ms",
		"count where data.price = 3": "where: ",
		"count where tpye:x":         "did you mean type:",
	} {
		if _, err := chart.Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
