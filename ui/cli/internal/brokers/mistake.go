package brokers

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"signalbox/bus"
	"signalbox/scenarios/nearest"
)

// Mistake says what is wrong with a text that was meant for the URL of a bus and is none, or nil. It repeats nothing of
// the text but a scheme: all else may be a password. Where no bus is named before it, whatever has an @ or a :/ in it is
// meant for a URL; behind one it may be the name of a station, unless it begins as a URL does or ends with a host and port.
func Mistake(text string, afterBus bool) error {
	text = strings.TrimSpace(text)
	if IsBus(text) || isFile(text) || isField(text) {
		return nil
	}
	word, _, _ := strings.Cut(text, "@")
	word = strings.TrimSpace(firstWord.FindString(word))
	scheme := known(word)
	at := strings.Contains(text, "@")
	switch rest := strings.TrimLeft(text[len(word):], " "); {
	case scheme != "" && (slashes.MatchString(rest) || at && strings.HasPrefix(rest, ":")) && (at || scheme == word || !afterBus):
		return fmt.Errorf("what begins with %s is not the URL of a bus: want %s", word, form(scheme))
	case !afterBus && (slashes.MatchString(rest) || strings.Contains(text, ":/")):
		return fmt.Errorf("what holds a :/ is taken for the URL of a bus, and is none: want %s%s", forms(), stationsAfter)
	case !afterBus && at, login.MatchString(text):
		return fmt.Errorf("what holds an @ is taken for the URL of a bus, and has no scheme: want %s%s", forms(), stationsAfter)
	}
	return nil
}

const stationsAfter = "; a station whose name looks so stands after the URL of its bus"

var (
	firstWord = regexp.MustCompile(`^[A-Za-z0-9+]*[ \t]*`)
	slashes   = regexp.MustCompile(`^(:[/\\]|//|\\\\)`)
	login     = regexp.MustCompile(`^(//.*:.*@|[^\s@/]*:[^\s@/]*@[\w.-]+:\d+$)`) // user:password@host:port, //user:password@
	field     = regexp.MustCompile(`^[\pL_][\pL\pN_.-]*=`)
)

// isField tells whether a text is field=value, whose value may be anything.
func isField(text string) bool { return field.MatchString(text) }

// isFile tells whether a text names a file of ours.
func isFile(text string) bool {
	return strings.HasSuffix(text, ".yaml") || strings.HasSuffix(text, ".yml")
}

// known is the scheme that a word is, but for a slip, or "".
func known(word string) string {
	const tooShort = 4 // for a slip to be one
	word = strings.ToLower(word)
	all := schemes()
	if slices.Contains(all, word) {
		return word
	}
	if len(word) < tooShort {
		return ""
	}
	return nearest.Misspelt(word, all)
}

func schemes() []string {
	var all []string
	for _, b := range Table {
		all = append(all, b.Schemes...)
	}
	return all
}

// form is how a URL of a scheme is written.
func form(scheme string) string { return scheme + "://user:password@host:port" }

func forms() string {
	var all []string
	for _, b := range Table {
		all = append(all, form(b.Schemes[0]))
	}
	return strings.Join(all, " or ")
}

// NoURL is the error about an argument that stands where only the URL of a bus can.
func NoURL(text string) error {
	if err := Mistake(text, false); err != nil {
		return err
	}
	return fmt.Errorf("%q is not the URL of a bus: want %s", text, Schemes())
}

// ErrURLAsContext is the error about a URL where a context is named.
var ErrURLAsContext = errors.New("want the name of a context; the URL of a bus is given without --context")

// Hide takes the secrets of URLs out of a text that people are to see: of those among arguments, whether they are written
// as they should be or not.
func Hide(text string, args []string) string {
	for _, arg := range args {
		if isField(strings.TrimLeft(arg, "-")) {
			_, arg, _ = strings.Cut(arg, "=")
		}
		shown := "…"
		switch {
		case !strings.ContainsAny(arg, "@:"):
			continue
		case IsURL(strings.TrimSpace(arg)):
			if u, err := url.Parse(strings.TrimSpace(arg)); err == nil && u.User == nil && u.RawQuery == "" {
				continue
			}
			shown = bus.Redact(arg)
		case Mistake(arg, true) == nil:
			continue
		}
		quoted := strconv.Quote(arg)
		text = strings.ReplaceAll(strings.ReplaceAll(text, arg, shown), quoted[1:len(quoted)-1], shown)
	}
	return text
}
