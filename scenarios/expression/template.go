package expression

import (
	"errors"
	"strings"

	"signalbox/sources/state"
)

// Template is text in which {expression} stands for its value; {{ and }} are braces themselves.
type Template struct {
	parts []part
}

// part is a piece of text, or an expression.
type part struct {
	text string
	expr Expression
}

// Template compiles a template. Its errors are of type *Error, with the offset in the whole text.
func (s *Scope) Template(text string) (Template, error) {
	var t Template
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			t.parts = append(t.parts, part{text: plain.String()})
			plain.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case (c == '{' || c == '}') && i+1 < len(text) && text[i+1] == c:
			plain.WriteByte(c)
			i++
		case c == '}':
			return Template{}, &Error{Offset: i, Text: "a } without its {; write }} for the brace itself"}
		case c == '{':
			end := closing(text, i)
			if end < 0 {
				return Template{}, &Error{Offset: i, Text: "a { without its }; write {{ for the brace itself"}
			}
			x, err := s.Compile(text[i+1 : end])
			if err != nil {
				return Template{}, inside(err, i+1)
			}
			flush()
			t.parts = append(t.parts, part{expr: x})
			i = end
		default:
			plain.WriteByte(c)
		}
	}
	flush()
	return t, nil
}

// Constant tells whether the text is always the same.
func (t Template) Constant() bool {
	return len(t.parts) == 0 || len(t.parts) == 1 && t.parts[0].expr.IsZero()
}

// Text fills the template in. What is absent is an error, since a text with a hole in it helps nobody.
func (t Template) Text(f *Frame) (string, error) {
	var out strings.Builder
	for _, p := range t.parts {
		if p.expr.IsZero() {
			out.WriteString(p.text)
			continue
		}
		v, err := p.expr.Eval(f)
		if err == nil && v.Kind() == state.Absent {
			err = errors.New(p.expr.String() + " is missing")
		}
		if err != nil {
			return "", err
		}
		out.WriteString(v.String())
	}
	return out.String(), nil
}

// Value is what a template that is wholly one expression comes to, with its type; of any other it is the text.
func (t Template) Value(f *Frame) (any, error) {
	if len(t.parts) != 1 || t.parts[0].expr.IsZero() {
		return t.Text(f)
	}
	x := &t.parts[0].expr
	v, err := x.Eval(f)
	if err == nil && v.Kind() == state.Absent {
		err = errors.New(x.String() + " is missing")
	}
	if err != nil {
		return nil, err
	}
	return Any(v), nil
}

// closing is where the brace opened at i closes, or -1.
func closing(text string, i int) int {
	for depth := 0; i < len(text); i++ {
		switch text[i] {
		case '"', '\'', '`':
			i = quoted(text, i) - 1
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// inside shifts an error's place.
func inside(err error, offset int) error {
	var at *Error
	if errors.As(err, &at) {
		return &Error{Offset: at.Offset + offset, Text: at.Text, Unknown: at.Unknown, Known: at.Known}
	}
	return err
}
