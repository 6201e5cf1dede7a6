// Package brokers is the table of the brokers that a bus can be on, and what is known of them all: the schemes of their
// URLs, their help, and the variables of the environment. Another broker is its own package and one line here. Nothing
// in it connects; only Recognise asks a server, one that is connected. The table does not change while the program runs. Any
// goroutine may call it.
package brokers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"signalbox/bus"
	"signalbox/bus/memphisbus"
	"signalbox/bus/natsbus"
	"signalbox/bus/recording"
	"signalbox/bus/redisbus"
)

// Table has the brokers in the order in which the environment is asked for one.
var Table = []bus.Broker{
	natsbus.Broker,
	redisbus.Broker,
	memphisbus.Broker,
}

// Recognise is the bus itself, or the one that its server turns out to be of another broker.
func Recognise(ctx context.Context, b bus.Bus) bus.Bus {
	for _, broker := range Table {
		if broker.Recognise == nil {
			continue
		}
		if recognised, ok := broker.Recognise(ctx, b); ok {
			return recognised
		}
	}
	return b
}

// Of is the broker whose URLs begin with a scheme.
func Of(scheme string) (bus.Broker, bool) {
	i := slices.IndexFunc(Table, func(b bus.Broker) bool { return slices.Contains(b.Schemes, scheme) })
	if i < 0 {
		return bus.Broker{}, false
	}
	return Table[i], true
}

// SchemeOf is what stands before "://" when the text looks like a URL, or "".
func SchemeOf(text string) string {
	scheme, _, found := strings.Cut(strings.TrimSpace(text), "://")
	odd := func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+'
	}
	if !found || strings.ContainsFunc(scheme, odd) {
		return ""
	}
	return strings.ToLower(scheme)
}

// meant asks whether it is a slip.
func meant(scheme string) string {
	if near := known(scheme); near != "" {
		return "; did you mean " + near + "://?"
	}
	return ""
}

// IsURL tells whether a text looks like a URL, of any scheme.
func IsURL(text string) bool { return SchemeOf(text) != "" }

// IsRecording tells whether a text names a recording: by the end of its name, or by what the file begins with.
func IsRecording(text string) bool {
	return !IsURL(text) && (strings.HasSuffix(text, recording.Extension) || recording.Is(text))
}

// IsBus tells whether a text names a bus: a URL of any scheme, or a recording.
func IsBus(text string) bool { return IsURL(text) || IsRecording(text) }

// CheckBus is CheckURL for what may be a recording, too.
func CheckBus(text string) error {
	if IsRecording(text) {
		return nil
	}
	return CheckURL(text)
}

// CheckURL tells whether a bus exists for a URL. The bus itself checks the rest of it.
func CheckURL(text string) error {
	scheme := SchemeOf(text)
	if scheme == "" {
		return NoURL(text)
	}
	if _, found := Of(scheme); !found {
		return fmt.Errorf("no bus speaks %s://: want %s%s", scheme, Schemes(), meant(scheme))
	}
	return nil
}

// Schemes is the beginnings of all URLs.
func Schemes() string {
	all := schemes()
	return strings.Join(all[:len(all)-1], "://, ") + ":// or " + all[len(all)-1] + "://"
}

// Help is what is to be known of all URLs.
func Help() string {
	var text strings.Builder
	for _, b := range Table {
		text.WriteString(b.Help)
	}
	return text.String()
}

// Examples are URLs of what may be a host, one a broker.
func Examples(host string) string {
	var all []string
	for _, b := range Table {
		all = append(all, b.Schemes[0]+"://"+host)
	}
	return strings.Join(all, " or ")
}

// Variables are those of the environment that name a bus for other programs, too, in the order of asking.
func Variables() []string {
	var names []string
	for _, b := range Table {
		for _, name := range []string{b.Contexts.Variable, b.Variable} {
			if name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// ContextKeepers are what other programs keep contexts.
func ContextKeepers() string {
	var names []string
	for _, b := range Table {
		if b.Contexts.Find != nil {
			names = append(names, b.Contexts.Of)
		}
	}
	return strings.Join(names, " or ")
}
