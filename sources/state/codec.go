package state

import (
	"encoding/binary"
	"math"

	"signalbox/sources/internal/packed"
)

// Values, states and changes as bytes. What is decoded shares its text with the bytes it was decoded from.

const (
	wireFalse = byte(iota) + 1
	wireTrue
	wireInt
	wireFloat
	wireText
	wireJSON
	wireTree
	wireAbsent
	wireList
	wireNumber
)

// mostDepth bounds how deep trees and lists may be nested for them to be decoded.
const mostDepth = 1000

func appendValue(to []byte, v Value) []byte {
	switch v.kind {
	case Bool:
		return append(to, wireFalse+byte(v.num))
	case Int:
		return binary.AppendVarint(append(to, wireInt), int64(v.num))
	case Float:
		return binary.LittleEndian.AppendUint64(append(to, wireFloat), v.num)
	case Text:
		return packed.AppendText(append(to, wireText), v.Text())
	case JSON:
		return packed.AppendText(append(to, wireJSON), v.Text())
	case Number:
		return packed.AppendText(append(to, wireNumber), v.Text())
	case Tree:
		to = binary.AppendUvarint(append(to, wireTree), uint64(len(v.Tree())))
		for name, x := range v.Tree() {
			to = appendValue(packed.AppendText(to, name), x)
		}
		return to
	case List:
		to = binary.AppendUvarint(append(to, wireList), uint64(len(v.List())))
		for _, x := range v.List() {
			to = appendValue(to, x)
		}
		return to
	}
	return append(to, wireAbsent)
}

// AppendState writes the slots that are set.
func AppendState(to []byte, values []Value) []byte {
	for slot, v := range values {
		if v.kind != Absent {
			to = appendField(to, slot, v)
		}
	}
	return to
}

// appendField writes a slot and its value; shortField reads it.
func appendField(to []byte, slot int, v Value) []byte {
	if slot < 0x80 {
		return appendShort(append(to, byte(slot)), v)
	}
	return appendValue(binary.AppendUvarint(to, uint64(slot)), v)
}

// appendShort is appendValue for what is most likely a short text or a whole number.
func appendShort(to []byte, v Value) []byte {
	switch {
	case v.kind == Text && v.num < 0x80:
		return append(append(to, wireText, byte(v.num)), v.Text()...)
	case v.kind == Int:
		if n := v.num<<1 ^ uint64(int64(v.num)>>63); n < 0x80 {
			return append(to, wireInt, byte(n))
		}
		return binary.AppendVarint(append(to, wireInt), int64(v.num))
	}
	return appendValue(to, v)
}

// AppendChanges writes a journal, to be read by ReadChanges.
func AppendChanges(to []byte, changes []Change) []byte {
	for i := range changes {
		c := &changes[i]
		if len(c.Path) == 0 && c.Slot < 0x80 {
			to = appendShort(appendShort(append(to, byte(c.Slot), 0), c.Was), c.Is)
			continue
		}
		to = binary.AppendUvarint(to, uint64(c.Slot))
		to = binary.AppendUvarint(to, uint64(len(c.Path)))
		for _, name := range c.Path {
			to = packed.AppendText(to, name)
		}
		to = appendValue(appendValue(to, c.Was), c.Is)
	}
	return to
}

func readValue(d *packed.Reader, depth int) Value {
	if len(d.Bytes) == 0 || depth > mostDepth {
		d.Fail()
		return Value{}
	}
	kind := d.Bytes[0]
	d.Bytes = d.Bytes[1:]
	switch kind {
	case wireFalse, wireTrue:
		return Value{kind: Bool, num: uint64(kind - wireFalse)}
	case wireInt:
		n := d.Uint()
		return IntValue(int64(n>>1) ^ -int64(n&1))
	case wireFloat:
		if b := d.Raw(8); b != nil {
			return FloatValue(math.Float64frombits(binary.LittleEndian.Uint64(b)))
		}
		return Value{}
	case wireText:
		return TextValue(d.Text())
	case wireJSON:
		return JSONValue(d.Text())
	case wireNumber:
		return NumberValue(d.Text())
	case wireTree:
		return readTree(d, depth)
	case wireList:
		return readList(d, depth)
	case wireAbsent:
		return Value{}
	}
	d.Fail()
	return Value{}
}

func readTree(d *packed.Reader, depth int) Value {
	tree := map[string]Value{}
	for n := d.Uint(); n > 0 && !d.Bad; n-- {
		name := d.Text()
		tree[name] = readValue(d, depth+1)
	}
	return TreeValue(tree)
}

