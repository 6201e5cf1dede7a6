package forms

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signalbox/bus/bustest/hostile"
)

func TestTextsThatHoldJSONAreEditedAsJSON(t *testing.T) {
	tests := []struct {
		data, edited string
		paths        []string
	}{
		{`{"event_tag": "ORDER_PLACED", "payload": "{\"order_id\": 1, \"tags\": []}"}`,
			`{"event_tag": "ORDER_PLACED", "payload": {"order_id": 1, "tags": []}}`, []string{"payload"}},
		{`[{"a.b":"[1]"},"{}"]`, `[{"a.b":[1]},{}]`, []string{`0.a\.b`, "1"}},
		{`{"text":"{no json","number":"1","word":"\"x\""}`, `{"text":"{no json","number":"1","word":"\"x\""}`, nil},
		{`"{}"`, `"{}"`, nil}, // all of the payload is a text
		{`no json`, `no json`, nil},
	}
	for _, test := range tests {
		edited, paths := withNested([]byte(test.data))
		if diff := cmp.Diff(test.edited, string(edited)); diff != "" {
			t.Errorf("%s:\n%s", test.data, diff)
		}
		if diff := cmp.Diff(test.paths, paths); diff != "" {
			t.Errorf("%s:\n%s", test.data, diff)
		}
	}
	sent := withTexts([]byte(`{ "payload": { "order_id": 2, "note": "<&>" }, "x": 1 }`), []string{"payload", "gone"})
	if want := `{ "payload": "{\"order_id\":2,\"note\":\"<&>\"}", "x": 1 }`; string(sent) != want {
		t.Errorf("%s is sent, want %s", sent, want)
	}
	sent = withTexts([]byte(`{"payload":"typed as a text"}`), []string{"payload"})
	if string(sent) != `{"payload":"typed as a text"}` {
		t.Errorf("%s is sent", sent)
	}
}

// Whatever a payload is, what is edited and not changed means the same when it is sent.
func FuzzNested(f *testing.F) {
	for _, p := range hostile.Payloads() {
		f.Add([]byte(p.Text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > mostEdited {
			return
		}
		edited, paths := withNested(data)
		if len(paths) == 0 {
			if string(edited) != string(data) {
				t.Fatalf("%q became %q", data, edited)
			}
			return
		}
		var before, after any
		if json.Unmarshal(data, &before) != nil || json.Unmarshal(withTexts(edited, paths), &after) != nil {
			t.Fatalf("%q is edited as %q, and sent as what is no JSON", data, edited)
		}
		if !reflect.DeepEqual(unspaced(before), unspaced(after)) {
			t.Fatalf("%q is edited as %q and sent as %q", data, edited, withTexts(edited, paths))
		}
	})
}

// unspaced is a value whose texts that hold JSON are written without white space.
func unspaced(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = unspaced(v[name])
		}
	case []any:
		for i := range v {
			v[i] = unspaced(v[i])
		}
	case string:
		if holdsJSON(v) {
			return string(compact(v))
		}
	}
	return v
}
