package resp

import (
	"fmt"
	"strconv"
)

// maxDepth bounds how deep a value that is skipped may be nested.
const maxDepth = 16

// MaxWord bounds what is kept of a word: names of channels and streams may have 512 MB, but none has.
const MaxWord = 1 << 20

// Text reads a value that is a string or a number; "" for nil and for arrays, which are skipped.
func (r *Reader) Text() (string, error) {
	t, err := r.Next()
	if err != nil {
		return "", err
	}
	switch t.Kind {
	case '+', '-':
		return string(t.Text), nil
	case ':':
		return strconv.FormatInt(t.N, 10), nil
	case '$':
		data, _, err := r.Bulk(t.N, BufferSize)
		return string(data), err
	}
	return "", r.Skip(t)
}

// SkipNext reads past a whole value.
func (r *Reader) SkipNext() error {
	t, err := r.Next()
	if err != nil {
		return err
	}
	return r.Skip(t)
}

// Skip reads past the rest of a value whose beginning is t.
func (r *Reader) Skip(t Token) error { return r.skipNested(t, 0) }

func (r *Reader) skipNested(t Token, depth int) error {
	switch {
	case depth > maxDepth:
		return fmt.Errorf("%w: nested deeper than %d", ErrProtocol, maxDepth)
	case t.Kind == '$':
		_, _, err := r.Bulk(t.N, 0)
		return err
	case t.Kind != '*':
		return nil
	}
	for range t.N {
		inner, err := r.Next()
		if err != nil {
			return err
		}
		if err := r.skipNested(inner, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// Array reads the beginning of an array and its number of elements, -1 for nil. An error that the server answers
// instead is an Error.
func (r *Reader) Array() (int64, error) {
	t, err := r.Next()
	switch {
	case err != nil:
		return 0, err
	case t.Kind == '-':
		return 0, Error(t.Text)
	case t.Kind == '*', t.Kind == '$' && t.N == -1:
		return t.N, nil
	}
	return 0, fmt.Errorf("%w: %q where an array belongs", ErrProtocol, t.Kind)
}

// Word reads a bulk string that the protocol keeps small; a view until the next read.
func (r *Reader) Word() ([]byte, error) {
	t, err := r.Next()
	if err != nil {
		return nil, err
	}
	if t.Kind != '$' || t.N < 0 {
		return nil, fmt.Errorf("%w: %q where a string belongs", ErrProtocol, t.Kind)
	}
	data, _, err := r.Bulk(t.N, MaxWord)
	return data, err
}

// Integer reads a number; 0 for nil.
func (r *Reader) Integer() (int64, error) {
	t, err := r.Next()
	switch {
	case err != nil:
		return 0, err
	case t.Kind == '-':
		return 0, Error(t.Text)
	case t.Kind == ':':
		return t.N, nil
	case t.Kind == '$' && t.N == -1:
		return 0, nil
	}
	return 0, fmt.Errorf("%w: %q where a number belongs", ErrProtocol, t.Kind)
}

// Pair reads the beginning of an array that must have two elements.
func (r *Reader) Pair() error {
	n, err := r.Array()
	if err == nil && n != 2 {
		err = fmt.Errorf("%w: %d elements where a pair belongs", ErrProtocol, n)
	}
	return err
}
