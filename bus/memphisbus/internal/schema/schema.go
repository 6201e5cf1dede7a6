// Package schema is what Memphis tells of the schema that payloads of a station must fit, and whether one does. JSON schemas
// are checked; of protobuf, Avro and GraphQL ones it is said that they are not, and nothing is refused for them. It holds no state;
// any goroutine may call it, and nothing waits.
package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Schema is the schema of a station. The zero one is none.
type Schema struct {
	Name    string
	Type    string // json, protobuf, avro or graphql
	Version int
	Content string

	compiled *jsonschema.Schema // of a JSON schema
	wrong    error              // why there is none
}

// None tells whether payloads may be anything.
func (s *Schema) None() bool { return s.Name == "" && s.Type == "" }

// String is the schema in words: "ballots (json, version 2)".
func (s *Schema) String() string {
	return s.Name + " (" + s.Type + ", version " + strconv.Itoa(s.Version) + ")"
}

// Read reads what Memphis tells of a schema, to producers and in updates.
func Read(data []byte) (Schema, error) {
	if len(data) == 0 {
		return Schema{}, nil
	}
	var told struct {
		Name   string `json:"schema_name"`
		Type   string `json:"type"`
		Active struct {
			Version int    `json:"version_number"`
			Content string `json:"schema_content"`
		} `json:"active_version"`
	}
	if err := json.Unmarshal(data, &told); err != nil {
		return Schema{}, fmt.Errorf("read a schema of Memphis: %w", err)
	}
	s := Schema{Name: told.Name, Type: told.Type, Version: told.Active.Version, Content: told.Active.Content}
	if s.Type == "json" {
		s.compiled, s.wrong = compile(s.Content)
	}
	return s, nil
}

// Update reads what Memphis sends when the schema of a station is attached or detached.
func Update(data []byte) (Schema, error) {
	const attached, detached = 1, 2
	var update struct {
		UpdateType int
		Init       json.RawMessage `json:"init"`
	}
	if err := json.Unmarshal(data, &update); err != nil {
		return Schema{}, fmt.Errorf("read an update of a schema of Memphis: %w", err)
	}
	switch update.UpdateType {
	case attached:
		return Read(update.Init)
	case detached:
		return Schema{}, nil
	}
	return Schema{}, fmt.Errorf("read an update of a schema of Memphis: %d is no kind of one", update.UpdateType)
}

// where names the schema for the library, which loads nothing by it.
const where = "memphis:///schema"

func compile(content string) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(content)))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(nothing{})
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource(where, doc); err != nil {
		return nil, err
	}
	return c.Compile(where)
}

// nothing loads no schema by its address: who is asked for it would learn of it.
type nothing struct{}

func (nothing) Load(url string) (any, error) {
	return nil, errors.New(url + " is another schema, which is not loaded")
}

// Unchecked says why payloads are not checked against the schema; "" where they are, or there is none.
func (s *Schema) Unchecked() string {
	switch {
	case s.None() || s.compiled != nil:
		return ""
	case s.wrong != nil:
		return "the schema " + s.String() + " cannot be checked: " + s.wrong.Error()
	}
	return "the schema " + s.String() + " is not checked: only JSON schemas are"
}

// Check says what of a payload does not fit the schema. What cannot be checked fits.
func (s *Schema) Check(payload []byte) error {
	if s.compiled == nil {
		return nil
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(payload))
	if err != nil {
		return fmt.Errorf("it is no JSON: %w", err)
	}
	var unfit *jsonschema.ValidationError
	if err := s.compiled.Validate(value); errors.As(err, &unfit) {
		return errors.New(first(unfit))
	} else if err != nil {
		return err
	}
	return nil
}

// first is the innermost first thing that does not fit: "/rating: maximum: got 9, want 5".
var printer = message.NewPrinter(language.English)

func first(e *jsonschema.ValidationError) string {
	for len(e.Causes) > 0 {
		e = e.Causes[0]
	}
	place := ""
	for _, part := range e.InstanceLocation {
		place += "/" + part
	}
	text := e.ErrorKind.LocalizedString(printer)
	if place == "" {
		return text
	}
	return place + ": " + text
}
