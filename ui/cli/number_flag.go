package cli

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

// numberFlag is the value of a flag that takes a whole number from 1 on; 0 when it is not given.
type numberFlag uint64

// Set implements pflag.Value.
func (n *numberFlag) Set(text string) error {
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil || number == 0 {
		return errors.New("want a whole number from 1 on")
	}
	*n = numberFlag(number)
	return nil
}

// String implements pflag.Value.
func (n *numberFlag) String() string { return strconv.FormatUint(uint64(*n), 10) }

// Type implements pflag.Value.
func (n *numberFlag) Type() string { return "number" }

// speedFlag is the value of a flag that takes a number above 0.
type speedFlag float64

// Set implements pflag.Value.
func (n *speedFlag) Set(text string) error {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || !(number > 0) || math.IsInf(number, 0) {
		return errors.New("want a number above 0, such as 0.5 or 20")
	}
	*n = speedFlag(number)
	return nil
}

// String implements pflag.Value.
func (n *speedFlag) String() string { return strconv.FormatFloat(float64(*n), 'g', -1, 64) }

// Type implements pflag.Value.
func (n *speedFlag) Type() string { return "number" }

// flagError says what a flag that is on or off takes, and which flag was meant by a name that is none; all other flags say
// what they take themselves.
func flagError(cmd *cobra.Command, err error) error {
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
