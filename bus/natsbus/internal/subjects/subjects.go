// Package subjects compares NATS subjects, which are words joined by dots, with wildcards: * stands for one word, > for all
// that follow. Its functions only look at text.
package subjects

import (
	"errors"
	"slices"
	"strings"
)

// Matches tells whether a filter takes a subject.
func Matches(filter, subject string) bool {
	for {
		want, filterRest, more := strings.Cut(filter, ".")
		if want == ">" {
			return true
		}
		got, subjectRest, further := strings.Cut(subject, ".")
		if want != "*" && want != got || more != further {
			return false
		}
		if !more {
			return true
		}
		filter, subject = filterRest, subjectRest
	}
}

// AnyMatches tells whether one of several filters takes a subject.
func AnyMatches(filters []string, subject string) bool {
	return slices.ContainsFunc(filters, func(f string) bool { return Matches(f, subject) })
}

// Read tells whether a consumer with such filters gets messages of a subject; without any it gets all.
func Read(filters []string, subject string) bool {
	return len(filters) == 0 || AnyMatches(filters, subject)
}

// Cover tells whether all that goes to a subject, which may have wildcards, goes to one of several others, too.
func Cover(others []string, subject string) bool {
	return slices.ContainsFunc(others, func(other string) bool {
		return Matches(other, subject) && (strings.HasSuffix(other, ">") || !strings.HasSuffix(subject, ">"))
	})
}

// HasWildcard tells whether a subject stands for several.
func HasWildcard(subject string) bool { return strings.ContainsAny(subject, "*>") }

// FirstExact is the first of several subjects that has no wildcard, or "".
func FirstExact(several []string) string {
	for _, subject := range several {
		if !HasWildcard(subject) {
			return subject
		}
	}
	return ""
}

// Check tells what is wrong with the form of a subject.
func Check(subject string) error {
	words := strings.Split(subject, ".")
	for i, word := range words {
		switch {
		case word == "":
			return errors.New("a subject is words joined by dots, none of them empty")
		case strings.ContainsAny(word, " \t\r\n"):
			return errors.New("a subject holds no blanks")
		case word == ">" && i < len(words)-1:
			return errors.New("> stands for all that follows: it can only come last")
		}
	}
	return nil
}

// sessionWord begins the word that tells the inboxes of a session of signalbox from those of others; behind it stand the
// sessionLetters of the session.
const (
	sessionWord    = "signalbox-"
	sessionLetters = 22
)

// SessionInboxes is what the inboxes of a session begin with, which is told by an id of 22 letters and digits.
func SessionInboxes(prefix, id string) string { return prefix + "." + sessionWord + id }

// OfSession tells whether a subject is an inbox of a session of signalbox.
func OfSession(subject string) bool {
	at := strings.Index(subject, "."+sessionWord)
	if at <= 0 {
		return false
	}
	rest := subject[at+1+len(sessionWord):]
	return len(rest) > sessionLetters && strings.IndexByte(rest, '.') == sessionLetters
}

// TakesInboxes tells whether a subject matches inboxes of other clients, which are _INBOX.<client>[.<request>].
func TakesInboxes(subject string) bool {
	first, rest, more := strings.Cut(subject, ".")
	switch first {
	case ">":
		return true
	case "*", "_INBOX":
		return more && strings.Trim(rest, "*>.") == ""
	default:
		return false
	}
}
