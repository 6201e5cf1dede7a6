// Package file reads YAML with places: what is wrong in a file is an Error, which says line, column and what was expected
// there. It knows nothing of what the files are about. Parse reads the text, Decode makes values of it; a Text is a
// text with its place, a Map a mapping in the order it is written.
//
// Nothing here blocks. What Parse returned is for one goroutine at a time; values may be read from any.
package file

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Error is something wrong in a file: where, and what was expected there.
type Error struct {
	File   string
	Line   int // from 1; 0 when the place is not known
	Column int // from 1
	Text   string
}

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
	if node != nil {
		if t := node.GetToken(); t != nil && t.Position != nil {
			e.Line, e.Column = t.Position.Line, t.Position.Column
		}
	}
	return e
}

// AtStart says what is wrong with a file as a whole.
func AtStart(format string, args ...any) *Error {
	return &Error{Line: 1, Column: 1, Text: fmt.Sprintf(format, args...)}
}

// InFile completes an error with the name of the file.
func InFile(name string, err error) error {
	var at *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &at):
		at.File = name
		return at
	}
	return &Error{File: name, Text: err.Error()}
}

// yamlError is what the YAML parser says, with the place.
func yamlError(err error) error {
	var at yaml.Error
	if !errors.As(err, &at) || at.GetToken() == nil {
		return err
	}
	position := at.GetToken().Position
	return &Error{Line: position.Line, Column: position.Column, Text: at.GetMessage()}
}
