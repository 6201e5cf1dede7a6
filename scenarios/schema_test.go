package scenarios

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"signalbox/scenarios/file"
	"signalbox/scenarios/fold"
	"signalbox/scenarios/script"
)

// validator is the schema as a validator of its own reads it.
func validator(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err == nil {
		err = c.AddResource("domain.schema.json", document)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("domain.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(s *jsonschema.Schema, text []byte) error {
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		return err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		return err
	}
	return s.Validate(document)
}

var yamlBlock = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```")

// domainFiles are all domain files of the tree that have no errors: built in, in documents, in tests of commands.
func domainFiles(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{"whole": []byte(whole), "sound": []byte(sound)}
	for _, pattern := range []string{"library/*.yaml", "../*.md", "../docs/*.md", "../ui/cli/testdata/script/*.txtar"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			switch filepath.Ext(name) {
			case ".yaml":
				all[name] = text
			case ".md":
				for _, block := range yamlBlock.FindAllSubmatch(text, -1) {
					all[name+string(block[1])] = block[1]
				}
			default:
				for _, f := range txtar.Parse(text).Files {
					all[name+" "+f.Name] = f.Data
				}
			}
		}
	}
	maps.DeleteFunc(all, func(_ string, text []byte) bool { return Builtin().Add("x", text) != nil })
	return all
}

// What signalbox takes, the schema takes.
func TestSchemaTakesWhatIsTaken(t *testing.T) {
	s := validator(t)
	files := domainFiles(t)
	if len(files) < 10 {
		t.Fatalf("only %d domain files were found", len(files))
	}
	for name, text := range files {
		if err := valid(s, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A misspelt key is refused wherever it stands, and so is what is missing or of the wrong kind.
func TestSchemaRefuses(t *testing.T) {
	s := validator(t)
	for old, changed := range map[string]string{
		"domain: parcels\n": "", "entity: parcel": "entty: parcel", "  type: data.type": "  typ: data.type", "fold:": "fald:",
		"creates: true": "crates: true", "    to: ready": "    to: 7", "    wire:": "    wir:", "station: news,": "statoin: news,",
		"min: 1": "mim: 1", "type: int": "type: itn", "kind: kv": "kind: vk", "- make: { w": "- say: [{ w",
		"that: status ==": "tat: status ==", "reads: parcels": "read: parcels", "on: Made": "no: Made", "bucket: copies": "buckt: copies",
		"every: 1s": "evry: 1s", "times: 2": "tims: 2", "data: \"?\"": "dat: \"?\"", "vars:": "var:", "domain: parcels": "domain: my parcels",
	} {
		text := strings.Replace(whole, old, changed, 1)
		if text == whole {
			t.Errorf("%q is not in the file", old)
		} else if valid(s, []byte(text)) == nil {
			t.Errorf("%q for %q is taken", changed, old)
		}
	}
}

// Every key that a domain file may have is in the schema, and the schema has no other.
func TestSchemaHasTheKeysThatAreRead(t *testing.T) {
	known, described := map[string]bool{}, map[string]bool{}
	keysRead("", reflect.TypeFor[domainFile](), known)
	var document map[string]any
	if err := json.Unmarshal(Schema(), &document); err != nil {
		t.Fatal(err)
	}
	d := &describing{document: document, keys: described, inside: map[string]bool{}}
	d.walk("", document)
	for _, bus := range truthBuses {
		known["truth."+bus] = true
	}
	for name, section := range map[string]reflect.Type{
		"expect": reflect.TypeFor[script.ExpectSection](), "wait": reflect.TypeFor[script.ExpectSection](), "choose": reflect.TypeFor[script.ChoiceSection](),
		"raw": reflect.TypeFor[script.RawSection](), "repeat": reflect.TypeFor[script.RepeatSection](),
	} {
		keysRead("step."+name, section, known)
	}
	for _, word := range script.Words() {
		known["step."+word] = true
	}
	d.walk("step", d.definition("step"))
	d.walk("step", d.definition("trafficStep"))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(known)), slices.Sorted(maps.Keys(described))); diff != "" {
		t.Errorf("(-read +in the schema)\n%s", diff)
	}
}

// keysRead lists the keys below a type that the loader knows, as paths: fold.*.set.
func keysRead(path string, of reflect.Type, into map[string]bool) {
	switch {
	case of == reflect.TypeFor[file.Text](), of == reflect.TypeFor[file.Texts](), of == reflect.TypeFor[file.Int]():
	case of == reflect.TypeFor[fold.Always]():
		into[path+".fail"], into[path+".reject"] = true, true
	case of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.Struct && strings.HasPrefix(of.Name(), "Map["):
		value, _ := of.Elem().FieldByName("Value")
		keysRead(path+".*", value.Type, into)
	case of.Kind() == reflect.Slice, of.Kind() == reflect.Pointer:
		keysRead(path, of.Elem(), into)
	case strings.HasSuffix(path, ".alone"): // a rule in a rule has the same keys
	case of.Kind() == reflect.Struct:
		if keys, ok := reflect.New(of).Interface().(file.Keys); ok {
			for _, key := range keys.Keys() {
				into[join(path, key)] = true
			}
		}
		for i := range of.NumField() {
			field := of.Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
			switch at := join(path, name); {
			case field.Anonymous:
				keysRead(path, field.Type, into)
			case name == "":
			default:
				into[at] = true
				keysRead(at, field.Type, into)
			}
		}
	}
}

func join(path, name string) string { return strings.TrimPrefix(path+"."+name, ".") }

// describing collects the keys of a schema.
type describing struct {
	document map[string]any
	keys     map[string]bool
	inside   map[string]bool // definitions that are walked through
}

func (d *describing) definition(name string) any {
	return d.document["definitions"].(map[string]any)[name]
}

func (d *describing) walk(path string, node any) {
	schema, ok := node.(map[string]any)
	if !ok {
		return
	}
	if ref, ok := schema["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/definitions/")
		if d.inside[name] || strings.HasSuffix(strings.ToLower(name), "step") {
			return
		}
		d.inside[name] = true
		d.walk(path, d.definition(name))
		delete(d.inside, name)
		return
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, below := range properties {
		d.keys[join(path, name)] = true
		d.walk(join(path, name), below)
	}
	d.walk(path+".*", schema["additionalProperties"])
	d.walk(path, schema["items"])
	choices, _ := schema["anyOf"].([]any)
	for _, choice := range choices {
		d.walk(path, choice)
	}
}

// The words that a key can have are those that the loader names where it is given another.
func TestSchemaHasTheWordsThatAreTaken(t *testing.T) {
	var document struct {
		Definitions struct {
			Field, Station, StandIn struct {
				Properties map[string]struct{ Enum []any }
			}
		}
	}
	if err := json.Unmarshal(Schema(), &document); err != nil {
		t.Fatal(err)
	}
	d := document.Definitions
	for key, c := range map[string]struct {
		enum         []any
		old, changed string
	}{
		"type of a field":   {d.Field.Properties["type"].Enum, "type: int", "type: QQQ"},
		"kind of a station": {d.Station.Properties["kind"].Enum, "kind: kv", "kind: QQQ"},
		"unknown":           {d.StandIn.Properties["unknown"].Enum, "reads: parcels", "reads: parcels\n    unknown: QQQ"},
	} {
		err := (&Library{}).Add("x", []byte(strings.Replace(whole, c.old, c.changed, 1)))
		if err == nil || len(c.enum) < 4 {
			t.Errorf("%s: %v, the schema has %v", key, err, c.enum)
			continue
		}
		line := ""
		for said := range strings.Lines(err.Error()) {
			if strings.Contains(said, "QQQ") {
				line = said
			}
		}
		_, wanted, _ := strings.Cut(line, "want")
		listed := regexp.MustCompile(`[a-z]+`).FindAllString(wanted, -1)
		for _, word := range c.enum {
			if text, ok := word.(string); ok && !slices.Contains(listed, text) {
				t.Errorf("%s: the schema has %s; %s", key, text, line)
			}
		}
		for _, word := range listed {
			if !slices.Contains([]string{"want", "a", "type", "of", "kind", "have", "or"}, word) && !slices.Contains(c.enum, any(word)) {
				t.Errorf("%s: the schema has no %s; %s", key, word, line)
			}
		}
	}
}
