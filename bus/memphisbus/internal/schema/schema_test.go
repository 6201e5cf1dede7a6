package schema

import (
	"strings"
	"testing"
)

// told is what Memphis 1.4.4 tells a producer of a schema.
const told = `{"schema_name":"ballot-schema","active_version":{"version_number":1,"descriptor":"","schema_content":"{\"$id\":\"x\",\"type\":\"object\",\"required\":[\"election_id\"],\"properties\":{\"election_id\":{\"type\":\"string\"},\"rating\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":5}}}\n","message_struct_name":""},"type":"json"}`

func TestCheck(t *testing.T) {
	s, err := Read([]byte(told))
	if err != nil || s.String() != "ballot-schema (json, version 1)" || s.Unchecked() != "" {
		t.Fatalf("%+v, %v", s, err)
	}
	for payload, want := range map[string]string{
		`{"election_id":"e-1","rating":5}`: "",
		`{"election_id":"e-1"}`:            "",
		`{"election_id":"e-1","rating":9}`: "/rating: maximum: got 9, want 5",
		`{"rating":3}`:                     "missing property 'election_id'",
		`election_id=e-1`:                  "it is no JSON",
	} {
		err := s.Check([]byte(payload))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", payload, err, want)
		}
	}
}

// What is not checked refuses nothing, and says so.
func TestUnchecked(t *testing.T) {
	for text, want := range map[string]string{
		`{"schema_name":"av","active_version":{"version_number":2,"schema_content":"{\"type\":\"record\"}"},"type":"avro"}`:                "the schema av (avro, version 2) is not checked: only JSON schemas are",
		`{"schema_name":"pb","active_version":{"version_number":1,"descriptor":"Cg=="},"type":"protobuf"}`:                                 "the schema pb (protobuf, version 1) is not checked",
		`{"schema_name":"bad","active_version":{"version_number":1,"schema_content":"{"},"type":"json"}`:                                   "the schema bad (json, version 1) cannot be checked",
		`{"schema_name":"far","active_version":{"version_number":1,"schema_content":"{\"$ref\":\"http://127.0.0.1:1/s\"}"},"type":"json"}`: "which is not loaded",
		`{"schema_name":"","active_version":{"version_number":0,"descriptor":"","schema_content":"","message_struct_name":""},"type":""}`:  "",
		``: "",
	} {
		s, err := Read([]byte(text))
		if err != nil || !strings.Contains(s.Unchecked(), want) || want == "" && (s.Unchecked() != "" || !s.None()) {
			t.Errorf("%s: %q, %v, want %q", text, s.Unchecked(), err, want)
		}
		if err := s.Check([]byte("{")); err != nil {
			t.Errorf("%s refuses something: %v", text, err)
		}
	}
}

func TestUpdate(t *testing.T) {
	s, err := Update([]byte(`{"UpdateType":1,"init":` + told + `}`))
	if err != nil || s.Name != "ballot-schema" || s.Check([]byte("{}")) == nil {
		t.Errorf("attached: %+v, %v", s, err)
	}
	s, err = Update([]byte(`{"UpdateType":2,"init":{"schema_name":"","active_version":{"version_number":0},"type":""}}`))
	if err != nil || !s.None() {
		t.Errorf("detached: %+v, %v", s, err)
	}
	if _, err := Update([]byte(`{"UpdateType":3}`)); err == nil {
		t.Error("an update of no kind is read")
	}
}

// Whatever a broker tells of a schema, and whatever a payload is, both are read or refused.
func FuzzSchema(f *testing.F) {
	f.Add([]byte(told), []byte(`{"election_id":"e-1","rating":5}`))
	f.Add([]byte(`{"UpdateType":1,"init":`+told+`}`), []byte(`{}`))
	f.Add([]byte(`{"schema_name":"x","type":"json","active_version":{"schema_content":"{\"$ref\":\"#\"}"}}`), []byte(`[[[]]]`))
	f.Add([]byte(`{"schema_name":"x","type":"json","active_version":{"schema_content":"{\"pattern\":\"(a+)+$\"}"}}`), []byte(`"aaaaaaaaaaaaaaaa!"`))
	f.Fuzz(func(t *testing.T, told, payload []byte) {
		for _, read := range []func([]byte) (Schema, error){Read, Update} {
			if s, err := read(told); err == nil {
				_ = s.Check(payload)
				if s.Unchecked() != "" && s.Check(payload) != nil {
					t.Error("what is not checked is refused")
				}
			}
		}
	})
}
