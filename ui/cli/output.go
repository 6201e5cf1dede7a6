package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/term"

	"signalbox/ui/screen"
)

// isTerminal tells whether people look at a stream.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(file.Fd())
}

// paint colours text for people; with colours off it is the text.
type paint struct{ on bool }

func paintFor(out io.Writer) paint {
	return paint{on: isTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// The inks in use, as parameters of SGR: the terminal's own colours.
const (
	inkDim  = "2"
	inkBold = "1"
	inkGood = "32"
	inkBad  = "31"
	inkName = "36"
)

func (p paint) ink(ink, text string) string {
	if !p.on || text == "" {
		return text
	}
	return "\x1b[" + ink + "m" + text + "\x1b[m"
}

// writeJSON writes one value as one line.
func writeJSON(out io.Writer, value any) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	_, err := out.Write(plainJSON(line.Bytes()))
	return err
}

// plainJSON escapes, inside JSON, what a terminal might act upon and what would hide or turn around its surroundings.
// It stays the same JSON.
func plainJSON(line []byte) []byte {
	for i, c := range line {
		if c >= 0x7f {
			return append(line[:i:i], escapeRunes(line[i:])...)
		}
	}
	return line
}

func escapeRunes(text []byte) []byte {
	out := make([]byte, 0, len(text)+16)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r != 0x7f && unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
			out = append(out, text[:size]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		case r < ' ':
			out = append(out, byte(r))
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[size:]
	}
	return out
}

// table writes rows of cells in columns, cleaned, with a heading for people.
type table struct {
	out   io.Writer
	paint paint
	rows  [][]string
}

func newTable(out io.Writer, heading ...string) *table {
	return &table{out: out, paint: paintFor(out), rows: [][]string{heading}}
}

func (t *table) row(cells ...string) {
	for i := range cells {
		cells[i] = screen.Clean(cells[i])
	}
	t.rows = append(t.rows, cells)
}

func (t *table) flush() error {
	var plain strings.Builder
	columns := tabwriter.NewWriter(&plain, 0, 0, 2, ' ', 0)
	for _, cells := range t.rows {
		fmt.Fprintln(columns, strings.Join(cells, "\t"))
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	heading, rows, _ := strings.Cut(plain.String(), "\n")
	var lines strings.Builder
	lines.WriteString(t.paint.ink(inkDim, strings.TrimRight(heading, " ")) + "\n")
	for line := range strings.Lines(rows) {
		lines.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	_, err := io.WriteString(t.out, lines.String())
	return err
}
