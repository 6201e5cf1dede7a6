package bus

import (
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// Whatever shares take, force and give back, the budget knows the sum, and what is taken keeps to it.
func TestABudgetIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Int64Range(least, 100*least).Draw(t, "limit")
		b := NewBudget(limit)
		shares, held := []*Share{b.Share(0), b.Share(0), b.Share(10 * least)}, []int64{0, 0, 0}
		sum := func() int64 { return held[0] + held[1] + held[2] }
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			i := rapid.IntRange(0, len(shares)-1).Draw(t, "share")
			bytes := rapid.Int64Range(1, 30*least).Draw(t, "bytes")
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				bytes = min(bytes, held[i])
				shares[i].Free(bytes)
				held[i] -= bytes
			case 1:
				shares[i].Force(bytes)
				held[i] += bytes
			default:
				before := sum()
				if !shares[i].Take(bytes) {
					if before == 0 || held[i] == 0 && bytes <= least {
						t.Fatalf("a budget of %d, of which %d are held, has no room for %d of a share that holds %d", limit, before, bytes, held[i])
					}
					break
				}
				first := held[i] == 0 && bytes <= least
				if held[i] += bytes; before > 0 && sum() > limit && !first {
					t.Fatalf("%d are held, of %d", sum(), limit)
				}
			}
			if b.Held() != sum() || shares[i].Held() != held[i] {
				t.Fatalf("held are %d and %d, known are %d and %d", sum(), held[i], b.Held(), shares[i].Held())
			}
		}
		for _, s := range shares {
			s.Close()
			s.Free(1)
			s.Force(1)
		}
		if b.Held() != 0 {
			t.Fatalf("%d are held of shares that are closed", b.Held())
		}
	})
}

// fill takes what there is, in pieces.
func fill(s *Share, piece int64) (taken int64) {
	for s.Take(piece) {
		taken += piece
	}
	return taken
}

// One feed that floods has nearly all. One that is quiet finds room all the same, and two that flood end with as much.
func TestABudgetIsFair(t *testing.T) {
	b := NewBudget(100 << 20)
	flood, quiet := b.Share(0), b.Share(0)
	alone := fill(flood, 1<<18)
	if alone < 96<<20 {
		t.Errorf("alone, a feed has %d of %d", alone, b.Limit())
	}
	if !quiet.Take(1 << 20) {
		t.Error("a quiet feed finds no room")
	}
	for range 1000 { // both are read, and offered as much as there is room for
		for _, s := range []*Share{flood, quiet} {
			s.Free(min(s.Held(), 1<<18))
			fill(s, 1<<18)
		}
	}
	if f, q := flood.Held(), quiet.Held(); f < q-(4<<20) || q < f-(4<<20) {
		t.Errorf("two that flood have %d and %d", f, q)
	}
}

// Whoever waits for room gets it in the end, also when others that were told of it are gone, and when the limit is raised.
func TestWhoeverWaitsGetsRoom(t *testing.T) {
	const piece = 2 * least
	b := NewBudget(0)
	holder := b.Share(0)
	holder.Force(1)
	var waiting sync.WaitGroup
	for i := range 60 {
		s := b.Share(0)
		if i%3 == 0 {
			s.TakeOrWait(piece)
			defer s.Close()
			continue
		}
		waiting.Go(func() {
			for range 100 {
				for !s.TakeOrWait(piece) {
					<-s.Room()
				}
				s.Free(piece)
			}
			s.Close()
		})
	}
	b.SetLimit(10 * piece)
	holder.Free(1)
	waiting.Wait()
	if b.Held() != 0 {
		t.Errorf("%d are still held", b.Held())
	}
}
