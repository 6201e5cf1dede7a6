// Package glob tells whether a text matches a pattern: in the way that filters and domain files write patterns, and in the
// way that Redis reads them. Patterns and texts are bytes, not letters. Its functions may be called from any goroutine, do
// not allocate, and never take more steps than the pattern's length times the text's.
package glob

import "strings"

// Match knows * for any text and ? for any one byte.
func Match(pattern, text string) bool { return match(pattern, text, plain) }

// MatchFold is Match without regard to the case of ASCII letters. The pattern must be in lower case.
func MatchFold(pattern, text string) bool { return match(pattern, text, folded) }

// MatchRedis knows also [abc], [a-z], [^a-z] and \ before a byte that is meant literally.
func MatchRedis(pattern, text string) bool { return match(pattern, text, redis) }

// match goes through the text once. Where the pattern does not go on, it returns to the last star and lets that stand for
// one byte more: an earlier star need not be tried again, because the last one can stand for whatever it could.
// first tells whether the first element of a pattern, which is no star, matches a byte, and how long that element is.
func match(pattern, text string, first func(pattern string, c byte) (length int, ok bool)) bool {
	star, end := -1, 0 // the last star, and where the text that it stands for ends
	at, i := 0, 0
	for i < len(text) {
		if at < len(pattern) && pattern[at] == '*' {
			at++
			star, end = at, i
			continue
		}
		if at < len(pattern) {
			if length, ok := first(pattern[at:], text[i]); ok {
				at, i = at+length, i+1
				continue
			}
		}
		if star < 0 {
			return false
		}
		end++
		at, i = star, end
	}
	return strings.TrimLeft(pattern[at:], "*") == ""
}

func plain(pattern string, c byte) (length int, ok bool) {
	return 1, pattern[0] == '?' || pattern[0] == c
}

func folded(pattern string, c byte) (length int, ok bool) {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return plain(pattern, c)
}
