package file

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/nearest"
)

// Decode reads a node of a file into a value: strictly, so that a misspelt key is an error, and with errors of type
// *Error that say where and what was expected. What can be read is read all the same, and the errors are joined.
func Decode(node ast.Node, into any) error {
	return decodeValue(node, reflect.ValueOf(into).Elem())
}

// nodeDecoder is a value that reads itself.
type nodeDecoder interface{ DecodeNode(ast.Node) error }

func decodeValue(node ast.Node, v reflect.Value) error {
	node = plain(node)
	switch self := v.Addr().Interface().(type) {
	case nodeDecoder:
		return self.DecodeNode(node)
	case *ast.Node:
		*self = node
		return nil
	}
	if _, null := node.(*ast.NullNode); null || node == nil {
		return nil
	}
	switch v.Kind() {
	case reflect.Struct:
		return decodeStruct(node, v)
	case reflect.Map:
		return decodeMap(node, v)
	case reflect.Slice:
		return decodeSlice(node, v)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return decodeValue(node, v.Elem())
	case reflect.String:
		return decodeText(node, v)
	default:
		return decodeNumber(node, v)
	}
}

// Keys is a struct that takes further keys than those that its fields are tagged with.
type Keys interface {
	Keys() []string
	DecodeKey(Pair) error
}

func decodeStruct(node ast.Node, v reflect.Value) error {
	pairs, wrong := Pairs(node)
	fields := map[string]reflect.Value{}
	names := fieldsOf(v, fields)
	more, _ := v.Addr().Interface().(Keys)
	if more != nil {
		names = append(names, more.Keys()...)
	}
	for _, pair := range pairs {
		var err error
		field, known := fields[pair.Name]
		switch {
		case known:
			err = decodeValue(pair.Value, field)
		case slices.Contains(names, pair.Name):
			err = more.DecodeKey(pair)
		default:
			err = At(pair.Key, "unknown key %q%s", pair.Name, nearest.Hint(pair.Name, names))
		}
		for _, e := range flat(err) {
			e.sort = unread
		}
		wrong = errors.Join(wrong, err)
	}
	return wrong
}

// fieldsOf finds the fields of a struct, and of those embedded in it, by their keys, which it lists.
func fieldsOf(v reflect.Value, fields map[string]reflect.Value) (names []string) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case field.Anonymous && name == "":
			names = append(names, fieldsOf(v.Field(i), fields)...)
		case name != "" && name != "-":
			fields[name] = v.Field(i)
			names = append(names, name)
		}
	}
	return names
}

func decodeMap(node ast.Node, v reflect.Value) error {
	pairs, wrong := Pairs(node)
	v.Set(reflect.MakeMap(v.Type()))
	for _, pair := range pairs {
		value := reflect.New(v.Type().Elem()).Elem()
		wrong = errors.Join(wrong, decodeValue(pair.Value, value))
		v.SetMapIndex(reflect.ValueOf(pair.Name), value)
	}
	return wrong
}

func decodeSlice(node ast.Node, v reflect.Value) error {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		return At(node, "want a list, have %s", Written(node))
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values)))
	var wrong error
	for i, item := range list.Values {
		wrong = errors.Join(wrong, decodeValue(item, v.Index(i)))
	}
	return wrong
}

// decodeText takes any scalar as the text it is written as: an expression may be just 1 or true.
func decodeText(node ast.Node, v reflect.Value) error {
	text, ok := Scalar(node)
	if !ok {
		return At(node, "want a text, have %s", Written(node))
	}
	v.SetString(text)
	return nil
}

// decodeNumber takes true and false, whole numbers and other numbers, as the YAML parser has read them.
func decodeNumber(node ast.Node, v reflect.Value) error {
	want := "another value"
	switch v.Kind() {
	case reflect.Bool:
		if n, ok := node.(*ast.BoolNode); ok {
			v.SetBool(n.Value)
			return nil
		}
		want = "true or false"
	case reflect.Int:
		if n, ok := integer(node); ok {
			v.SetInt(n)
			return nil
		}
		want = "a whole number"
	case reflect.Float64:
		if n, ok := node.(*ast.FloatNode); ok {
			v.SetFloat(n.Value)
			return nil
		}
		if n, ok := integer(node); ok {
			v.SetFloat(float64(n))
			return nil
		}
		want = "a number"
	}
	return At(node, "want %s, have %s", want, Written(node))
}

// integer is a whole number that there is room for.
func integer(node ast.Node) (int64, bool) {
	n, ok := node.(*ast.IntegerNode)
	if !ok {
		return 0, false
	}
	switch i := n.Value.(type) {
	case int64:
		return i, true
	case uint64:
		return int64(i), i <= math.MaxInt64
	}
	return 0, false
}

// Scalar is the text of a text, number or truth value as it is written; false for any other node.
func Scalar(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// Pair is one "key: value" of a mapping.
type Pair struct {
	Name       string
	Key, Value ast.Node
}

// Pairs lists what a mapping holds; null is an empty one. What has no name, or one that was there
// before, is left out, and is an error.
func Pairs(node ast.Node) ([]Pair, error) {
	var values []*ast.MappingValueNode
	switch n := plain(node).(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return nil, At(node, "want a mapping (name: value), have %s", Written(node))
	}
	pairs := make([]Pair, 0, len(values))
	var wrong error
	for _, value := range values {
		name, ok := Scalar(value.Key)
		if !ok {
			wrong = errors.Join(wrong, At(value.Key, "want a name before the colon, have %s", Written(value.Key)))
			continue
		}
		if i := slices.IndexFunc(pairs, func(p Pair) bool { return p.Name == name }); i >= 0 {
			wrong = errors.Join(wrong, At(value.Key, "%s is there already, in line %d", name, tokenOf(pairs[i].Key).Position.Line))
			continue
		}
		pairs = append(pairs, Pair{Name: name, Key: value.Key, Value: plain(value.Value)})
	}
	return pairs, wrong
}

// plain takes anchors and tags off a node.
func plain(node ast.Node) ast.Node {
	for {
		switch n := node.(type) {
		case *ast.AnchorNode:
			node = n.Value
		case *ast.TagNode:
			node = n.Value
		case *ast.DocumentNode:
			node = n.Body
		default:
			return node
		}
	}
}

// longestQuoted is how many signs of a value an error repeats.
const longestQuoted = 80

// Written names what stands in the file for people.
func Written(node ast.Node) string {
	switch n := node.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AliasNode:
		return "an alias of nothing before it"
	default:
		return `"` + shortened(n.GetToken().Value) + `"`
	}
}

// shortened is the beginning of a long text.
func shortened(text string) string {
	if runes := []rune(text); len(runes) > longestQuoted {
		return string(runes[:longestQuoted]) + "…"
	}
	return text
}
