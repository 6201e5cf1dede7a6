package goroutine

import (
	"strings"
	"testing"
)

// A panic of a branch is one of whoever waits for it, once all have ended, and is told as the branch's.
func TestAPanicOfABranchIsOneOfWhoeverWaits(t *testing.T) {
	panics := handled(t)
	ended := false
	if Call("the script", func() {
		over := make(chan struct{})
		b := Branches{End: func() { close(over) }}
		b.Go("another", func() {
			<-over
			ended = true
		})
		b.Go("a branch", breaks)
		b.Wait()
	}) {
		t.Error("it returned")
	}
	p := <-panics
	if !ended || p.Name != "a branch" || p.Value != "it broke" || !strings.Contains(string(p.Stack), "goroutine.breaks") {
		t.Errorf("ended %t, %+v", ended, p)
	}
}
