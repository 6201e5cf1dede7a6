package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"signalbox/ui/cli/internal/target"
)

// rhythmFlag says how fast a recording comes: 0 is all at once.
type rhythmFlag struct{ times float64 }

func (f *rhythmFlag) addTo(cmd *cobra.Command) {
	cmd.Flags().Var(f, "speed", "of a recording: in its rhythm, so many times as fast as it was; all at once without it")
}

// Set implements pflag.Value.
func (f *rhythmFlag) Set(text string) error {
	n, err := strconv.ParseFloat(strings.TrimSuffix(text, "x"), 64)
	if err != nil || !(n > 0 && n <= mostSpeed) {
		return errors.New("want a number above 0, as in 1, 0.5 or 10")
	}
	f.times = n
	return nil
}

const mostSpeed = 1e6

func (f *rhythmFlag) String() string {
	if f.times == 0 {
		return ""
	}
	return strconv.FormatFloat(f.times, 'g', -1, 64)
}

// Type implements pflag.Value.
func (f *rhythmFlag) Type() string { return "times" }

// of says it to the recordings among targets. That there is none is an error.
func (f *rhythmFlag) of(targets []target.Target) error {
	if f.times == 0 {
		return nil
	}
	if !slices.ContainsFunc(targets, target.Target.Recording) {
		return fmt.Errorf("--speed %s is about recordings: name a file as the BUS", f)
	}
	for i := range targets {
		targets[i].Speed = f.times
	}
	return nil
}
