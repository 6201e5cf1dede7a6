package screen

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// Text can be read on a light background: in each style of text, plain and on the row that is chosen.
func TestTextOnALightBackgroundCanBeRead(t *testing.T) {
	theme := NewTheme(false)
	styles := map[string]Style{"dim": theme.Dim, "faint": theme.Faint, "accent": theme.Accent, "good": theme.Good, "warn": theme.Warn, "bad": theme.Bad,
		"number": theme.Number, "word": theme.Word}
	for i, hue := range theme.Hues {
		styles[fmt.Sprint("hue ", i)] = hue
	}
	const white = 1.0
	for name, style := range styles {
		if got := contrast(white, luminance(t, style)); got < 4.5 {
			t.Errorf("%s on white: %.1f, want 4.5", name, got)
		}
		for _, chosen := range []Style{theme.Chosen, theme.ChosenOn} {
			if got := contrast(luminance(t, chosen), luminance(t, style)); got < 3.5 {
				t.Errorf("%s on a chosen row: %.1f, want 3.5", name, got)
			}
		}
	}
}

// luminance is how bright a style's colour is, from 0 to 1, as WCAG has it.
func luminance(t *testing.T, s Style) float64 {
	t.Helper()
	var ground, r, g, b int
	if _, err := fmt.Sscanf(strings.ReplaceAll(string(s), ";", " "), "%d 2 %d %d %d", &ground, &r, &g, &b); err != nil {
		t.Fatalf("%q is no colour: %v", s, err)
	}
	linear := func(c int) float64 {
		if x := float64(c) / 255; x > 0.04045 {
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return float64(c) / 255 / 12.92
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func contrast(bright, dark float64) float64 { return (bright + 0.05) / (dark + 0.05) }
