package sketch

import (
	"fmt"
	"math"
	"testing"
)

func TestDistinct(t *testing.T) {
	for _, n := range []int{0, 1, 10, 100, 10_000, 200_000} {
		var d Distinct
		for range 2 {
			for i := range n {
				d.Add(fmt.Appendf(nil, "text %d", i))
			}
		}
		if off := math.Abs(float64(d.N()) - float64(n)); off > 0.06*float64(n) || n <= 10 && off > 0 {
			t.Errorf("%d different texts, told are %d", n, d.N())
		}
		if d.Bytes() > 5000 {
			t.Errorf("%d take %d bytes", n, d.Bytes())
		}
	}
}
