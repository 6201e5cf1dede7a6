package command

import (
	"regexp"
	"strings"
)

// What tells that something is made anew each time.
var (
	anew  = regexp.MustCompile(`\b(ulid|uuid|now|random|pick|fake)\s*\(`)
	newID = regexp.MustCompile(`\b(ulid|uuid)\s*\(`)
)

// expressionIn tells whether a default is more than a text.
func expressionIn(text string) bool { return strings.ContainsAny(text, "{}") }
