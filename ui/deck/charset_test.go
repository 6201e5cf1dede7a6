package deck

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// Where the locale or the terminal has ASCII only, the frame has nothing else, whatever a payload holds; with it go the
// widths of all rows.
func TestNothingButASCIIWhereTheLocaleSaysSo(t *testing.T) {
	for _, variable := range []string{"LC_ALL=C", "LANG=POSIX", "TERM=dumb", "LC_CTYPE=de_DE.ISO-8859-1"} {
		f := demo()
		f.add("lieferungen-ü", "BESTELLT", "订单", "zürich-🚚", `{"ort":"Zürich — Möbel","face":"👩‍💻","bidi":"\u202e"}`, "Größe fehlt")
		s := drive(t, f, 120, 36, func(o *Options) { o.Environment, o.Title = []string{"TERM=xterm", variable}, "Größen" })
		for _, keys := range [][]string{nil, {"enter"}, {"esc", "?"}, {"esc", ":"}, {"esc", "L"}, {"esc", "1", "enter"}, {"esc", "3", "enter"},
			{"esc", "5", "enter"}, {"esc", "z"}} {
			s.key(keys...)
			v := s.model.View()
			for _, r := range v.Content + v.WindowTitle {
				if r > '~' {
					t.Fatalf("%s, after %v: %q in\n%s", variable, keys, r, ansi.Strip(v.Content))
				}
			}
			s.screen() // checks the widths
		}
	}
	s := drive(t, demo(), 120, 36, func(o *Options) { o.Environment = []string{"TERM=xterm", "LC_ALL=en_US.UTF-8"} })
	if !strings.Contains(s.model.View().Content, "╭") {
		t.Error("a UTF-8 locale has no borders but those of ASCII")
	}
}
