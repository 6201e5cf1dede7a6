// Package flagvalue has what flags of several commands take: numbers, a part of a recording, its rhythm. A value is set while the
// command line is read, and belongs to its command.
package flagvalue

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"signalbox/scenarios/nearest"
)

// Number is the value of a flag that takes a whole number from 1 on; 0 when it is not given.
type Number uint64

// Set implements pflag.Value.
func (n *Number) Set(text string) error {
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil || number == 0 {
		return errors.New("want a whole number from 1 on")
	}
	*n = Number(number)
	return nil
}

// String implements pflag.Value.
func (n *Number) String() string { return strconv.FormatUint(uint64(*n), 10) }

// Type implements pflag.Value.
func (n *Number) Type() string { return "number" }

// Speed is the value of a flag that takes a number above 0.
type Speed float64

// Set implements pflag.Value.
func (n *Speed) Set(text string) error {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || !(number > 0) || math.IsInf(number, 0) {
		return errors.New("want a number above 0, such as 0.5 or 20")
	}
	*n = Speed(number)
	return nil
}

// String implements pflag.Value.
func (n *Speed) String() string { return strconv.FormatFloat(float64(*n), 'g', -1, 64) }

// Type implements pflag.Value.
func (n *Speed) Type() string { return "number" }

// Error says what a flag that is on or off takes, and which flag was meant by a name that is none; all other flags say
// what they take themselves.
func Error(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && strings.HasPrefix(err.Error(), "unknown flag: ") {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		return fmt.Errorf("%w%s", err, nearest.Question("--"+unknown.GetSpecifiedName(), names))
	}
	var wrong *strconv.NumError
	if errors.As(err, &wrong) && wrong.Func == "ParseBool" {
		return errors.New(strings.TrimSuffix(err.Error(), wrong.Error()) + "want true or false, or the flag alone")
	}
	return err
}
