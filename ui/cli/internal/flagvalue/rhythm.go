package flagvalue

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"signalbox/ui/cli/internal/target"
)

// Rhythm says how fast a recording comes: 0 is all at once.
type Rhythm struct{ Times float64 }

// AddTo has a command take it as --speed.
func (f *Rhythm) AddTo(cmd *cobra.Command) {
	cmd.Flags().Var(f, "speed", "of a recording: in its rhythm, so many times as fast as it was; all at once without it")
}

// Set implements pflag.Value.
func (f *Rhythm) Set(text string) error {
	n, err := strconv.ParseFloat(strings.TrimSuffix(text, "x"), 64)
	if err != nil || !(n > 0 && n <= MostSpeed) {
		return errors.New("want a number above 0, as in 1, 0.5 or 10")
	}
	f.Times = n
	return nil
}

// MostSpeed is the fastest that a recording comes, but for all at once.
const MostSpeed = 1e6

// String implements pflag.Value.
func (f *Rhythm) String() string {
	if f.Times == 0 {
		return ""
	}
	return strconv.FormatFloat(f.Times, 'g', -1, 64)
}

// Type implements pflag.Value.
func (f *Rhythm) Type() string { return "times" }

// Of says it to the recordings among targets. That there is none is an error.
func (f *Rhythm) Of(targets []target.Target) error {
	if f.Times == 0 {
		return nil
	}
	if !slices.ContainsFunc(targets, target.Target.Recording) {
		return fmt.Errorf("--speed %s is about recordings: name a file as the BUS", f)
	}
	for i := range targets {
		targets[i].Speed = f.Times
	}
	return nil
}
