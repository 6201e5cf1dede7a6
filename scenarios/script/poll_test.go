package script

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// A look that learnt nothing proves nothing: neither that something is so, nor that it never is.
func TestPollThatLearnsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks := 0
		last, err := poll(t.Context(), time.Second, func(context.Context) seen {
			looks++
			return seen{text: "no connection", blind: true}
		})
		if _, err = outcome(last, err, "it"); err == nil || looks < 3 {
			t.Fatalf("%d looks: %v", looks, err)
		}
		_, err = never{of: failing{err}, during: time.Second}.perform(t.Context(), nil)
		if err == nil {
			t.Error("what was never seen passes as never so")
		}
	})
}

// What was seen once is what is told, although nobody answers any more; and the first answer has its time.
func TestPollTellsWhatWasSeenLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks := 0
		last, err := poll(t.Context(), time.Second, func(ctx context.Context) seen {
			if looks++; looks == 1 {
				time.Sleep(3 * time.Second)
				return seen{text: "lag=3"}
			}
			<-ctx.Done()
			return seen{text: "no connection", blind: true}
		})
		if err != nil || last != (seen{text: "lag=3"}) {
			t.Errorf("%+v, %v", last, err)
		}
	})
}

// failing is a step that fails.
type failing struct{ err error }

func (f failing) perform(context.Context, *Run) (string, error) { return "", f.err }
