// Package nearest finds the name that somebody meant who wrote another. Its functions keep nothing and may be called from
// any goroutine.
package nearest

import (
	"slices"
	"strings"
)

// Name finds the name that somebody who wrote word most likely meant, or "".
func Name(word string, names []string) string {
	best, least := "", len(word)/3+2
	for _, name := range names {
		if d := distance(strings.ToLower(word), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// Question is "; did you mean x?", or "" when no name is near.
func Question(word string, names []string) string {
	if name := Name(word, names); name != "" {
		return "; did you mean " + name + "?"
	}
	return ""
}

// Hint completes "unknown x": with the name that was meant, or with all there are.
func Hint(word string, names []string) string {
	if question := Question(word, names); question != "" || len(names) == 0 {
		return question
	}
	names = slices.Sorted(slices.Values(names))
	return "; known are " + strings.Join(names, ", ")
}

// distance counts the letters to change, add or remove to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
