package redisbus

import (
	"fmt"
	"strconv"
)

// maxDepth bounds how deep an answer that is skipped may be nested.
const maxDepth = 16

// maxWord bounds what is kept of a word: names of channels and streams may have 512 MB, but none has.
const maxWord = 1 << 20

// text reads a value that is a string or a number; "" for nil and for arrays, which are skipped.
func (r *reader) text() (string, error) {
	t, err := r.next()
	if err != nil {
		return "", err
	}
	switch t.kind {
	case '+', '-':
		return string(t.text), nil
	case ':':
		return strconv.FormatInt(t.n, 10), nil
	case '$':
		data, _, err := r.bulk(t.n, readerSize)
		return string(data), err
	}
	return "", r.skip(t)
}

// skipNext reads past a whole value.
func (r *reader) skipNext() error {
	t, err := r.next()
	if err != nil {
		return err
	}
	return r.skip(t)
}

// skip reads past the rest of a value whose beginning is t.
func (r *reader) skip(t token) error { return r.skipNested(t, 0) }

func (r *reader) skipNested(t token, depth int) error {
	switch {
	case depth > maxDepth:
		return fmt.Errorf("%w: nested deeper than %d", errProtocol, maxDepth)
	case t.kind == '$':
		_, _, err := r.bulk(t.n, 0)
		return err
	case t.kind != '*':
		return nil
	}
	for range t.n {
		inner, err := r.next()
		if err != nil {
			return err
		}
		if err := r.skipNested(inner, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// array reads the beginning of an array and its number of elements, -1 for nil. An error that the server answers
// instead is a replyError.
func (r *reader) array() (int64, error) {
	t, err := r.next()
	switch {
	case err != nil:
		return 0, err
	case t.kind == '-':
		return 0, replyError(t.text)
	case t.kind == '*', t.kind == '$' && t.n == -1:
		return t.n, nil
	}
	return 0, fmt.Errorf("%w: %q where an array belongs", errProtocol, t.kind)
}

// word reads a bulk string that the protocol keeps small; a view until the next read.
func (r *reader) word() ([]byte, error) {
	t, err := r.next()
	if err != nil {
		return nil, err
	}
	if t.kind != '$' || t.n < 0 {
		return nil, fmt.Errorf("%w: %q where a string belongs", errProtocol, t.kind)
	}
	data, _, err := r.bulk(t.n, maxWord)
	return data, err
}

// integer reads a number; 0 for nil.
func (r *reader) integer() (int64, error) {
	t, err := r.next()
	switch {
	case err != nil:
		return 0, err
	case t.kind == '-':
		return 0, replyError(t.text)
	case t.kind == ':':
		return t.n, nil
	case t.kind == '$' && t.n == -1:
		return 0, nil
	}
	return 0, fmt.Errorf("%w: %q where a number belongs", errProtocol, t.kind)
}

// pair reads the beginning of an array that must have two elements.
func (r *reader) pair() error {
	n, err := r.array()
	if err == nil && n != 2 {
		err = fmt.Errorf("%w: %d elements where a pair belongs", errProtocol, n)
	}
	return err
}
