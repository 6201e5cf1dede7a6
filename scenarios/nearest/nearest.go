// Package nearest finds the name that somebody meant who wrote another. Its functions keep nothing and may be called from
// any goroutine.
package nearest

import (
	"slices"
	"strings"
)

// Name finds the name that somebody who wrote word most likely meant, or "". It is a third of the letters away at most, and one letter
// where it begins with another. What stands before the last dot or slash, where both have it, counts for nothing:
// deliveries.nope is not near deliveries.create.
func Name(word string, names []string) string {
	word = strings.ToLower(word)
	best, least := "", len(word)
	for _, name := range names {
		a, b := apart(word, strings.ToLower(name))
		most := 1
		if a != "" && b != "" && a[0] == b[0] {
			most = (len(a) + 2) / 3
		}
		d := distance(a, b)
		longer := d == least && best != "" && strings.HasPrefix(b, a) // of two that are as near, the one that begins with word was meant
		if d <= most && (d < least || longer) {
			best, least = name, d
		}
	}
	return best
}

// apart is what is left of two names without the beginning that they share, up to the last dot or slash of word.
func apart(word, name string) (a, b string) {
	if end := strings.LastIndexAny(word, "./") + 1; strings.HasPrefix(name, word[:end]) {
		return word[end:], name[end:]
	}
	return word, name
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
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	return "; known are " + strings.Join(names, ", ")
}

// Misspelt finds the name that word is but for a slip: two letters that changed places, or a letter or two that are wrong,
// missing or too many. It is stricter than Name: what it finds was meant, unless word means something by itself. Other
// numbers are no slip: order:17 is not order:18.
func Misspelt(word string, names []string) string {
	slips := 2
	if len(word) < 6 {
		slips = 1
	}
	name := Name(word, names)
	if name == "" || distance(strings.ToLower(word), strings.ToLower(name)) > slips || withoutDigits(word) == withoutDigits(name) {
		return ""
	}
	return name
}

func withoutDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, text)
}

// distance counts the letters to change, add or remove, and the neighbours to exchange, to make b of a.
func distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := row[j]
			if a[i] != b[j] {
				cost = 1 + min(row[j], next[j], row[j+1])
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				cost = min(cost, 1+before[j-1])
			}
			next[j+1] = cost
		}
		before, row = row, next
	}
	return row[len(b)]
}
