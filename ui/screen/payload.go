package screen

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// PayloadView is a way to look at a payload.
type PayloadView int

// The ways to look at a payload.
const (
	Tree PayloadView = iota
	Raw
	Hex
	PayloadViews // how many there are
)

// String names all three, the one shown in brackets, for the title.
func (v PayloadView) String() string {
	names := []string{"tree", "raw", "hex"}
	names[v] = "[" + names[v] + "]"
	return strings.Join(names, " ")
}

// LayOutPayload breaks a payload into lines of at most so many cells: indented when it is JSON and a tree is wanted, as
// it came otherwise. It may take as long as the payload is large.
func LayOutPayload(data []byte, view PayloadView, width int) []TextLine {
	kind := PlainLine
	if view == Tree {
		var out bytes.Buffer
		if json.Indent(&out, data, "", "  ") == nil {
			data, kind = out.Bytes(), CodeLine
		}
	}
	if len(data) == 0 {
		return []TextLine{{Kind: DimLine, Text: "empty"}}
	}
	var lines []TextLine
	for line := range strings.Lines(string(data)) {
		lines = appendWrapped(lines, kind, strings.TrimRight(line, "\r\n"), width)
	}
	return lines
}

// appendWrapped breaks a line at the width. What follows its first part is drawn as the inside of a text.
func appendWrapped(lines []TextLine, kind LineKind, line string, width int) []TextLine {
	width = max(width, 8)
	if kind == PlainLine {
		line = strings.ReplaceAll(line, "\t", "    ")
	}
	line = Clean(line)
	indent := len(line) - len(strings.TrimLeft(line, " "))
	indent = min(indent+2, width/2)
	for first := true; first || line != ""; first = false {
		room := width
		if !first {
			room -= indent
		}
		head := FirstCells(line, room)
		line = line[len(head):]
		switch {
		case first:
			lines = append(lines, TextLine{Kind: kind, Text: head})
		case kind == CodeLine:
			lines = append(lines, TextLine{Kind: RestLine, Text: strings.Repeat(" ", indent) + head})
		default:
			lines = append(lines, TextLine{Kind: kind, Text: strings.Repeat(" ", indent) + head})
		}
	}
	return lines
}

// HexLines is how many lines of sixteen bytes a payload makes.
func HexLines(data []byte) int { return (len(data) + 15) / 16 }

// HexLine is one line of sixteen bytes: where it starts, the bytes, and the letters among them.
func HexLine(t *Theme, data []byte, i, width int) string {
	part := data[i*16 : min(i*16+16, len(data))]
	l := NewLine(width, "")
	l.Gap(1)
	var offset [4]byte
	for b := range offset {
		offset[b] = byte(uint32(i*16) >> (24 - 8*b))
	}
	l.Put(t.Faint, hex.EncodeToString(offset[:])+"  ")
	for b := range 16 {
		switch {
		case b < len(part):
			l.Put(t.Number, hex.EncodeToString(part[b:b+1])+" ")
		default:
			l.Gap(3)
		}
		if b == 7 {
			l.Gap(1)
		}
	}
	l.Put(t.Faint, " ")
	letters := make([]byte, len(part))
	for b, c := range part {
		letters[b] = c
		if c < ' ' || c > '~' || c >= utf8.RuneSelf {
			letters[b] = '.'
		}
	}
	l.Put(t.Word, string(letters))
	return l.String()
}
