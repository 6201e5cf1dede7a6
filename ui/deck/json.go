package deck

import "strings"

// code colours one line of indented JSON: the name, then the value.
func code(l *line, t *theme, text string) {
	body := strings.TrimLeft(text, " ")
	l.gap(len(text) - len(body))
	if body != "" && body[0] == '"' {
		if end := quoted(body); end < len(body) && body[end] == ':' {
			l.put(t.name, body[:end])
			l.put(t.dim, ": ")
			body = strings.TrimPrefix(body[end+1:], " ")
		}
	}
	comma := ""
	if rest, ok := strings.CutSuffix(body, ","); ok {
		body, comma = rest, ","
	}
	l.put(jsonStyle(t, body), body)
	l.put(t.dim, comma)
}

// jsonStyle is the style of a value by its first letter.
func jsonStyle(t *theme, value string) style {
	if value == "" {
		return t.text
	}
	switch c := value[0]; {
	case c == '"':
		return t.word
	case c == '-' || c >= '0' && c <= '9' || c == 't' || c == 'f':
		return t.number
	}
	return t.dim
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
