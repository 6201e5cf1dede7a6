package scenarios

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/scenarios/script"
)

// scripts looks through scripts, which are a domain's own or, with no domain, in a file of their own.
func (c *checker) scripts(domain string, sections file.Map[script.Section]) {
	for _, entry := range sections {
		section := &entry.Value
		for i, v := range section.Vars {
			rest := texts(section.Steps)
			for _, later := range section.Vars[i+1:] {
				rest += later.Node.String()
			}
			if !wordOf(v.Name).MatchString(rest) {
				c.doubt(file.At(v.Key, "nothing in %s uses the variable %s", entry.Name, v.Name))
			}
		}
		c.steps(&telling{domain: c.named(domain), kinds: map[string]string{}}, section.Steps)
	}
}

// telling is what is known of a story up to a step.
type telling struct {
	domain *domain           // whose story it is, or nil
	kinds  map[string]string // names given by as, to the kinds of their entities
	used   []*domain         // whose commands were sent
}

// steps looks through steps in order.
func (c *checker) steps(t *telling, nodes []ast.Node) {
	for _, node := range nodes {
		pairs, _ := file.Pairs(node)
		as := ""
		for _, pair := range pairs {
			if pair.Name == "as" {
				as, _ = file.Scalar(pair.Value)
			}
		}
		for _, pair := range pairs {
			switch pair.Name {
			case c.ownCommand(t, pair.Name):
				c.sends(t, pair.Name, as)
			case "as", "chance", "say", "note", "pause", "let", "if", "call", "with":
			case "wait", "expect":
				c.expects(t, pair.Value)
			case "repeat":
				var section script.RepeatSection
				_ = file.Decode(pair.Value, &section) // what is wrong has been said
				c.steps(t, section.Steps)
			case "then", "else":
				var nodes []ast.Node
				_ = file.Decode(pair.Value, &nodes)
				c.steps(t, nodes)
			case "parallel":
				var branches file.Map[[]ast.Node]
				_ = file.Decode(pair.Value, &branches)
				for _, branch := range branches {
					c.steps(t, branch.Value)
				}
			case "choose":
				var choices []script.ChoiceSection
				_ = file.Decode(pair.Value, &choices)
				for _, choice := range choices {
					c.steps(t, choice.Steps)
				}
			case "raw":
				var section script.RawSection
				_ = file.Decode(pair.Value, &section)
				if t.domain != nil {
					c.station(t.domain, section.Station)
				}
			default:
				c.sends(t, pair.Name, as)
			}
		}
	}
}

// ownCommand is a name, where the story's own domain has a command of it, or "".
func (c *checker) ownCommand(t *telling, name string) string {
	if t.domain != nil {
		if _, own := t.domain.Commands.Get(name); own {
			return name
		}
	}
	return ""
}

// sends remembers whose command a step sends.
func (c *checker) sends(t *telling, name, as string) {
	d := t.domain
	if owner, _, ok := strings.Cut(name, "."); ok {
		d = c.named(owner)
	}
	if d == nil {
		return
	}
	t.used = append(t.used, d)
	if as != "" { // a misspelt command is of that kind too
		t.kinds[as] = d.Entity
	}
}

// expects looks for what can never be met.
func (c *checker) expects(t *telling, node ast.Node) {
	var section script.ExpectSection
	_ = file.Decode(node, &section) // what is wrong has been said
	see := view{expects: true, state: facts{open: true}}
	if section.Entity != nil {
		see.state, see.status = c.kind(c.subject(t, section.Entity)), true
	}
	c.condition(see, section.That)
	event := view{expects: true, state: facts{open: true}}
	for _, d := range append(t.used, t.domain) {
		if d != nil {
			event.types = append(event.types, names(d.Fold)...)
			event.reasons = append(event.reasons, c.kind(d.Entity).reasons...)
		}
	}
	c.condition(event, section.Event)
	if reason, ok := file.Scalar(section.Rejected); ok && section.Rejected != nil && !strings.ContainsAny(reason, "{}") {
		if known := see.state.reasons; len(known) > 0 && !slices.Contains(known, reason) {
			c.unknown(section.Rejected, 0, reason, known, "no rule rejects with the reason "+reason)
		}
	}
}

// subject is the kind of the entity that an expectation is about, or "".
func (c *checker) subject(t *telling, node ast.Node) string {
	text, _ := file.Scalar(node)
	kind, _, ok := strings.Cut(text, "/")
	switch {
	case !ok:
		return t.kinds[text]
	case strings.ContainsAny(kind, "{}"):
		return ""
	case !slices.Contains(c.kinds(), kind):
		c.unknown(node, 0, kind, c.kinds(), "no domain has entities of the kind "+kind)
	}
	return kind
}
