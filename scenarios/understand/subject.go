package understand

import (
	"strings"
	"unicode/utf8"

	"signalbox/sources"
)

// separators part the words of a subject, a channel or a key.
const separators = ".:/"

// words calls yield with each word of a subject, until it returns false.
func words(subject string, yield func(string) bool) {
	for len(subject) > 0 {
		word := subject
		if i := strings.IndexAny(subject, separators); i >= 0 {
			word, subject = subject[:i], subject[i+1:]
		} else {
			subject = ""
		}
		if word != "" && !yield(word) {
			return
		}
	}
}

// lastWord is the last word of a subject that is no id, be it that it looks like one or that isID knows.
func lastWord(subject string, isID func(string) bool) (last string) {
	words(subject, func(word string) bool {
		if !idLike(word) && !isID(word) {
			last = word
		}
		return true
	})
	return last
}

// firstWord is the first word of a subject that is no id.
func firstWord(subject string) (first string) {
	words(subject, func(word string) bool {
		if !idLike(word) {
			first = word
		}
		return first == ""
	})
	return first
}

// subjectID is the first word of a subject that looks like an id, and the word before it, which tells of what.
func subjectID(subject string) (kind, id string) {
	before := ""
	words(subject, func(word string) bool {
		if before != "" && idLike(word) {
			kind, id = before, word
			return false
		}
		before = word
		return true
	})
	return kind, id
}

// lastID is the last word of a text, whatever it looks like, and the word before it.
func lastID(subject string) (kind, id string) {
	words(subject, func(word string) bool {
		kind, id = id, word
		return true
	})
	return kind, id
}

// ceSubject is the subject attribute of a CloudEvent, with the kind before it where it names none itself.
func ceSubject(e *sources.Event, f *payloadMembers) string {
	subject := e.Headers.First(subjectHeaders)
	if subject == "" && f.member[specVersion] != "" {
		subject = idText(f.member[subjectField])
	}
	if subject == "" || strings.ContainsAny(subject, separators) {
		return subject
	}
	return f.hint(e) + "/" + subject
}

// idLike tells whether a word looks like an id: a number, a UUID, a ULID, a hash, or a name with a number: o-1.
func idLike(word string) bool {
	if digits(word) {
		return true
	}
	number, alone := false, true
	for i := range len(word) {
		c := word[i]
		number = number || '0' <= c && c <= '9'
		alone = alone && ('0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '-' || c == '_')
	}
	if !number || !alone {
		return false
	}
	if len(word) >= 16 {
		return true
	}
	i := strings.LastIndexAny(word, "-_")
	return i > 0 && digits(word[i+1:])
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// singular is a noun for one of what a noun names: deliveries is delivery, orders is order.
func singular(noun string) string {
	noun = strings.ToLower(noun)
	switch {
	case strings.HasSuffix(noun, "ies") && len(noun) > 4:
		return noun[:len(noun)-3] + "y"
	case strings.HasSuffix(noun, "ss"), strings.HasSuffix(noun, "us"), strings.HasSuffix(noun, "is"), len(noun) < 4:
		return noun
	}
	return strings.TrimSuffix(noun, "s")
}

// keyPattern is the keys that a key is one of: "delivery:*" for "delivery:01HX".
func keyPattern(key string) string {
	if i := strings.LastIndexByte(key, ':'); i >= 0 {
		return key[:i+1] + "*"
	}
	return "*"
}

// clip cuts a text to a length, between two letters.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
