// Package marks says which buses are production, and what says so. A mark is put by the user's configuration, by that of a
// folder, or by the server itself. It holds however the bus is named: a mark on a context holds for its address as well.
// Marks only add up: none takes another away.
//
// Nothing here does I/O but LookUp. Marks do not change once they are read and looked up; any goroutine may ask them then.
package marks

import (
	"slices"
	"strings"
	"unicode"

	"signalbox/bus"
	"signalbox/bus/glob"
	"signalbox/ui/cli/internal/config"
)

// Mark says that a bus is production. The zero Mark says that nothing says so.
type Mark struct {
	Name string // for headers: of the context, or what else is marked
	From string // what has the mark: "signalbox.yaml:2", "the server"
	Why  string // in a sentence: "its context shop is marked in signalbox.yaml:2"
}

// IsZero tells whether there is no mark.
func (m Mark) IsZero() bool { return m.Name == "" }

// Marks are those of all configurations.
type Marks struct {
	contexts, servers []rule
	addresses         []address
}

// rule is a pattern, in lower case.
type rule struct{ pattern, where string }

// address is a mark on a host, a network or a single port.
type address struct {
	pattern config.Address
	name    string // of the context whose address it is, or ""
	host    string // that has the address, where that was looked up
	where   string
}

// Clone is a copy that can be added to.
func (m *Marks) Clone() Marks {
	return Marks{slices.Clone(m.contexts), slices.Clone(m.servers), slices.Clone(m.addresses)}
}

// AddContext marks a context by its name, or a pattern of names. where is the file and the line.
func (m *Marks) AddContext(pattern, where string) {
	m.contexts = append(m.contexts, rule{strings.ToLower(pattern), where})
}

// AddServer marks servers by what they call themselves.
func (m *Marks) AddServer(pattern, where string) {
	m.servers = append(m.servers, rule{strings.ToLower(pattern), where})
}

// AddAddress marks an address. context is that whose address it is, or "".
func (m *Marks) AddAddress(pattern config.Address, context, where string) {
	m.addresses = append(m.addresses, address{pattern: pattern, name: context, where: where})
}

// Of is the mark of a bus, which was named by a context, or by none.
func (m *Marks) Of(context string, info bus.Info) Mark {
	if info.Embedded {
		return Mark{}
	}
	for _, r := range m.contexts {
		if context != "" && glob.MatchFold(r.pattern, context) {
			return Mark{context, r.where, "its context " + context + " is marked in " + r.where}
		}
	}
	for _, a := range m.addresses {
		for _, at := range info.Addresses {
			switch {
			case !a.pattern.Matches(at):
			case a.name != "":
				return Mark{a.name, a.where, "its address " + at + " is that of the context " + a.name + ", which is marked in " + a.where}
			case a.host != "":
				return Mark{a.host, a.where, "its address " + at + " is that of " + a.host + ", which is marked in " + a.where}
			default:
				return Mark{at, a.where, "its address " + at + " is marked in " + a.where}
			}
		}
	}
	for _, said := range info.Identity {
		for _, r := range m.servers {
			if glob.MatchFold(r.pattern, said.Value) {
				return Mark{said.Value, r.where, "its " + said.What + " " + said.Value + " is marked in " + r.where}
			}
		}
	}
	return bySelf(info)
}

// bySelf is the mark that a server carries itself.
func bySelf(info bus.Info) Mark {
	for _, said := range info.Identity {
		switch {
		case said.Production:
			name := said.Value
			if name == "" || len(name) > longestName {
				name = info.Name
			}
			return Mark{name, theServer, "the server says so by its " + said.What}
		case said.What != "server id" && said.What != "run_id" && saysProduction(said.Value):
			return Mark{said.Value, theServer, "the server says so by its " + said.What + " " + said.Value}
		}
	}
	return Mark{}
}

// theServer is where a mark is from that a server carries itself.
const theServer = "the server"

// longestName bounds the name that a server gives itself.
const longestName = 64

// saysProduction tells whether a name has the word production, or prod, in it: shop-prod-1, but not nonprod or pre-prod.
func saysProduction(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) })
	for i, word := range words {
		if word != "production" && word != "prod" {
			continue
		}
		if i == 0 || words[i-1] != "non" && words[i-1] != "not" && words[i-1] != "pre" {
			return true
		}
	}
	return false
}
