package screen

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// letters draws clean text of all widths.
func letters(t *rapid.T, name string) string {
	return Clean(rapid.StringOf(rapid.SampledFrom([]rune("ab c—│日本🚚é"))).Draw(t, name))
}

// A slice of a text has just the cells that were asked for, as far as there are any, whatever is in it.
func TestSliceTakesCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := letters(t, "text")
		from := rapid.IntRange(0, 20).Draw(t, "from")
		to := from + rapid.IntRange(0, 20).Draw(t, "cells")
		got := Slice(text, from, to)
		if want := max(min(to, Cells(text))-from, 0); Cells(got) != want {
			t.Fatalf("cells %d to %d of %q are %q: %d cells, want %d", from, to, text, got, Cells(got), want)
		}
		rest := Slice(text, 0, from) + got + Slice(text, to, 1000)
		if Cells(rest) != Cells(text) {
			t.Fatalf("%q falls into parts of %d cells together", text, Cells(rest))
		}
	})
}

// Wrapping breaks a text into lines that fit, and loses nothing but blanks.
func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, width := letters(t, "text"), rapid.IntRange(2, 20).Draw(t, "width")
		lines := Wrap(text, width)
		for _, line := range lines {
			if Cells(line) > width {
				t.Fatalf("%q takes %d cells of %d", line, Cells(line), width)
			}
		}
		plain := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if plain(strings.Join(lines, " ")) != plain(text) {
			t.Fatalf("%q became %q", text, lines)
		}
	})
}

// Every row of a panel is as wide as the panel, whatever its title, marks and figures.
func TestPanelIsAsWideAsAsked(t *testing.T) {
	theme := NewTheme(true)
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(12, 60).Draw(t, "width"), rapid.IntRange(3, 12).Draw(t, "height")
		p := Panel{Number: "1", Title: letters(t, "title"), Info: []string{letters(t, "info")}, Total: rapid.IntRange(0, 100).Draw(t, "total"),
			Visible: height - 2, Chips: []Chip{{Style: theme.Flag, Text: letters(t, "chip")}}}
		p.Top = rapid.IntRange(0, max(p.Total-p.Visible, 0)).Draw(t, "top")
		l := NewRow(theme, width-2, true, true)
		l.Left(theme.Good, letters(t, "left"), 7)
		l.Right(theme.Bad, letters(t, "right"), 9)
		p.Lines = append(p.Lines, l.String())
		rows := p.Draw(theme, width, height, true)
		if len(rows) != height {
			t.Fatalf("%d rows of %d", len(rows), height)
		}
		for i, row := range rows {
			if w := ansi.StringWidth(row); w != width {
				t.Fatalf("row %d takes %d cells of %d: %q", i, w, width, ansi.Strip(row))
			}
		}
	})
}

// A text to read keeps its labels, breaks what is too long, and shows what was chosen.
func TestTextIsReadable(t *testing.T) {
	var text Text
	text.Heading("station")
	text.Fact("kind", "stream")
	text.Fact("about", "")
	text.Choice("member", "a")
	text.Choice("member", "b")
	text.Fault("refused", strings.Repeat("no permission ", 4)+"\x1b[31m")
	text.Wrap(30)
	if at := text.Choose(1); at < 0 || text.Lines[at].Text != "b" || text.Choices() != 2 {
		t.Errorf("line %d of %d choices is chosen: %v", at, text.Choices(), text.Lines)
	}
	panel := text.Panel(NewTheme(true), 30, 20)
	got := ansi.Strip(strings.Join(panel.Lines, "\n"))
	for _, want := range []string{"station", "kind", "stream", "▌", "✗ no permission", "␛[31m"} {
		if !strings.Contains(got, want) {
			t.Errorf("it does not show %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "about") {
		t.Errorf("it shows a fact with nothing to say:\n%s", got)
	}
	if text.Move(100, 4); text.Top != len(text.Lines)-4 {
		t.Errorf("scrolled beyond the end: line %d of %d is the first", text.Top, len(text.Lines))
	}
}

// A payload is laid out as a tree when it is JSON and as it came otherwise, and nothing of it is lost.
func TestPayloadIsLaidOut(t *testing.T) {
	for _, test := range []struct {
		data string
		view PayloadView
		want string
	}{
		{`{"a":[1,"x"]}`, Tree, "{\n  \"a\": [\n    1,\n    \"x\"\n  ]\n}"},
		{`{"a":[1,"x"]}`, Raw, `{"a":[1,"x"]}`},
		{"no\tJSON", Tree, "no    JSON"},
		{"", Tree, "empty"},
		{strings.Repeat("x", 25), Raw, "xxxxxxxxxx\n  xxxxxxxx\n  xxxxxxx"},
	} {
		width := 40
		if len(test.data) == 25 {
			width = 10
		}
		var got []string
		for _, l := range LayOutPayload([]byte(test.data), test.view, width) {
			got = append(got, l.Text)
		}
		if strings.Join(got, "\n") != test.want {
			t.Errorf("%q is laid out as\n%s\nwant\n%s", test.data, strings.Join(got, "\n"), test.want)
		}
	}
	data := []byte("signalbox\x00\xff and more")
	var got []string
	for i := range HexLines(data) {
		got = append(got, strings.TrimRight(ansi.Strip(HexLine(NewTheme(true), data, i, 80)), " "))
	}
	want := " 00000000  73 69 67 6e 61 6c 62 6f  78 00 ff 20 61 6e 64 20  signalbox.. and\n 00000010  6d 6f 72 65                                       more"
	if strings.Join(got, "\n") != want {
		t.Errorf("in hex:\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

// Colours are parameters of SGR sequences, a theme without any leaves text plain, and a name keeps its colour.
func TestStyles(t *testing.T) {
	theme := NewTheme(false)
	for _, style := range []Style{theme.Accent, theme.Good, theme.Warn, theme.Bad, theme.Flag, theme.ChosenOn} {
		if painted := Paint(style, "x"); painted != fmt.Sprintf("\x1b[%sm", style)+"x\x1b[m" || ansi.Strip(painted) != "x" {
			t.Errorf("%q is painted as %q", style, painted)
		}
	}
	if first, again := theme.Hue("orders"), theme.Hue("orders"); first != again || theme.Good.With("") != theme.Good || theme.Good == NewTheme(true).Good {
		t.Error("colours are not what they should be")
	}
	l := NewLine(4, "")
	if l.Put(PlainTheme.Bad, "ab"); l.String() != "ab  " {
		t.Errorf("a plain line is %q", l.String())
	}
}
