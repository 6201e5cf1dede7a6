package file

import (
	"regexp"

	"github.com/goccy/go-yaml/ast"
)

// nameForm is how things are named that people name in commands: deliveries.create, deliveries/happy-path.
var nameForm = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_-]*$`)

// CheckName checks that people can name something in a command without quotes.
func CheckName(what, name string, at ast.Node) error {
	if nameForm.MatchString(name) {
		return nil
	}
	if name == "" {
		return At(at, "want a name of %s, have an empty text", what)
	}
	return At(at, "the name of %s has letters, digits, - and _ only, and begins with a letter; have %q", what, name)
}
