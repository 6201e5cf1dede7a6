// Package hostile is what a program that reads foreign bytes must bear: payloads, names, lengths, files and expressions
// that are wrong on purpose. It is for tests only: fuzz tests begin from it, and tests of the whole program send all of it.
// Whoever finds another adds it here, so that everything is held against it.
package hostile

import (
	"slices"
	"strings"
)

// Sample is one thing to read, and what is odd about it.
type Sample struct {
	Name string // unique among its kind, without blanks
	Text string // any bytes
}

// Deep is how deep the deepest samples are nested.
const Deep = 10_000

// Large is the size of the largest samples.
const Large = 5_000_000

// Small are the samples of a list that are no longer than so many bytes: seeds of fuzz tests should be short.
func Small(all []Sample, most int) []Sample {
	return slices.DeleteFunc(slices.Clone(all), func(s Sample) bool { return len(s.Text) > most })
}

// nested is a text with others around it, so many times.
func nested(before, inside, after string, times int) string {
	return strings.Repeat(before, times) + inside + strings.Repeat(after, times)
}
