package forms

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// What of a payload is looked through for texts that hold JSON, and how many are edited as such.
const (
	mostLookedAt = 2000 // values
	mostNested   = 32
)

// place is a value in JSON: by its path, as gjson writes them, and where it stands.
type place struct {
	path       string
	start, end int
	text       string // what is to stand there
}

// withNested writes the texts of a payload that hold JSON objects or arrays as these, so that they can be edited, and says where
// they are. What is no JSON is returned as it is.
func withNested(data []byte) (edited []byte, paths []string) {
	if !json.Valid(data) {
		return data, nil
	}
	var found []place
	looked := 0
	var look func(path string, v gjson.Result)
	look = func(path string, v gjson.Result) {
		if looked++; looked > mostLookedAt || len(found) == mostNested {
			return
		}
		switch {
		case v.IsObject():
			v.ForEach(func(name, x gjson.Result) bool {
				look(joined(path, gjson.Escape(name.String())), x)
				return looked <= mostLookedAt
			})
		case v.IsArray():
			for i, x := range v.Array() {
				look(joined(path, strconv.Itoa(i)), x)
			}
		case v.Type == gjson.String && holdsJSON(v.Str):
			if at := gjson.GetBytes(data, path); path != "" && at.Raw == v.Raw && at.Index > 0 {
				found = append(found, place{path, at.Index, at.Index + len(at.Raw), v.Str})
			}
		}
	}
	look("", gjson.ParseBytes(data))
	for i := range found {
		paths = append(paths, found[i].path)
	}
	return replaced(data, found), paths
}

// withTexts is what was edited with its JSON at some paths as texts again, as it is sent. A value that is no object or array any
// more stays as it is.
func withTexts(edited []byte, paths []string) []byte {
	var found []place
	for _, path := range paths {
		if v := gjson.GetBytes(edited, path); v.Index > 0 && (v.IsObject() || v.IsArray()) {
			found = append(found, place{path, v.Index, v.Index + len(v.Raw), quoted(string(compact(v.Raw)))})
		}
	}
	return replaced(edited, found)
}

// replaced is JSON with other texts at some places.
func replaced(data []byte, at []place) []byte {
	slices.SortFunc(at, func(a, b place) int { return a.start - b.start })
	var out bytes.Buffer
	done := 0
	for _, p := range at {
		if p.start < done {
			continue
		}
		out.Write(data[done:p.start])
		out.WriteString(p.text)
		done = p.end
	}
	out.Write(data[done:])
	return out.Bytes()
}

func joined(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// holdsJSON tells whether a text is an object or an array of JSON.
func holdsJSON(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && (text[0] == '{' || text[0] == '[') && json.Valid([]byte(text))
}

// quoted is a text as JSON.
func quoted(text string) string {
	var out bytes.Buffer
	form := json.NewEncoder(&out)
	form.SetEscapeHTML(false)
	if form.Encode(text) != nil {
		return `""`
	}
	return strings.TrimSuffix(out.String(), "\n")
}
