package cli

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"signalbox/bus"
	"signalbox/bus/natsbus"
	"signalbox/bus/redisbus"
)

// brokers are those that a bus can be on, in the order in which the environment is asked for one. Another broker is its
// package, and a line here.
var brokers = []bus.Broker{
	natsbus.Broker,
	redisbus.Broker,
}

// brokerOf is the broker whose URLs begin with a scheme.
func brokerOf(scheme string) (bus.Broker, bool) {
	i := slices.IndexFunc(brokers, func(b bus.Broker) bool { return slices.Contains(b.Schemes, scheme) })
	if i < 0 {
		return bus.Broker{}, false
	}
	return brokers[i], true
}

// schemeOf is what stands before "://" when the text looks like a URL, or "".
func schemeOf(text string) string {
	scheme, _, found := strings.Cut(text, "://")
	odd := func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+'
	}
	if !found || strings.ContainsFunc(scheme, odd) {
		return ""
	}
	return strings.ToLower(scheme)
}

func looksLikeURL(text string) bool { return schemeOf(text) != "" }

// checkURL tells whether a bus exists for a URL. The bus itself checks the rest of it.
func checkURL(text string) error {
	scheme := schemeOf(text)
	if scheme == "" {
		return fmt.Errorf("%q is not the URL of a bus: want %s", bus.Redact(text), schemeList())
	}
	if _, known := brokerOf(scheme); !known {
		return fmt.Errorf("no bus speaks %s://: want %s", scheme, schemeList())
	}
	return nil
}

// schemeList is the beginnings of all URLs.
func schemeList() string {
	var all []string
	for _, b := range brokers {
		all = append(all, b.Schemes...)
	}
	return strings.Join(all[:len(all)-1], "://, ") + ":// or " + all[len(all)-1] + "://"
}

// urlHelp is what is to be known of all URLs.
func urlHelp() string {
	var text strings.Builder
	for _, b := range brokers {
		text.WriteString(b.Help)
	}
	return text.String()
}

// exampleURLs are URLs of what may be a host, one a broker.
func exampleURLs(host string) string {
	var all []string
	for _, b := range brokers {
		all = append(all, b.Schemes[0]+"://"+host)
	}
	return strings.Join(all, " or ")
}

// brokerVariables are those of the environment that name a bus for other programs, too, in the order of asking.
func brokerVariables() []string {
	var names []string
	for _, b := range brokers {
		for _, name := range []string{b.Contexts.Variable, b.Variable} {
			if name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// contextKeepers are what other programs keep contexts.
func contextKeepers() string {
	var names []string
	for _, b := range brokers {
		if b.Contexts.Find != nil {
			names = append(names, b.Contexts.Of)
		}
	}
	return strings.Join(names, " or ")
}
