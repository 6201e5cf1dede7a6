// Package chance is what a story leaves to chance: ids, names, addresses, times, choices. All of it comes from one seed, so that
// the same seed gives the same again.
//
// A Chance is for one goroutine at a time, and does not block. One for another goroutine is made of it by Child.
package chance

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/brianvoe/gofakeit/v7"
	"github.com/oklog/ulid/v2"
)

// A seed that is drawn holds the time at which that was, in tenths of a second, above some bits of chance: so ids that are made of
// it sort by time, and no two runs have the same. It fits into a number of JSON.
const (
	chanceBits = 20
	tick       = 100 * time.Millisecond
	MostSeed   = 1<<53 - 1
)

// epoch is the time of the seed 0.
var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// Seed draws a seed.
func Seed(now time.Time) uint64 {
	ticks := uint64(max(now.Sub(epoch)/tick, 0))
	return (ticks<<chanceBits | rand.Uint64N(1<<chanceBits)) & MostSeed //nolint:gosec // chance, not secrecy
}

// Chance is a stream of random values.
type Chance struct {
	*rand.Rand
	source *rand.PCG
	time   time.Time // of the last ULID
	faker  *gofakeit.Faker
}

// New begins the stream of a seed for something that has a name: with the same seed, others have others.
func New(seed uint64, name string) *Chance {
	h := fnv.New64a()
	h.Write([]byte(name))
	return from(rand.NewPCG(seed, h.Sum64()), epoch.Add(time.Duration(seed>>chanceBits)*tick))
}

// Drawn begins a stream that is different each time.
func Drawn() *Chance { return New(Seed(time.Now()), fmt.Sprint(rand.Uint64())) } //nolint:gosec // chance, not secrecy

// Of begins a stream that another stream of random numbers leads to.
func Of(random *rand.Rand) *Chance {
	return from(rand.NewPCG(random.Uint64(), random.Uint64()), time.Now())
}

func from(source *rand.PCG, at time.Time) *Chance {
	return &Chance{Rand: rand.New(source), source: source, time: at} //nolint:gosec // chance, not secrecy
}

// Child begins a stream of its own, which is the same whenever this one has come so far.
func (c *Chance) Child() *Chance { return from(rand.NewPCG(c.Uint64(), c.Uint64()), c.time) }

// ULID is an id. Each has a later time than the one before; the first has that of the seed.
func (c *Chance) ULID() string {
	c.time = c.time.Add(time.Millisecond)
	var id ulid.ULID
	_ = id.SetTime(ulid.Timestamp(c.time)) // which is long before the last there is
	high, low := c.Uint64(), c.Uint64()
	for i := range 10 {
		if id[6+i] = byte(low >> (8 * i)); i >= 8 {
			id[6+i] = byte(high >> (8 * (i - 8)))
		}
	}
	return id.String()
}

// UUID is a UUID, version 4.
func (c *Chance) UUID() string {
	a, b := c.Uint64(), c.Uint64()
	a = a&^0xf000 | 0x4000
	b = b&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}
