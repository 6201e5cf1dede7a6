package sources

import (
	"encoding/binary"
	"math"
	"unsafe"
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
		return appendText(append(to, wireText), v.Text())
	case JSON:
		return appendText(append(to, wireJSON), v.Text())
	case Tree:
		to = binary.AppendUvarint(append(to, wireTree), uint64(len(v.Tree())))
		for name, x := range v.Tree() {
			to = appendValue(appendText(to, name), x)
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

func appendText[T string | []byte](to []byte, s T) []byte {
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

// appendState writes the slots that are set.
func appendState(to []byte, values []Value) []byte {
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

// appendChanges writes a journal, to be read by decoder.changes.
func appendChanges(to []byte, changes []Change) []byte {
	for i := range changes {
		c := &changes[i]
		if len(c.Path) == 0 && c.Slot < 0x80 {
			to = appendShort(appendShort(append(to, byte(c.Slot), 0), c.Was), c.Is)
			continue
		}
		to = binary.AppendUvarint(to, uint64(c.Slot))
		to = binary.AppendUvarint(to, uint64(len(c.Path)))
		for _, name := range c.Path {
			to = appendText(to, name)
		}
		to = appendValue(appendValue(to, c.Was), c.Is)
	}
	return to
}

// decoder reads from the front of its bytes. Once something was wrong it is bad, and reads nothing more.
type decoder struct {
	bytes []byte
	bad   bool
}

func (d *decoder) fail() { d.bytes, d.bad = nil, true }

func (d *decoder) uint() uint64 {
	if len(d.bytes) > 0 && d.bytes[0] < 0x80 {
		n := d.bytes[0]
		d.bytes = d.bytes[1:]
		return uint64(n)
	}
	n, size := binary.Uvarint(d.bytes)
	if size <= 0 {
		d.fail()
		return 0
	}
	d.bytes = d.bytes[size:]
	return n
}

// raw reads n bytes.
func (d *decoder) raw(n uint64) []byte {
	if n > uint64(len(d.bytes)) {
		d.fail()
		return nil
	}
	out := d.bytes[:n:n]
	d.bytes = d.bytes[n:]
	return out
}

func (d *decoder) text() string { return view(d.raw(d.uint())) }

// view is the bytes as a string that shares them.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func (d *decoder) value(depth int) Value {
	if len(d.bytes) == 0 || depth > mostDepth {
		d.fail()
		return Value{}
	}
	kind := d.bytes[0]
	d.bytes = d.bytes[1:]
	switch kind {
	case wireFalse, wireTrue:
		return Value{kind: Bool, num: uint64(kind - wireFalse)}
	case wireInt:
		n := d.uint()
		return IntValue(int64(n>>1) ^ -int64(n&1))
	case wireFloat:
		if b := d.raw(8); b != nil {
			return FloatValue(math.Float64frombits(binary.LittleEndian.Uint64(b)))
		}
		return Value{}
	case wireText:
		return TextValue(d.text())
	case wireJSON:
		return JSONValue(d.text())
	case wireTree:
		return d.tree(depth)
	case wireList:
		return d.list(depth)
	case wireAbsent:
		return Value{}
	}
	d.fail()
	return Value{}
}

func (d *decoder) tree(depth int) Value {
	tree := map[string]Value{}
	for n := d.uint(); n > 0 && !d.bad; n-- {
		name := d.text()
		tree[name] = d.value(depth + 1)
	}
	return TreeValue(tree)
}

func (d *decoder) list(depth int) Value {
	list := []Value{}
	for n := d.uint(); n > 0 && !d.bad; n-- {
		list = append(list, d.value(depth+1))
	}
	return ListValue(list)
}

// state reads what appendState wrote, into values, whose length it sets.
func (d *decoder) state(values []Value) []Value {
	values = values[:0]
	in := d.bytes
	for len(in) > 0 {
		slot, v, rest := shortField(in)
		if rest == nil {
			d.bytes = in
			if slot = d.uint(); slot >= MaxFields {
				d.fail()
				break
			}
			v = d.value(0)
			rest = d.bytes
		}
		for uint64(len(values)) <= slot {
			values = append(values, Value{})
		}
		values[slot] = v
		in = rest
	}
	return values
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
			return slot, TextValue(view(in[3:end])), in[end:]
		}
	case wireInt:
		if n, size := binary.Uvarint(in[2:]); size > 0 {
			return slot, IntValue(int64(n>>1) ^ -int64(n&1)), in[2+size:]
		}
	}
	return 0, Value{}, nil
}

// changes reads what appendChanges wrote.
func (d *decoder) changes() []Change {
	var out []Change
	for len(d.bytes) > 0 {
		c := Change{Slot: int(d.uint())}
		for n := d.uint(); n > 0 && !d.bad; n-- {
			c.Path = append(c.Path, d.text())
		}
		c.Was = d.value(0)
		c.Is = d.value(0)
		if d.bad || c.Slot >= MaxFields || c.Slot < 0 {
			d.bad = true
			break
		}
		out = append(out, c)
	}
	return out
}
