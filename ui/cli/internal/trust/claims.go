// Package trust decides whether what a folder's signalbox.yaml names may be used. The folder may be somebody else's: one that
// was cloned or unpacked. So whatever would connect anywhere, read credentials or send is shown to a person, once, and what
// they trusted is kept by its content: a file that changed is asked about anew.
//
// Claims says what a file names. A Store keeps what is trusted. Nothing here connects, or reads what a file names beyond
// the domains that were read with it.
package trust

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"signalbox/bus"
	"signalbox/bus/application"
	"signalbox/scenarios"
	"signalbox/scenarios/file"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/config"
	"signalbox/ui/screen"
)

// Claim is one thing that a file names, clean to show.
type Claim struct {
	What     string // "bus", "context", "domain"
	Text     string
	Harmless bool // it needs no trust
}

// Claims are what a project's file names. taken says where a context of a name is already, or "".
func Claims(p *config.Project, taken func(name string) string) []Claim {
	var all []Claim
	add := func(what, text string, harmless bool) {
		all = append(all, Claim{What: what, Text: screen.Clean(text), Harmless: harmless})
	}
	if p.Link != "" {
		add("link", "the file is "+p.Link+", which is not in this folder", false)
	}
	for _, url := range p.Bus {
		text, harmless := connection(url.Value)
		add("bus", text, harmless)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Contexts)) {
		place := p.Contexts[name]
		text, harmless := name+": production, and no more", true
		if !place.Production {
			text = name
		}
		if place.URL.Value != "" {
			text, harmless = connection(place.URL.Value)
			text = name + ": " + text
		}
		if base := place.Base.Value; base != "" {
			app, err := application.At(base)
			text, harmless = text+", posts to "+bus.Redact(base), harmless && err == nil && app.Info().Loopback
		}
		if where := taken(name); where != "" && (place.URL.Value != "" || len(place.Stations) > 0) {
			text, harmless = text+", before the context of that name in "+where, false
		}
		add("context", text, harmless)
	}
	for i := range p.Pulls {
		text, harmless := pulled(&p.Pulls[i])
		add("domain", text, harmless)
	}
	return all
}

// Needed tells whether any of the claims needs trust.
func Needed(claims []Claim) bool {
	return slices.ContainsFunc(claims, func(c Claim) bool { return !c.Harmless })
}

// Lines are claims as they are shown.
func Lines(claims []Claim) []string {
	lines := make([]string, len(claims))
	for i, c := range claims {
		lines[i] = fmt.Sprintf("%-8s %s", c.What, c.Text)
	}
	return lines
}

// connection says what connecting by a URL reaches and reads.
func connection(url string) (text string, harmless bool) {
	text = bus.Redact(url)
	broker, _ := brokers.Of(brokers.SchemeOf(url))
	if broker.Reach == nil {
		return text, false
	}
	reach, err := broker.Reach(url)
	if err != nil {
		return text, false
	}
	if reach.Secret {
		text += ", with a user or a token"
	}
	if len(reach.Files) > 0 {
		text += ", reads " + strings.Join(reach.Files, ", ")
	}
	return text, reach.Harmless()
}

// folding are the keys of a domain file that send nothing. All others may.
var folding = []string{"domain", "about", "entity", "highlight", "events", "states", "always", "fold", "truth", "stations"}

// Harmless tells whether a domain file is of the folder and sends nothing.
func Harmless(d *config.Pulled) bool {
	_, harmless := pulled(d)
	return harmless && d.Err == nil
}

// pulled says what a domain file sends.
func pulled(d *config.Pulled) (text string, harmless bool) {
	switch {
	case d.Err != nil:
		return d.Name + ", which cannot be read", true
	case d.Text == nil:
		return d.Name + ", which is not in this folder", false
	}
	text, harmless = sends(d)
	if d.Outside {
		return text + "; it is not in this folder", false
	}
	return text, harmless
}

func sends(d *config.Pulled) (text string, harmless bool) {
	tree, err := file.Parse(d.Text)
	if err != nil {
		return d.Name + ", which is no domain", true // it is an error where it is used
	}
	pairs, err := file.Pairs(tree)
	harmless = err == nil
	domain, counts := "", ""
	for _, pair := range pairs {
		switch {
		case pair.Name == "domain":
			domain, _ = file.Scalar(pair.Value)
		case slices.Contains(folding, pair.Name):
		default:
			harmless = false
			if inside, err := file.Pairs(pair.Value); err == nil && pair.Name != "commands" {
				counts += ", " + screen.Plural(uint64(len(inside)), strings.TrimSuffix(pair.Name, "s"))
			}
		}
	}
	if harmless {
		return d.Name + ", which sends nothing", true
	}
	return d.Name + ", which sends" + commands(domain, d) + counts, false
}

// commands are what a domain's commands send, and where to.
func commands(domain string, d *config.Pulled) string {
	library := scenarios.Builtin()
	if err := library.Add(d.Path, d.Text); err != nil {
		return ""
	}
	text := ""
	for _, c := range library.Commands() {
		if c.Domain == domain {
			text += ", " + c.FullName() + " to " + cmp.Or(c.Station, "an application")
		}
	}
	return strings.TrimPrefix(text, ",")
}
