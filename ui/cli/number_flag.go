package cli

import (
	"errors"
	"strconv"
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
