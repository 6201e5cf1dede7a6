package state

import (
	"encoding/json"
	"strconv"
	"strings"

	"signalbox/sources/internal/packed"
)

// Trees and lists are changed in place, entry by entry. An entry of a list is named by its index; the index after the
// last names the entry that would be appended.

// null is what an entry of a list holds that has no value.
var null = JSONValue("null")

// takes tells whether v can have an entry of that name.
func (v Value) takes(name string) bool {
	if v.kind == List {
		_, ok := v.index(name)
		return ok
	}
	return v.kind == Tree
}

// index is the index that an entry of a list is named by, at most the length of the list.
func (v Value) index(name string) (int, bool) {
	i, err := strconv.ParseUint(name, 10, 32)
	return int(i), err == nil && int(i) <= len(v.List())
}

// entry is an entry of a tree or a list; absent when there is none.
func (v Value) entry(name string) Value {
	if v.kind != List {
		return v.Tree()[name]
	}
	i, ok := v.index(name)
	if !ok || i == len(v.List()) {
		return Value{}
	}
	return v.List()[i]
}

// setEntry changes an entry, and returns what it is now. An absent x removes it; in the midst of a list, where nothing
// can be removed, null takes its place.
func (v Value) setEntry(name string, x Value) Value {
	if v.kind == List {
		return v.setElement(name, x)
	}
	tree := v.Tree()
	switch {
	case tree == nil:
	case x.kind == Absent:
		delete(tree, name)
	default:
		tree[name] = x
	}
	return x
}

func (v Value) setElement(name string, x Value) Value {
	list := (*[]Value)(v.at)
	i, ok := v.index(name)
	switch last := len(*list) - 1; {
	case !ok || i > last && x.kind == Absent:
		return Value{}
	case i > last:
		*list = append(*list, x)
	case x.kind != Absent:
		(*list)[i] = x
	case i == last:
		*list = (*list)[:last]
	default:
		x = null
		(*list)[i] = x
	}
	return x
}

// Append adds v to the end of the list that a field, or the part of it that path leads to, is. An array as it came
// becomes a list; anything else is replaced by one. It costs the depth of the path, not the length of the list.
func (s *State) Append(slot int, path []string, v Value) {
	list := s.At(slot, path)
	if list.kind != List {
		s.SetIn(slot, path, listOf(list))
		list = s.At(slot, path)
	}
	if v.kind == Absent {
		v = null
	}
	s.SetIn(slot, append(path[:len(path):len(path)], strconv.Itoa(len(list.List()))), v)
}

// At is a field, or the part of it that path leads to.
func (s *State) At(slot int, path []string) Value {
	v := s.Get(slot)
	for _, name := range path {
		v = v.entry(name)
	}
	return v
}

// listOf is an array as it came as a list; an empty list for all else.
func listOf(v Value) Value {
	var raw []json.RawMessage
	if v.kind != JSON || json.Unmarshal([]byte(v.Text()), &raw) != nil {
		return ListValue([]Value{})
	}
	list := make([]Value, len(raw))
	for i, x := range raw {
		list[i] = fromJSON(x)
	}
	return ListValue(list)
}

// fromJSON makes a value of valid JSON.
func fromJSON(raw []byte) Value {
	text := strings.TrimSpace(string(raw))
	switch text[0] {
	case '{', '[', 'n':
		return JSONValue(text)
	case 't', 'f':
		return BoolValue(text[0] == 't')
	case '"':
		var s string
		_ = json.Unmarshal(raw, &s)
		return TextValue(s)
	}
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return IntValue(i)
	}
	f, _ := strconv.ParseFloat(text, 64)
	return FloatValue(f)
}

// Part is v with memory of its own, without trees and lists that have more entries than are left, which are counted
// instead.
func (v Value) Part(left *int) Value {
	if !v.Nested() || *left < 0 {
		return v.Own()
	}
	n := len(v.Tree()) + len(v.List())
	if *left -= n; *left < 0 {
		*left = 0
		return TextValue("(" + strconv.Itoa(n) + ")")
	}
	if v.kind == List {
		list := make([]Value, n)
		for i, x := range v.List() {
			list[i] = x.Part(left)
		}
		return ListValue(list)
	}
	tree := make(map[string]Value, n)
	for name, x := range v.Tree() {
		tree[packed.Clone(name)] = x.Part(left)
	}
	return TreeValue(tree)
}
