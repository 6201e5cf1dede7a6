package screen

import "strings"

// PutJSON colours one line of indented JSON: the name, then the value.
func PutJSON(l *Line, t *Theme, text string) {
	body := strings.TrimLeft(text, " ")
	l.Gap(len(text) - len(body))
	if body != "" && body[0] == '"' {
		if end := quoted(body); end < len(body) && body[end] == ':' {
			l.Put(t.Name, body[:end])
			l.Put(t.Dim, ": ")
			body = strings.TrimPrefix(body[end+1:], " ")
		}
	}
	comma := ""
	if rest, ok := strings.CutSuffix(body, ","); ok {
		body, comma = rest, ","
	}
	l.Put(jsonStyle(t, body), body)
	l.Put(t.Dim, comma)
}

// jsonStyle is the style of a value by its first letter.
func jsonStyle(t *Theme, value string) Style {
	if value == "" {
		return t.Text
	}
	switch c := value[0]; {
	case c == '"':
		return t.Word
	case c == '-' || c >= '0' && c <= '9' || c == 't' || c == 'f':
		return t.Number
	}
	return t.Dim
}

// quoted is the length of the JSON text that body begins with.
func quoted(body string) int {
	for i := 1; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(body)
}
