package expression

import "regexp"

// plainName is an expression that is one name.
var plainName = regexp.MustCompile(`^\s*([A-Za-z_]\w*)\s*$`)

// NameOf is the name that an expression consists of; false where it is more than a name.
func NameOf(x *Expression) (string, bool) {
	found := plainName.FindStringSubmatch(x.String())
	if found == nil {
		return "", false
	}
	return found[1], true
}

// Match finds what the names in a template stood for when it was filled in to be a text; false where it cannot have been. Of
// expressions that are more than a name nothing is found.
func (t Template) Match(text string) (map[string]string, bool) {
	form, names := `(?s)^`, []string{}
	for i := range t.parts {
		p := &t.parts[i]
		name, plain := NameOf(&p.expr)
		switch {
		case p.expr.IsZero():
			form += regexp.QuoteMeta(p.text)
		case plain:
			form, names = form+`(.+)`, append(names, name)
		default:
			form += `.*`
		}
	}
	stood := regexp.MustCompile(form + `$`).FindStringSubmatch(text)
	if stood == nil {
		return nil, false
	}
	found := make(map[string]string, len(names))
	for i, name := range names {
		found[name] = stood[i+1]
	}
	return found, true
}

// Expressions are the expressions in a template, as they are written.
func (t Template) Expressions() (all []string) {
	for i := range t.parts {
		if x := &t.parts[i].expr; !x.IsZero() {
			all = append(all, x.String())
		}
	}
	return all
}
