package jsapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Bounds of what is listed: streams in any case, consumers of all streams together, what a server tells in one answer, and
// the bytes of JSON by which it tells of one. Servers tell of 256 in an answer, or the names of 1,024.
const (
	leastStreams  = 5_000
	mostConsumers = 20_000
	mostInAnswer  = 2048
	mostOfOne     = 1 << 20
)

// streamCost is what a stream is counted as where there is memory for more than leastStreams.
const streamCost = 1 << 10

// errMany says that there are more than are listed.
var errMany = errors.New("name those that matter")

// tooMany is errMany with how many there are, as far as it is known.
func tooMany(what string, listed, known int) error {
	return fmt.Errorf("these are the first %d of at least %d %s; %w", listed, max(known, listed+1), what, errMany)
}

// part is a list in an answer: its first elements, those that are not too large.
type part[T any] struct {
	list []T
	all  int // how many the answer told of, up to one more than are kept
}

// UnmarshalJSON reads no more elements than a server writes: one of a few bytes may take a thousand as a value.
func (p *part[T]) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if begin, err := d.Token(); err != nil || begin != json.Delim('[') {
		return err // null is none
	}
	for d.More() {
		if p.all++; p.all > mostInAnswer {
			return nil
		}
		var one json.RawMessage
		if err := d.Decode(&one); err != nil {
			return err
		}
		if len(one) > mostOfOne {
			continue
		}
		var value T
		if err := json.Unmarshal(one, &value); err != nil {
			return err
		}
		p.list = append(p.list, value)
	}
	return nil
}

// pointers are pointers to the elements.
func (p *part[T]) pointers() []*T {
	all := make([]*T, len(p.list))
	for i := range p.list {
		all[i] = &p.list[i]
	}
	return slices.Clip(all)
}
