package deck

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// input is text being typed: one line or, when many is set, several.
type input struct {
	text    []rune
	at      int // the cursor stands before this rune
	many    bool
	focused bool
}

// mostTyped bounds what can be typed or pasted.
const mostTyped = 1 << 20

// newInput makes an input with text in it and the cursor at its end.
func newInput(text string) input {
	in := input{}
	in.set(text)
	return in
}

func (in *input) value() string { return string(in.text) }

// set replaces the text and puts the cursor at its end.
func (in *input) set(text string) {
	in.text, in.at = nil, 0
	in.insert(text)
}

// insert puts text at the cursor. A line takes no line breaks: they become blanks.
func (in *input) insert(text string) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if !in.many {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	runes := []rune(text)
	runes = runes[:min(len(runes), max(mostTyped-len(in.text), 0))]
	in.text = slices.Insert(in.text, in.at, runes...)
	in.at += len(runes)
}

// update takes a key or a paste; it tells whether the text has changed.
func (in *input) update(msg tea.Msg) (changed bool) {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		in.insert(msg.Content)
		return msg.Content != ""
	case tea.KeyPressMsg:
		return in.press(msg)
	}
	return false
}

func (in *input) press(k tea.KeyPressMsg) (changed bool) {
	was := len(in.text)
	switch k.Keystroke() {
	case "left", "ctrl+b":
		in.at = max(in.at-1, 0)
	case "right", "ctrl+f":
		in.at = min(in.at+1, len(in.text))
	case "ctrl+left", "alt+left", "alt+b":
		in.at = in.wordBefore()
	case "ctrl+right", "alt+right", "alt+f":
		in.at = in.wordAfter()
	case "home", "ctrl+a":
		in.at = in.lineStart()
	case "end", "ctrl+e":
		in.at = in.lineEnd()
	case "up":
		in.line(-1)
	case "down":
		in.line(+1)
	case "backspace", "ctrl+h":
		in.drop(max(in.at-1, 0), in.at)
	case "delete", "ctrl+d":
		in.drop(in.at, min(in.at+1, len(in.text)))
	case "ctrl+w", "alt+backspace":
		in.drop(in.wordBefore(), in.at)
	case "ctrl+u":
		in.drop(in.lineStart(), in.at)
	case "ctrl+k":
		in.drop(in.at, in.lineEnd())
	case "enter":
		if in.many {
			in.insert("\n")
		}
	default:
		in.insert(k.Text)
	}
	return len(in.text) != was
}

// drop removes the runes from (inclusive) to (exclusive) and leaves the cursor there.
func (in *input) drop(from, to int) {
	in.text = slices.Delete(in.text, from, to)
	in.at = from
}

func (in *input) wordBefore() int {
	i := in.at
	for i > 0 && !isWord(in.text[i-1]) {
		i--
	}
	for i > 0 && isWord(in.text[i-1]) {
		i--
	}
	return i
}

func (in *input) wordAfter() int {
	i := in.at
	for i < len(in.text) && !isWord(in.text[i]) {
		i++
	}
	for i < len(in.text) && isWord(in.text[i]) {
		i++
	}
	return i
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

func (in *input) lineStart() int {
	i := in.at
	for i > 0 && in.text[i-1] != '\n' {
		i--
	}
	return i
}

func (in *input) lineEnd() int {
	i := in.at
	for i < len(in.text) && in.text[i] != '\n' {
		i++
	}
	return i
}

// line moves the cursor a line up or down, to the same column as far as there is one.
func (in *input) line(by int) {
	column := in.at - in.lineStart()
	switch {
	case by < 0 && in.lineStart() > 0:
		in.at = in.lineStart() - 1
	case by > 0 && in.lineEnd() < len(in.text):
		in.at = in.lineEnd() + 1
	default:
		return
	}
	start := in.lineStart()
	in.at = start
	in.at = min(start+column, in.lineEnd())
}

// row is the line that the cursor is on, and its column there.
func (in *input) row() (row, column int) {
	for _, r := range in.text[:in.at] {
		if column++; r == '\n' {
			row, column = row+1, 0
		}
	}
	return row, column
}

// draw draws one line being typed over what is left of a row: the text, the cursor, and in faint what could follow.
func (in *input) draw(l *line, t *theme, hint string) {
	drawTyped(l, t, in.text, in.at, in.focused, hint)
}

// drawTyped draws typed text with the cursor before a rune of it. What was pasted is made as harmless as all else.
func drawTyped(l *line, t *theme, typed []rune, at int, focused bool, hint string) {
	before, under, after := clean(string(typed[:at])), " ", ""
	if at < len(typed) {
		under, after = clean(string(typed[at:at+1])), cleanUpTo(string(typed[at+1:]), l.left)
	}
	if room := l.left - 1 - cells(under); cells(before) > room {
		before = lastCells(before, room)
	}
	l.put(t.text, before)
	if focused {
		l.tag("7", under)
	} else {
		l.put(t.text, under)
	}
	l.put(t.text, after)
	if at == len(typed) {
		l.put(t.faint, clean(hint))
	}
}
