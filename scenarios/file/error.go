// Package file reads YAML with places: what is wrong in a file is an Error, which says line, column and what was expected
// there. All that is wrong is found at once: whoever reads a part goes on with the next and joins the errors. It knows
// nothing of what the files are about. Parse reads the text, Decode makes values of it; a Text is a
// text with its place, a Map a mapping in the order it is written.
//
// Nothing here blocks. What Parse returned is for one goroutine at a time; values may be read from any.
package file

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Error is something wrong in a file: where, and what was expected there.
type Error struct {
	File   string
	Line   int // from 1; 0 when the place is not known
	Column int // from 1
	Text   string

	sort sort
}

// sort is what an error is about, where others may only come of it.
type sort int

const (
	unread  sort = iota + 1 // a key that means nothing, or a value that cannot be read
	missing                 // something that is not there: perhaps it is what could not be read
)

// Error is "deliveries.yaml:12:8: want …".
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// At says what is wrong with a node. InFile completes it with the name of the file.
func At(node ast.Node, format string, args ...any) *Error {
	e := &Error{Text: fmt.Sprintf(format, args...)}
	if t := tokenOf(node); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	return e
}

// tokenOf is where a node is written, or nil.
func tokenOf(node ast.Node) *token.Token {
	if document, ok := node.(*ast.DocumentNode); ok && document.Body == nil {
		return document.Start
	}
	if node == nil {
		return nil
	}
	return node.GetToken()
}

// AtStart says what is wrong with a file as a whole.
func AtStart(format string, args ...any) *Error {
	return &Error{Line: 1, Column: 1, Text: fmt.Sprintf(format, args...)}
}

// Missing is At for what a file leaves out. It is not said of a file in which something could not be read: that may be it.
func Missing(node ast.Node, format string, args ...any) *Error {
	e := At(node, format, args...)
	e.sort = missing
	return e
}

// InFile completes errors with the name of the file, and puts them in the order of their places.
func InFile(name string, err error) error {
	all := List(err)
	for _, e := range all {
		e.File = name
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	joined := make([]error, len(all))
	for i := range all {
		joined[i] = all[i]
	}
	return errors.Join(joined...)
}

// List are the errors that were joined into one, each once, in the order of their places. One that has no place has the
// line 0.
func List(err error) []*Error {
	all := flat(err)
	if slices.ContainsFunc(all, func(e *Error) bool { return e.sort == unread }) {
		all = slices.DeleteFunc(all, func(e *Error) bool { return e.sort == missing })
	}
	slices.SortStableFunc(all, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(all, func(a, b *Error) bool {
		return a.Line == b.Line && a.Column == b.Column && a.Text == b.Text
	})
}

func flat(err error) []*Error {
	if err == nil {
		return nil
	}
	if at, ok := err.(*Error); ok { //nolint:errorlint // what is wrapped is looked at next
		return []*Error{at}
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*Error
		for _, e := range joined.Unwrap() {
			all = append(all, flat(e)...)
		}
		return all
	}
	var at *Error
	if errors.As(err, &at) {
		return []*Error{at}
	}
	return []*Error{{Text: err.Error()}}
}

// yamlError is what the YAML parser says, with the place.
func yamlError(err error) error {
	var at yaml.Error
	if !errors.As(err, &at) || at.GetToken() == nil {
		return err
	}
	position := at.GetToken().Position
	return &Error{Line: position.Line, Column: position.Column, Text: shortened(at.GetMessage())}
}
