package scenarios

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// FileError is something wrong in a file: where, and what was expected there.
type FileError struct {
	File   string
	Line   int // from 1; 0 when the place is not known
	Column int // from 1
	Text   string
}

// Error is "deliveries.yaml:12:8: want …".
func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// errorAt says what is wrong with a node. InFile completes it with the name of the file.
func errorAt(node ast.Node, format string, args ...any) *FileError {
	e := &FileError{Text: fmt.Sprintf(format, args...)}
	if node != nil {
		if t := node.GetToken(); t != nil && t.Position != nil {
			e.Line, e.Column = t.Position.Line, t.Position.Column
		}
	}
	return e
}

// inFile completes an error with the name of the file.
func inFile(name string, err error) error {
	var at *FileError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &at):
		at.File = name
		return at
	}
	return &FileError{File: name, Text: err.Error()}
}

// yamlError is what the YAML parser says, with the place.
func yamlError(err error) error {
	var at yaml.Error
	if !errors.As(err, &at) || at.GetToken() == nil {
		return err
	}
	position := at.GetToken().Position
	return &FileError{Line: position.Line, Column: position.Column, Text: at.GetMessage()}
}
