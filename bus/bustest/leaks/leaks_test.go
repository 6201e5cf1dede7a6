package leaks

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

// A goroutine that goes on is found; one that ends late is waited for.
func TestLateIsNotLeft(t *testing.T) {
	before := []goleak.Option{goleak.IgnoreCurrent()}
	end := make(chan struct{})
	go func() { <-end }()
	if find(0, before) == nil {
		t.Error("a goroutine that goes on is not found")
	}
	late := time.AfterFunc(time.Second, func() { close(end) }) // longer than goleak waits
	defer late.Stop()
	None(t, before...)
}
