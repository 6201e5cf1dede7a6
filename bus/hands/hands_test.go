package hands

import (
	"context"
	"testing"
	"testing/synctest"
)

// No more is handled at the same time than there are hands, and one that is let go can be taken again.
func TestHandsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, end := New(2), make(chan struct{})
		for range 2 {
			if err := h.Take(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.Do(func() { <-end })
		}
		ctx, cancel := context.WithCancel(t.Context())
		taken := make(chan error, 1)
		go func() { taken <- h.Take(ctx) }()
		synctest.Wait()
		if len(taken) != 0 {
			t.Fatal("a third hand was taken of two")
		}
		cancel()
		if err := <-taken; err == nil {
			t.Error("a hand was taken after the end")
		}
		close(end)
		h.Wait()
		for range 2 {
			if err := h.Take(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		h.Free()
		if err := h.Take(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestThereIsAlwaysAHand(t *testing.T) {
	if err := New(0).Take(t.Context()); err != nil {
		t.Error(err)
	}
}
