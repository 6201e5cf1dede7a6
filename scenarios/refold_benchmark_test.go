package scenarios

import (
	"strconv"
	"testing"

	"signalbox/scenarios/filter"
	"signalbox/sources"
)

// BenchmarkRefold folds a full window anew, of few entities and of many, and compares them.
func BenchmarkRefold(b *testing.B) {
	for _, deliveries := range []int{1000, 50_000} {
		b.Run(strconv.Itoa(deliveries)+"-deliveries", func(b *testing.B) {
			e, s := weather(b, 0)
			s.blow(inBatches(manyLives(deliveries)), 1_000_000)
			var out sources.Refolded
			var err error
			for b.Loop() {
				out, err = e.Refold(b.Context(), Builtin().Domains(), func(kind string) bool { return kind == "delivery" }, nil)
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(out.Events), "events")
			b.ReportMetric(float64(out.Entities), "entities")
			b.ReportMetric(float64(out.Left), "left")
		})
	}
}

// BenchmarkCohorts is intake with several cohorts that are counted, against none.
func BenchmarkCohorts(b *testing.B) {
	for _, n := range []int{0, 4} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			const deliveries = 10_000
			v := sources.View{Serial: 1}
			if n > 0 {
				v.Cohorts = &sources.CohortList{}
			}
			for i := range n {
				wanted, err := filter.ParseEntities("state.budget < " + strconv.Itoa(i))
				if err != nil {
					b.Fatal(err)
				}
				v.Cohorts.All = append(v.Cohorts.All, sources.CohortSpec{Number: i + 1, Kind: "delivery", Filter: wanted})
			}
			e, s := weather(b, 256<<20)
			e.Look(v)
			batches := inBatches(manyLives(deliveries))
			b.ReportAllocs()
			b.ResetTimer()
			s.blow(batches, b.N)
		})
	}
}
