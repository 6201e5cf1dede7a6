package sources

import "signalbox/sources/internal/chart"

// ChartSpec says what a chart computes of events; see package scenarios/chart. Another one is another pointer.
type ChartSpec = chart.Spec

// ChartMeasure is what is computed.
type ChartMeasure = chart.Measure

// The measures.
const (
	ChartCount    = chart.Count
	ChartRate     = chart.Rate
	ChartSum      = chart.Sum
	ChartMean     = chart.Mean
	ChartLeast    = chart.Least
	ChartMost     = chart.Most
	ChartQuantile = chart.Quantile
	ChartDistinct = chart.Distinct
)

// Chart is what a ChartSpec has come to.
type Chart = chart.Chart

// ChartSeries is one line of a Chart.
type ChartSeries = chart.Series

// ChartRow is one series of a ChartTable at one time.
type ChartRow = chart.Row

// ChartTable computes a chart of the events that it is given, one after the other, for those who look once at the end.
type ChartTable = chart.Table

// NewChartTable makes one, for those who have the events of a tap.
func NewChartTable(spec *ChartSpec) *ChartTable {
	return chart.New(spec, chart.Limits{Series: 10_000, Times: 100_000, Bytes: 256 << 20})
}
