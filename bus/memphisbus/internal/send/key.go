package send

import "github.com/twmb/murmur3"

// seed is what all clients of Memphis begin the hash of a key with.
const seed = 31

// OfKey tells which of so many partitions, the first being 0, a key belongs to in all clients of Memphis.
func OfKey(key string, partitions int) int {
	return int(murmur3.SeedStringSum32(seed, key) % uint32(partitions))
}
