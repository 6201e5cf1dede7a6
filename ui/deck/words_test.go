package deck

import (
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	tests := []struct{ got, want string }{
		{grouped(0), "0"}, {grouped(999), "999"}, {grouped(48210), "48,210"}, {grouped(1234567), "1,234,567"},
		{short(9999), "9999"}, {short(48210), "48k"}, {short(1_250_000), "1.2M"}, {short(48_000_000), "48M"}, {short(3_100_000_000), "3.1G"},
		{size(0), "0 B"}, {size(1023), "1023 B"}, {size(1024), "1.0 KiB"}, {size(5 << 20), "5.0 MiB"}, {size(300 << 20), "300 MiB"},
		{rate(0), "0/s"}, {rate(0.4), "0.4/s"}, {rate(9.97), "10/s"}, {rate(1283.6), "1,284/s"},
		{plural(1, "entry"), "1 entry"}, {plural(2, "entry"), "2 entries"}, {plural(2000, "gap"), "2,000 gaps"},
		{lasting(350 * time.Millisecond), "350ms"}, {lasting(90 * time.Second), "1m"}, {lasting(49 * time.Hour), "2d"},
		{spark([]float64{0, 1, 2, 4, 8}, 6), " ▁▂▃▅█"}, {spark(nil, 3), "   "}, {spark([]float64{0, 0}, 2), "▁▁"},
		{spark([]float64{9, 1, 1}, 2), "██"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestShortening(t *testing.T) {
	const id = "01M7XHR7AMYVVBREC7ESMP1T0Q"
	tests := []struct{ got, want string }{
		{cut("deliveries", 10), "deliveries"}, {cut("deliveries", 5), "deli…"}, {cut("订单订单", 5), "订单…"}, {cut("x", 0), ""},
		{cutMiddle("PICKUP_PRODUCTS", 9), "PICK…UCTS"}, {cutMiddle("PICKUP", 4), "PIC…"},
		{cutID(id, 26), id}, {cutID(id, 12), "01M7X…MP1T0Q"}, {cutID(id, 6), "…P1T0Q"},
		{pathName("ballots.b-19.cast"), "ballots.b-19.cast"}, {pathName("ballots." + id + ".cast"), "ballots.01M7…P1T0Q.cast"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
	if isIdentifier("ring twice, please, at the door") || !isIdentifier(id) || isIdentifier("beware-of-the-dog-please") {
		t.Error("identifiers are not told from text")
	}
}

func TestInputEdits(t *testing.T) {
	tests := []struct {
		name string
		many bool
		keys []string
		want string
		at   int
	}{
		{"types", false, []string{"a", "b"}, "one twoab", 9},
		{"deletes words", false, []string{"ctrl+w", "x"}, "one x", 5},
		{"deletes to the start and goes on", false, []string{"ctrl+u", "z"}, "z", 1},
		{"moves by words", false, []string{"ctrl+left", "ctrl+left", "X"}, "Xone two", 1},
		{"deletes forward", false, []string{"home", "delete", "ctrl+k"}, "", 0},
		{"takes no line break", false, []string{"enter", "!"}, "one two!", 8},
		{"takes line breaks", true, []string{"enter", "a", "up", "home", "-"}, "-one two\na", 1},
		{"keeps the column", true, []string{"enter", "a", "b", "up", "X"}, "onXe two\nab", 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := input{many: test.many}
			in.set("one two")
			for _, k := range test.keys {
				in.update(keyPress(k))
			}
			if in.value() != test.want || in.at != test.at {
				t.Errorf("got %q with the cursor at %d, want %q at %d", in.value(), in.at, test.want, test.at)
			}
		})
	}
}
