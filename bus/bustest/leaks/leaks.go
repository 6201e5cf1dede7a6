// Package leaks finds goroutines that tests have left, and gives those that are about to end the time to do so: on a busy machine
// that may take long.
package leaks

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long goroutines may take to end.
const patience = time.Minute

// None fails a test that has left goroutines, other than those that are expected.
func None(t testing.TB, expected ...goleak.Option) {
	t.Helper()
	if err := find(patience, expected); err != nil {
		t.Error(err)
	}
}

// Main runs the tests of a package, and fails where they have left goroutines, other than those that are expected.
func Main(m *testing.M, expected ...goleak.Option) {
	code := m.Run()
	if code == 0 {
		if err := find(patience, expected); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// find is goleak.Find for whoever has more patience than half a second.
func find(within time.Duration, expected []goleak.Option) error {
	for end := time.Now().Add(within); ; {
		if err := goleak.Find(expected...); err == nil || time.Now().After(end) {
			return err
		}
	}
}
