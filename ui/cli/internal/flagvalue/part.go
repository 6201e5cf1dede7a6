package flagvalue

import (
	"errors"
	"fmt"
	"slices"

	"signalbox/bus/recording"
	"signalbox/ui/cli/internal/target"
)

// Part says which part of a recording is read.
type Part struct {
	text string
	part recording.Part
}

// Set implements pflag.Value.
func (f *Part) Set(text string) (err error) {
	f.text = text
	f.part, err = recording.ParsePart(text)
	return err
}

// String implements pflag.Value.
func (f *Part) String() string { return f.text }

// Type implements pflag.Value.
func (f *Part) Type() string { return "from..to" }

// Of says it to the recordings among targets. That there is none is an error.
func (f *Part) Of(targets []target.Target, from string) error {
	switch {
	case f.text == "":
		return nil
	case !slices.ContainsFunc(targets, target.Target.Recording):
		return fmt.Errorf("--part %s is about recordings: name a file as the BUS", f.text)
	case from != "":
		return errors.New("--part says where reading begins: leave --from out")
	}
	for i := range targets {
		targets[i].Part = f.part
	}
	return nil
}
