package sketch

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A quantile is as near to the true one as Accuracy says, whatever the numbers are, as long as they are not too far apart.
func TestQuantilesAreNear(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		numbers := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-1e4, 1e4), rapid.Just(0.0), rapid.Float64Range(1, 1e6)), 1, 300).Draw(rt, "numbers")
		var q Quantiles
		sum := 0.0
		for i, x := range numbers {
			if math.Abs(x) < 0.01 { // beyond what is told apart
				x, numbers[i] = 0, 0
			}
			q.Add(x)
			sum += x
		}
		slices.Sort(numbers)
		for _, part := range []float64{0, 0.01, 0.5, 0.95, 0.99, 1} {
			want := numbers[max(int(math.Ceil(part*float64(len(numbers))))-1, 0)]
			if got := q.At(part); math.Abs(got-want) > Accuracy*math.Abs(want)+1e-9 {
				rt.Fatalf("%v of %v is %v, want %v", part, numbers, got, want)
			}
		}
		if q.N() != uint64(len(numbers)) || q.Sum() != sum || q.Least() != numbers[0] || q.Most() != numbers[len(numbers)-1] {
			rt.Fatalf("%d numbers, sum %v, from %v to %v", q.N(), q.Sum(), q.Least(), q.Most())
		}
	})
}

// However far apart numbers are, memory has a bound, the largest are told apart, and nothing is lost.
func TestQuantilesAreBounded(t *testing.T) {
	var q Quantiles
	for e := -300; e <= 300; e++ {
		q.Add(math.Pow(10, float64(e)))
		q.Add(-math.Pow(10, float64(e)))
	}
	q.Add(-1e301)
	for _, odd := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64} {
		q.Add(odd)
	}
	if q.Bytes() > 20_000 {
		t.Errorf("it takes %d bytes", q.Bytes())
	}
	if q.N() != 1205 || q.At(1) != math.MaxFloat64 || q.At(0) != -1e301 {
		t.Errorf("%d numbers, from %v to %v", q.N(), q.At(0), q.At(1))
	}
}

// Of whole numbers a quantile is one.
func TestWholeNumbers(t *testing.T) {
	var q Quantiles
	for _, x := range []float64{50, 7, 9, -64, 1000} {
		q.Add(x)
	}
	if q.At(0.5) != 9 || q.At(0.4) != 7 {
		t.Errorf("in the middle of 7, 9 and others are %v and %v", q.At(0.4), q.At(0.5))
	}
}

func TestNoNumbers(t *testing.T) {
	var q Quantiles
	if q.At(0.5) != 0 || q.N() != 0 {
		t.Error("something comes of nothing")
	}
}