func readList(d *packed.Reader, depth int) Value {
	list := []Value{}
	for n := d.Uint(); n > 0 && !d.Bad; n-- {
		list = append(list, readValue(d, depth+1))
	}
	return ListValue(list)
}

// ReadState reads what AppendState wrote, into values, whose length it sets. Texts share memory with the bytes.
func ReadState(values []Value, bytes []byte) (read []Value, ok bool) {
	values = values[:0]
	for len(bytes) > 0 {
		slot, v, rest := shortField(bytes)
		if rest == nil {
			d := packed.Reader{Bytes: bytes}
			if slot = d.Uint(); slot >= MaxFields {
				return values, false
			}
			if v = readValue(&d, 0); d.Bad {
				return values, false
			}
			rest = d.Bytes
		}
		for uint64(len(values)) <= slot {
			values = append(values, Value{})
		}
		values[slot] = v
		bytes = rest
	}
	return values, true
}

// Read makes s the state that AppendState wrote.
func (s *State) Read(bytes []byte) { s.values, _ = ReadState(s.values, bytes) }

// ReadField reads one field of what AppendState wrote.
func ReadField(bytes []byte, field int) Value {
	for d := (packed.Reader{Bytes: bytes}); len(d.Bytes) > 0; {
		slot := d.Uint()
		if v := readValue(&d, 0); slot == uint64(field) {
			return v
		}
	}
	return Value{}
}

// shortChange reads a change of a low slot, as most are: from one short value to another. The rest is nil when it is not so.
func shortChange(in []byte) (c Change, rest []byte) {
	if len(in) < 4 || in[0] >= 0x80 || in[1] != 0 {
		return c, nil
	}
	c.Slot, rest = int(in[0]), in[3:]
	if in[2] != wireAbsent {
		if c.Was, rest = shortValue(in[2:]); rest == nil {
			return c, nil
		}
	}
	c.Is, rest = shortValue(rest)
	return c, rest
}

// shortValue reads a short text or a whole number; the rest is nil when it is neither.
func shortValue(in []byte) (v Value, rest []byte) {
	if len(in) < 2 {
		return v, nil
	}
	switch in[0] {
	case wireText:
		if end := 2 + int(in[1]); in[1] < 0x80 && end <= len(in) {
			return TextValue(packed.String(in[2:end])), in[end:]
		}
	case wireInt:
		if n, size := binary.Uvarint(in[1:]); size > 0 {
			return IntValue(int64(n>>1) ^ -int64(n&1)), in[1+size:]
		}
	}
	return v, nil
}

// shortField reads a slot and its value as most are: a low slot, and in it a short text or a whole number. The rest is
// nil when they are not so. It works in registers alone: states are read for every event.
func shortField(in []byte) (slot uint64, v Value, rest []byte) {
	if len(in) < 3 || in[0] >= 0x80 {
		return 0, Value{}, nil
	}
	switch slot = uint64(in[0]); in[1] {
	case wireText:
		if end := 3 + int(in[2]); in[2] < 0x80 && end <= len(in) {
			return slot, TextValue(packed.String(in[3:end])), in[end:]
		}
	case wireInt:
		if n, size := binary.Uvarint(in[2:]); size > 0 {
			return slot, IntValue(int64(n>>1) ^ -int64(n&1)), in[2+size:]
		}
	}
	return 0, Value{}, nil
}

// ReadChanges reads what AppendChanges wrote; as much of it as is well.
func ReadChanges(bytes []byte) []Change { return AppendRead(nil, bytes) }

// AppendRead is ReadChanges into memory that there is, that of paths which stood there included.
func AppendRead(out []Change, bytes []byte) []Change {
	for d := (packed.Reader{Bytes: bytes}); len(d.Bytes) > 0; {
		if c, rest := shortChange(d.Bytes); rest != nil {
			out, d.Bytes = append(out, c), rest
			continue
		}
		c := Change{Slot: int(d.Uint())}
		if n := len(out); n < cap(out) {
			c.Path = out[:n+1][n].Path[:0]
		}
		for n := d.Uint(); n > 0 && !d.Bad; n-- {
			c.Path = append(c.Path, d.Text())
		}
		c.Was = readValue(&d, 0)
		c.Is = readValue(&d, 0)
		if d.Bad || c.Slot >= MaxFields || c.Slot < 0 {
			break
		}
		out = append(out, c)
	}
	return out
}
