package screen

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"signalbox/bus/bustest/hostile"
)

func TestCleanMakesTextHarmless(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "budget=50", "budget=50"},
		{"colour", "\x1b[31mred\x1b[0m", "␛[31mred␛[0m"},
		{"clipboard", "\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"},
		{"C1", "a\u009b31m", `a\u009b31m`},
		{"line breaks and tabs", "a\r\n\tb", "a␍␊␉b"},
		{"null and delete", "\x00\x7f", "␀␡"},
		{"right to left override", "user\u202etxt.exe", `user\u202etxt.exe`},
		{"isolates", "\u2066a\u2069", `\u2066a\u2069`},
		{"zero width", "a\u200bb\u200dc\ufeff", `a\u200bb\u200dc\ufeff`},
		{"line separator", "a\u2028b", `a\u2028b`},
		{"tag letters", "a\U000e0041", `a\U000e0041`},
		{"private use", "\ue0b0", `\ue0b0`},
		{"invalid", "a\xffb\xc3", `a\xffb\xc3`},
		{"a real replacement character", "a\ufffdb", "a\ufffdb"},
		{"umlauts", "Grüße", "Grüße"},
		{"combining", "e\u0301", "e\u0301"},
		{"combining with nothing", "\u0301x", `\u0301x`},
		{"too many marks", "e" + strings.Repeat("\u0301", 5), "e\u0301\u0301\u0301" + `\u0301\u0301`},
		{"cut", "budget…", "budget…"},
		{"Chinese", "订单 42", "订单 42"},
		{"emoji", "🚚 sent", "🚚 sent"},
		{"emoji with a variation", "\u26a0\ufe0f now", "\u26a0 now"},
		{"variation in a name", "ab\ufe0fc", `ab\ufe0fc`},
		{"family", "👩\u200d💻", `👩\u200d💻`},
		{"skin", "👍\U0001f3fd", `👍\U0001f3fd`},
		{"filler", "a\u3164b", `a\u3164b`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Clean(test.in); got != test.want {
				t.Errorf("Clean(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

// checkClean holds what every drawn text must be.
func checkClean(t *testing.T, in, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Errorf("Clean(%q) = %q is no UTF-8", in, out)
	}
	for _, r := range out {
		if unicode.Is(unicode.C, r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			t.Errorf("Clean(%q) = %q holds %U", in, out, r)
		}
	}
	if w, wc := ansi.StringWidth(out), ansi.StringWidthWc(out); w != wc {
		t.Errorf("Clean(%q) = %q measures %d cells by clusters, %d by code points", in, out, w, wc)
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"plain", "\x1b[31m\u202e\xff", "👩\u200d💻🇩🇪", "e\u0301\u0301\u0301\u0301", "नमस्ते", "\u1100\u1161\u11a8",
		"\u0e01\u0e33", "a\u200d\u0600b", "\U0001f1e6", "👍\U0001f3fd", "\u26a0\ufe0f", "1\ufe0f\u20e3", "ក្រុម", "\u0a95\u0abf"} {
		f.Add(seed, 7)
	}
	for _, s := range hostile.Texts() {
		f.Add(s.Text, 11)
	}
	f.Fuzz(func(t *testing.T, in string, width int) {
		out := Clean(in)
		checkClean(t, in, out)
		if again := Clean(out); again != out {
			t.Errorf("Clean(%q) = %q, cleaned again %q", in, out, again)
		}
		width = max(width%100, -width%100) + 1
		for _, l := range []*Line{NewLine(width, ""), NewLine(width, "7")} {
			l.Put("31", out)
			row := ansi.Strip(l.String())
			if w, wc := ansi.StringWidth(row), ansi.StringWidthWc(row); w != width || wc != width {
				t.Errorf("a row of %d cells with %q is %d wide (%d by code points): %q", width, out, w, wc, row)
			}
		}
		for name, cut := range map[string]func(string, int) string{"cut": Cut, "cutMiddle": CutMiddle, "cutID": CutID} {
			if short := cut(out, width); Cells(short) > width {
				t.Errorf("%s(%q, %d) = %q takes %d cells", name, out, width, short, Cells(short))
			}
		}
		if head := FirstCells(out, width); !strings.HasPrefix(out, head) || head == "" && out != "" {
			t.Errorf("firstCells(%q, %d) = %q", out, width, head)
		}
	})
}
