package feeds

import (
	"testing"
	"testing/synctest"
	"time"
)

// Many are removed together: each is waited for as long as any of them is answered, up to a bound, and not where none is.
func TestRemovalsAreWaitedForWhileOthersAreAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		answers []time.Duration
		want    time.Duration
	}{
		"none":         {nil, stopSilence},
		"then none":    {[]time.Duration{time.Second}, time.Second + stopSilence},
		"again, again": {[]time.Duration{time.Second, 2 * time.Second, 3 * time.Second}, stopTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var all removals
				began := time.Now()
				ctx, done := all.begin()
				for _, after := range c.answers {
					other, answered := all.begin()
					time.AfterFunc(after, func() {
						if other.Err() != nil {
							t.Errorf("after %v it was not waited for any more", after)
						}
						answered(true)
					})
				}
				<-ctx.Done()
				if waited := time.Since(began); waited != c.want {
					t.Errorf("it was waited for %v, want %v", waited, c.want)
				}
				done(false)
				if later, done := all.begin(); later.Err() != nil {
					t.Error("what is removed later is not waited for")
				} else {
					done(true)
				}
			})
		})
	}
}
