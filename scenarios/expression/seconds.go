package expression

import (
	"strconv"
	"strings"
	"time"
)

// span is a stretch that seconds wrote anew: where it ends in the new text, and how much longer it was before.
type span struct{ end, shift int }

// seconds writes durations, such as 5m or 1h30m, as the number of seconds they last, which is what age and the like are
// measured in. Text in quotes stays as it is.
func seconds(text string) (string, []span) {
	if !strings.ContainsAny(text, "smh") {
		return text, nil
	}
	var out strings.Builder
	var spans []span
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '"' || c == '\'' || c == '`':
			end := quoted(text, i)
			out.WriteString(text[i:end])
			i = end
		case isWord(c):
			end := i
			for end < len(text) && (isWord(text[end]) || text[end] == '.' && c <= '9') {
				end++
			}
			word := text[i:end]
			if d, err := time.ParseDuration(word); err == nil && c <= '9' && word != "0" {
				out.WriteString(strconv.FormatFloat(d.Seconds(), 'f', -1, 64))
				spans = append(spans, span{end: out.Len(), shift: end - out.Len()})
			} else {
				out.WriteString(word)
			}
			i = end
		default:
			out.WriteByte(c)
			i++
		}
	}
	return out.String(), spans
}

// original is where in the text somebody typed an offset of the new text lies.
func original(spans []span, offset int) int {
	shift := 0
	for _, s := range spans {
		if s.end <= offset {
			shift = s.shift
		}
	}
	return offset + shift
}

// quoted finds the end of the quoted text that begins at i.
func quoted(text string, i int) int {
	for j := i + 1; j < len(text); j++ {
		switch {
		case text[j] == '\\' && text[i] != '`':
			j++
		case text[j] == text[i]:
			return j + 1
		}
	}
	return len(text)
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}
