package command

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Field is one field of a command's form.
type Field struct {
	Name     string
	Label    string
	About    string
	Type     string // text, int, number, bool, choice, list (comma-separated texts), json (a value, which is a text in expressions) or entity (an id)
	Of       string // the kind of the entity
	Default  string // a template, such as "{ulid()}"
	Options  []string
	Min, Max *float64
	Optional bool
}

var fieldTypes = []string{"text", "int", "number", "bool", "choice", "list", "json", "entity"}

// IsType tells whether there are fields of a type.
func IsType(name string) bool { return slices.Contains(fieldTypes, name) }

// FieldError says what is wrong with one field of a form.
type FieldError struct {
	Field string
	Text  string
}

// Error is "budget: want a whole number, have "abc"".
func (e *FieldError) Error() string { return e.Field + ": " + e.Text }

// Check tells whether a text can stand in the field; what is wrong with it is a *FieldError.
func (f Field) Check(text string) error {
	_, err := f.read(text)
	return err
}

// read checks what was filled in and makes a value of it; nil when an optional field is empty.
func (f Field) read(written string) (any, error) {
	text := strings.TrimSpace(written)
	if text == "" {
		if f.Optional {
			return nil, nil
		}
		return nil, f.wants("a value, have nothing")
	}
	switch f.Type {
	case "int":
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, f.wants("a whole number, have %q", written)
		}
		return int(n), f.within(float64(n))
	case "number":
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return nil, f.wants("a number, have %q", written)
		}
		return n, f.within(n)
	case "bool":
		switch strings.ToLower(text) {
		case "true", "yes", "y", "on", "1":
			return true, nil
		case "false", "no", "n", "off", "0":
			return false, nil
		}
		return nil, f.wants("true or false, have %q", written)
	case "choice":
		if !slices.Contains(f.Options, text) {
			return nil, f.wants("one of %s, have %q", strings.Join(f.Options, ", "), written)
		}
		return text, nil
	case "list":
		return f.list(written)
	case "json":
		if !json.Valid([]byte(text)) {
			return nil, f.wants("a value of JSON, have %q", written)
		}
		return text, nil
	case "entity":
		return text, nil
	}
	return written, nil
}

// list reads texts with commas between, or an array of JSON.
func (f Field) list(written string) (any, error) {
	items := []any{}
	if json.Unmarshal([]byte(written), &items) == nil {
		return items, nil
	}
	for item := range strings.SplitSeq(written, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	if len(items) == 0 && !f.Optional {
		return nil, f.wants("texts with commas between, have %q", written)
	}
	return items, nil
}

func (f Field) within(n float64) error {
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	switch {
	case f.Min != nil && n < *f.Min:
		return f.wants("at least %s, have %s", number(*f.Min), number(n))
	case f.Max != nil && n > *f.Max:
		return f.wants("at most %s, have %s", number(*f.Max), number(n))
	}
	return nil
}

func (f Field) wants(format string, args ...any) error {
	return &FieldError{Field: f.Name, Text: "want " + fmt.Sprintf(format, args...)}
}
