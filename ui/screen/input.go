package screen

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// Input is text being typed: one line or, when Many is set, several. It keeps every rune that it is given, control
// characters and tabs too, for what is typed is sent as it is; only what is drawn is made harmless. This is why it is
// not an input of Bubbles: those replace tabs, drop control characters and draw bidi controls as they are.
type Input struct {
	text    []rune
	At      int // the cursor stands before this rune
	Many    bool
	Focused bool
}

// mostTyped bounds what can be typed or pasted.
const mostTyped = 1 << 20

// NewInput makes an input with text in it and the cursor at its end.
func NewInput(text string) Input {
	in := Input{}
	in.Set(text)
	return in
}

// Value is the text.
func (in *Input) Value() string { return string(in.text) }

// Set replaces the text and puts the cursor at its end.
func (in *Input) Set(text string) {
	in.text, in.At = nil, 0
	in.insert(text)
}

// insert puts text at the cursor. A line takes no line breaks: they become blanks.
func (in *Input) insert(text string) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if !in.Many {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	runes := []rune(text)
	runes = runes[:min(len(runes), max(mostTyped-len(in.text), 0))]
	in.text = slices.Insert(in.text, in.At, runes...)
	in.At += len(runes)
}

// Update takes a key or a paste; it tells whether the text has changed.
func (in *Input) Update(msg tea.Msg) (changed bool) {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		in.insert(msg.Content)
		return msg.Content != ""
	case tea.KeyPressMsg:
		return in.press(msg)
	}
	return false
}

// EditKey is what a key does to a text that is typed.
type EditKey struct {
	Names []string // as Bubble Tea names them
	Help  string
	Many  bool // only where there are several lines
	do    func(*Input)
}

// EditKeys are all of them. Every other key types what it stands for.
var EditKeys = []EditKey{
	{[]string{"left", "ctrl+b"}, "a letter to the left", false, func(in *Input) { in.At = max(in.At-1, 0) }},
	{[]string{"right", "ctrl+f"}, "a letter to the right", false, func(in *Input) { in.At = min(in.At+1, len(in.text)) }},
	{[]string{"alt+b", "ctrl+left", "alt+left"}, "a word to the left", false, func(in *Input) { in.At = in.wordBefore() }},
	{[]string{"alt+f", "ctrl+right", "alt+right"}, "a word to the right", false, func(in *Input) { in.At = in.wordAfter() }},
	{[]string{"ctrl+a", "home"}, "to the beginning of the line", false, func(in *Input) { in.At = in.lineStart() }},
	{[]string{"ctrl+e", "end"}, "to the end of the line", false, func(in *Input) { in.At = in.lineEnd() }},
	{[]string{"up"}, "a line up", true, func(in *Input) { in.line(-1) }},
	{[]string{"down"}, "a line down", true, func(in *Input) { in.line(+1) }},
	{[]string{"enter"}, "a new line", true, func(in *Input) { in.insert("\n") }},
	{[]string{"backspace", "ctrl+h"}, "delete the letter before the cursor", false, func(in *Input) { in.drop(max(in.At-1, 0), in.At) }},
	{[]string{"delete", "ctrl+d"}, "delete the letter under the cursor", false,
		func(in *Input) { in.drop(in.At, min(in.At+1, len(in.text))) }},
	{[]string{"ctrl+w", "alt+backspace"}, "delete the word before the cursor", false, func(in *Input) { in.drop(in.wordBefore(), in.At) }},
	{[]string{"alt+d", "alt+delete"}, "delete the word after the cursor", false, func(in *Input) { in.drop(in.At, in.wordAfter()) }},
	{[]string{"ctrl+u"}, "delete all before the cursor", false, func(in *Input) { in.drop(in.lineStart(), in.At) }},
	{[]string{"ctrl+k"}, "delete all after the cursor", false, func(in *Input) { in.drop(in.At, in.lineEnd()) }},
}

// press takes a key.
func (in *Input) press(k tea.KeyPressMsg) (changed bool) {
	was, name := len(in.text), k.Keystroke()
	for i := range EditKeys {
		if e := &EditKeys[i]; slices.Contains(e.Names, name) && (in.Many || !e.Many) {
			e.do(in)
			return len(in.text) != was
		}
	}
	in.insert(k.Text)
	return len(in.text) != was
}

// drop removes the runes from (inclusive) to (exclusive) and leaves the cursor there.
func (in *Input) drop(from, to int) {
	in.text = slices.Delete(in.text, from, to)
	in.At = from
}

func (in *Input) wordBefore() int {
	i := in.At
	for i > 0 && !isWord(in.text[i-1]) {
		i--
	}
	for i > 0 && isWord(in.text[i-1]) {
		i--
	}
	return i
}

func (in *Input) wordAfter() int {
	i := in.At
	for i < len(in.text) && !isWord(in.text[i]) {
		i++
	}
	for i < len(in.text) && isWord(in.text[i]) {
		i++
	}
	return i
}

// isWord tells letters of a word from what stands between words, such as the dots of a subject.
func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

func (in *Input) lineStart() int {
	i := in.At
	for i > 0 && in.text[i-1] != '\n' {
		i--
	}
	return i
}

func (in *Input) lineEnd() int {
	i := in.At
	for i < len(in.text) && in.text[i] != '\n' {
		i++
	}
	return i
}

// line moves the cursor a line up or down, to the same column as far as there is one.
func (in *Input) line(by int) {
	column := in.At - in.lineStart()
	switch {
	case by < 0 && in.lineStart() > 0:
		in.At = in.lineStart() - 1
	case by > 0 && in.lineEnd() < len(in.text):
		in.At = in.lineEnd() + 1
	default:
		return
	}
	start := in.lineStart()
	in.At = start
	in.At = min(start+column, in.lineEnd())
}

// Row is the line that the cursor is on, and its column there.
func (in *Input) Row() (row, column int) {
	for _, r := range in.text[:in.At] {
		if column++; r == '\n' {
			row, column = row+1, 0
		}
	}
	return row, column
}

// Draw draws one line being typed over what is left of a row: the text, the cursor, and in faint what could follow.
func (in *Input) Draw(l *Line, t *Theme, hint string) {
	DrawTyped(l, t, in.text, in.At, in.Focused, hint)
}

// DrawTyped draws typed text with the cursor before a rune of it. What was pasted is made as harmless as all else.
func DrawTyped(l *Line, t *Theme, typed []rune, at int, focused bool, hint string) {
	seen := typed[max(at-4*l.left-16, 0):at] // no more than could be drawn, however long the text is
	before, under, after := Clean(string(seen)), " ", ""
	if at < len(typed) {
		under, after = Clean(string(typed[at:at+1])), CleanUpTo(string(typed[at+1:]), l.left)
	}
	if room := l.left - 1 - Cells(under); Cells(before) > room {
		before = lastCells(before, room)
	}
	l.Put(t.Text, before)
	if focused {
		l.Tag("7", under)
	} else {
		l.Put(t.Text, under)
	}
	l.Put(t.Text, after)
	if at == len(typed) {
		l.Put(t.Faint, Clean(hint))
	}
}
