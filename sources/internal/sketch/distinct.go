package sketch

import "github.com/axiomhq/hyperloglog"

// Distinct tells how many different texts there are: exactly where they are few, else with an error of about 2 of 100. The zero
// value has none.
type Distinct struct{ sketch *hyperloglog.Sketch }

// precision is how many bits of a hash choose a register; distinctBytes is what the registers take, and what is beside them.
const (
	precision     = 12
	distinctBytes = 1<<precision + 200
)

// Add adds a text.
func (d *Distinct) Add(text []byte) {
	if d.sketch == nil {
		sketch, err := hyperloglog.NewSketch(precision, true)
		if err != nil {
			panic(err) // there is no such precision
		}
		d.sketch = sketch
	}
	d.sketch.Insert(text)
}

// N is about how many different ones there are.
func (d *Distinct) N() uint64 {
	if d.sketch == nil {
		return 0
	}
	return d.sketch.Estimate()
}

// Bytes is about what it takes.
func (d *Distinct) Bytes() int64 {
	if d.sketch == nil {
		return 0
	}
	return distinctBytes
}
