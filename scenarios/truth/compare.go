package truth

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
)

// Sort is how an entity and its copy differ.
type Sort string

// Sorts of drift.
const (
	Differs Sort = "differs"          // fields do
	NoCopy  Sort = "no copy"          // the entity has none
	Only    Sort = "only in the copy" // no event of the entity was seen
	Unread  Sort = "unreadable"       // the copy is no object, or too large
)

// Drift is an entity whose copy is another than what is folded of it.
type Drift struct {
	Entity sources.Entity
	Path   string // of the copy
	Sort   Sort
	Fields []Field // that differ, mostFields at most
	Others int     // fields that differ besides
	Why    string  // it is unreadable
}

// String says it in a line.
func (d *Drift) String() string {
	text := d.Entity.String() + " and its copy " + d.Path + ": " + string(d.Sort)
	if d.Why != "" {
		text += ", " + d.Why
	}
	for i, f := range d.Fields {
		text += map[bool]string{true: " in ", false: ", "}[i == 0] + f.String()
	}
	if d.Others > 0 {
		text += fmt.Sprintf(", and %d more", d.Others)
	}
	return text
}

// String is "budget: 50, in the copy 40".
func (f *Field) String() string {
	return f.Name + ": " + written(f.Fold) + ", in the copy " + written(f.Copy)
}

func written(v state.Value) string {
	if v.Kind() == state.Absent {
		return "nothing"
	}
	const most = 200
	text := v.String()
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// Field is a field as it is folded and as it is in the copy; Absent where it is not there.
type Field struct {
	Name       string
	Fold, Copy state.Value
}

// mostFields bounds the fields of one drift.
const mostFields = 64

// Compare compares an entity with its copy; false when they agree. Fields of the copy that no rule knows are the
// application's own.
func (p *Place) Compare(row *sources.EntityRow, copied bus.Copied, known func(field string) bool) (Drift, bool) {
	d := Drift{Entity: row.Entity, Path: p.Path(row.ID)}
	if nothing := row.Status == "" && len(row.Fields) == 0; nothing && (!copied.Kept || isEmpty(copied)) {
		return d, false
	}
	switch {
	case !copied.Kept:
		d.Sort = NoCopy
		return d, true
	case copied.Size > len(copied.Data):
		d.Sort, d.Why = Unread, fmt.Sprintf("it has %d bytes", copied.Size)
		return d, true
	}
	fields, ok := Fields(copied.Data)
	if !ok {
		d.Sort, d.Why = Unread, "it is no JSON object"
		return d, true
	}
	folded := slices.Clone(row.Fields)
	if row.Status != "" {
		folded = append([]state.Field{{Name: state.StatusField, Value: state.TextValue(row.Status)}}, folded...)
	}
	for _, f := range folded {
		is := fields[f.Name]
		delete(fields, f.Name)
		if !same(f.Value, is) {
			d.Fields = append(d.Fields, Field{Name: f.Name, Fold: f.Value, Copy: is})
		}
	}
	var more []Field
	for name, is := range fields {
		if is.Kind() != state.Absent && known(name) {
			more = append(more, Field{Name: name, Copy: is})
		}
	}
	slices.SortFunc(more, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	d.Fields = append(d.Fields, more...)
	d.Others = max(0, len(d.Fields)-mostFields)
	d.Fields = d.Fields[:len(d.Fields)-d.Others]
	d.Sort = Differs
	return d, len(d.Fields) > 0
}

// isEmpty tells whether a copy is an object without fields, as applications write for what they were asked about and do not
// know: it is no entity.
func isEmpty(copied bus.Copied) bool {
	fields, ok := Fields(copied.Data)
	return ok && len(fields) == 0
}

// Fields are those of a copy; false when it is no object.
func Fields(data []byte) (map[string]state.Value, bool) {
	if !json.Valid(data) {
		return nil, false
	}
	object := gjson.ParseBytes(data)
	if !object.IsObject() {
		return nil, false
	}
	fields := map[string]state.Value{}
	object.ForEach(func(name, value gjson.Result) bool {
		fields[name.String()] = valueOf(value)
		return true
	})
	return fields, true
}

// valueOf is a value of JSON.
func valueOf(v gjson.Result) state.Value {
	switch v.Type {
	case gjson.Null:
		return state.Value{}
	case gjson.String:
		return state.TextValue(v.Str)
	case gjson.True, gjson.False:
		return state.BoolValue(v.Bool())
	case gjson.Number:
		if n, err := strconv.ParseInt(v.Raw, 10, 64); err == nil {
			return state.IntValue(n)
		}
		return state.FloatValue(v.Num)
	}
	return state.JSONValue(v.Raw)
}

// same tells whether two values mean the same: a number and a text that holds it, as in a hash, and objects and arrays
// however they are written.
func same(a, b state.Value) bool {
	if a.Kind() == state.Absent || b.Kind() == state.Absent {
		return a.Kind() == b.Kind()
	}
	return alike(parsed(a), parsed(b))
}

// parsed is a value as encoding/json has it; of a text that holds an object or array that.
func parsed(v state.Value) any {
	var out any
	text := v.String()
	if v.Kind() == state.Text {
		if text = strings.TrimSpace(text); text == "" || text[0] != '{' && text[0] != '[' {
			return v.Text()
		}
	}
	d := json.NewDecoder(strings.NewReader(text))
	if d.UseNumber(); d.Decode(&out) != nil {
		return text
	}
	return out
}

func alike(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for name, v := range x {
			if w, there := y[name]; !there || !alike(v, w) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, alike)
	}
	p, q := text(a), text(b)
	_, oneNumber := a.(json.Number)
	_, otherNumber := b.(json.Number)
	return p == q || (oneNumber || otherNumber) && equalNumbers(p, q)
}

// equalNumbers tells whether two texts hold the same number.
func equalNumbers(p, q string) bool {
	i, notInt := strconv.ParseInt(p, 10, 64)
	j, notInt2 := strconv.ParseInt(q, 10, 64)
	if notInt == nil && notInt2 == nil {
		return i == j
	}
	x, wrong := strconv.ParseFloat(p, 64)
	y, wrong2 := strconv.ParseFloat(q, 64)
	return wrong == nil && wrong2 == nil && x == y
}

func text(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case json.Number:
		return x.String()
	}
	return fmt.Sprint(v)
}
