package state

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// What is nested deeper than readers of JSON take, and what is no UTF-8, is written as a text, as in events.
func TestWhatReadersOfJSONDoNotTakeIsAText(t *testing.T) {
	for text, want := range map[string]bool{
		strings.Repeat("[", 250) + strings.Repeat("]", 250):       false,
		strings.Repeat("[", 251) + strings.Repeat("]", 251):       true,
		strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000): true,
		"[\"\xff\"]":             true,
		"[NaN]":                  true,
		`{"a": [1, 1e400, "x"]}`: false,
	} {
		line := JSONValue(text).AppendJSON(nil)
		if is := line[0] == '"'; is != want || !json.Valid(line) || !utf8.Valid(line) {
			t.Errorf("%.40q is written as %.40q", text, line)
		}
	}
}
