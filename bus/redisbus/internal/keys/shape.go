package keys

import (
	"regexp"
	"strings"

	"github.com/oklog/ulid/v2"
)

// A shape is a pattern of keys that are named alike: what varies from one to the next is a * in it.

const partSeparators = ":./|{}"

var (
	uuidPart = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	hexPart  = regexp.MustCompile(`^[0-9a-fA-F]{8,}$`)
	// classShape is how redis_om names keys, [prefix:]module.Class:id. The module is another one with another way of starting
	// the same application.
	classShape = regexp.MustCompile(`^[^*]*\.([A-Z][A-Za-z0-9_]*):\*$`)
)

// mostKeyName is how long a key's name may be to be grouped by it.
const mostKeyName = 256

// shapeOf is the shape of a key; false where nothing in its name varies.
func shapeOf(key string) (string, bool) {
	if len(key) > mostKeyName {
		return "", false
	}
	var b strings.Builder
	varies := false
	for rest := key; ; {
		i := strings.IndexAny(rest, partSeparators)
		part := rest
		if i >= 0 {
			part = rest[:i]
		}
		fixed, v := partShape(part)
		b.WriteString(fixed)
		varies = varies || v
		if i < 0 {
			break
		}
		b.WriteByte(rest[i])
		rest = rest[i+1:]
	}
	shape := b.String()
	if class := classShape.FindStringSubmatch(shape); class != nil {
		shape = "*." + class[1] + ":*"
	}
	return shape, varies
}

// partShape is a part of a key as it stands in a pattern.
func partShape(part string) (shape string, varies bool) {
	switch {
	case part == "":
		return "", false
	case isNumber(part), isULID(part), uuidPart.MatchString(part), hexPart.MatchString(part) && hasDigit(part):
		return "*", true
	case len(part) >= 16 && hasDigit(part) && !strings.ContainsAny(part, " \t"):
		return "*", true
	}
	if i := strings.LastIndexAny(part, "-_"); i > 0 && isNumber(part[i+1:]) {
		return escaped(part[:i+1]) + "*", true
	}
	return escaped(part), false
}

// escaped is a text as a pattern that matches it alone.
func escaped(text string) string {
	if !strings.ContainsAny(text, `*?[]\`) {
		return text
	}
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`, `\`, `\\`).Replace(text)
}

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isULID(s string) bool {
	_, err := ulid.ParseStrict(s)
	return err == nil
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }
