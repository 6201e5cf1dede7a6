package slab

// Blocks come in sizes an eighth apart, so that no more than that is lost to rounding.
const classes = 55

var (
	classSizes  [classes]uint16
	classBySize [4096/8 + 1]uint8 // by size in units of 8 bytes
)

func init() {
	size, step := 16, 8
	for c := range classSizes {
		classSizes[c] = uint16(size)
		for unit := size/8 - step/8 + 1; unit <= size/8; unit++ {
			classBySize[unit] = uint8(c)
		}
		if size += step; size > 16*step {
			step *= 2
			size += step / 2
		}
	}
}

// classOf is the size class of a block of n bytes.
func classOf(n int) uint8 { return classBySize[(n+header+7)/8] }
