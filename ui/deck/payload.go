package deck

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// payloadView is a way to look at a payload.
type payloadView int

const (
	treeView payloadView = iota
	rawView
	hexView
	payloadViews
)

// String names all three, the one shown in brackets, for the title.
func (v payloadView) String() string {
	names := []string{"tree", "raw", "hex"}
	names[v] = "[" + names[v] + "]"
	return strings.Join(names, " ")
}

// layOutPayload breaks a payload into lines of at most so many cells: indented when it is JSON and a tree is wanted, as
// it came otherwise. It may take as long as the payload is large.
func layOutPayload(data []byte, view payloadView, width int) []textLine {
	kind := plainLine
	if view == treeView {
		var out bytes.Buffer
		if json.Indent(&out, data, "", "  ") == nil {
			data, kind = out.Bytes(), codeLine
		}
	}
	if len(data) == 0 {
		return []textLine{{kind: dimLine, text: "empty"}}
	}
	var lines []textLine
	for line := range strings.Lines(string(data)) {
		lines = appendWrapped(lines, kind, strings.TrimRight(line, "\r\n"), width)
	}
	return lines
}

// appendWrapped breaks a line at the width. What follows its first part is drawn as the inside of a text.
func appendWrapped(lines []textLine, kind kindOfLine, line string, width int) []textLine {
	width = max(width, 8)
	if kind == plainLine {
		line = strings.ReplaceAll(line, "\t", "    ")
	}
	line = clean(line)
	indent := len(line) - len(strings.TrimLeft(line, " "))
	indent = min(indent+2, width/2)
	for first := true; first || line != ""; first = false {
		room := width
		if !first {
			room -= indent
		}
		head := firstCells(line, room)
		line = line[len(head):]
		switch {
		case first:
			lines = append(lines, textLine{kind: kind, text: head})
		case kind == codeLine:
			lines = append(lines, textLine{kind: restLine, text: strings.Repeat(" ", indent) + head})
		default:
			lines = append(lines, textLine{kind: kind, text: strings.Repeat(" ", indent) + head})
		}
	}
	return lines
}

// hexLines is how many lines of sixteen bytes a payload makes.
func hexLines(data []byte) int { return (len(data) + 15) / 16 }

// hexLine is one line of sixteen bytes: where it starts, the bytes, and the letters among them.
func hexLine(t *theme, data []byte, i, width int) string {
	part := data[i*16 : min(i*16+16, len(data))]
	l := newLine(width, "")
	l.gap(1)
	var offset [4]byte
	for b := range offset {
		offset[b] = byte(uint32(i*16) >> (24 - 8*b))
	}
	l.put(t.faint, hex.EncodeToString(offset[:])+"  ")
	for b := range 16 {
		switch {
		case b < len(part):
			l.put(t.number, hex.EncodeToString(part[b:b+1])+" ")
		default:
			l.gap(3)
		}
		if b == 7 {
			l.gap(1)
		}
	}
	l.put(t.faint, " ")
	letters := make([]byte, len(part))
	for b, c := range part {
		letters[b] = c
		if c < ' ' || c > '~' || c >= utf8.RuneSelf {
			letters[b] = '.'
		}
	}
	l.put(t.word, string(letters))
	return l.String()
}
