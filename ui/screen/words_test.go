package screen

import (
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	tests := []struct{ got, want string }{
		{Grouped(0), "0"}, {Grouped(999), "999"}, {Grouped(48210), "48,210"}, {Grouped(1234567), "1,234,567"},
		{Short(9999), "9999"}, {Short(48210), "48k"}, {Short(1_250_000), "1.2M"}, {Short(48_000_000), "48M"}, {Short(3_100_000_000), "3.1G"},
		{Size(0), "0 B"}, {Size(1023), "1023 B"}, {Size(1024), "1.0 KiB"}, {Size(5 << 20), "5.0 MiB"}, {Size(300 << 20), "300 MiB"},
		{Rate(0), "0/s"}, {Rate(0.4), "0.4/s"}, {Rate(9.97), "10/s"}, {Rate(1283.6), "1,284/s"},
		{Plural(1, "entry"), "1 entry"}, {Plural(2, "entry"), "2 entries"}, {Plural(2000, "gap"), "2,000 gaps"},
		{Duration(350 * time.Millisecond), "350ms"}, {Duration(90 * time.Second), "1m"}, {Duration(49 * time.Hour), "2d"},
		{Sparkline([]float64{0, 1, 2, 4, 8}, 6), " ▁▂▃▅█"}, {Sparkline(nil, 3), "   "}, {Sparkline([]float64{0, 0}, 2), "▁▁"},
		{Sparkline([]float64{9, 1, 1}, 2), "██"},
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
		{Cut("deliveries", 10), "deliveries"}, {Cut("deliveries", 5), "deli…"}, {Cut("订单订单", 5), "订单…"}, {Cut("x", 0), ""},
		{CutMiddle("PICKUP_PRODUCTS", 9), "PICK…UCTS"}, {CutMiddle("PICKUP", 4), "PIC…"},
		{CutID(id, 26), id}, {CutID(id, 12), "01M7X…MP1T0Q"}, {CutID(id, 6), "…P1T0Q"},
		{CutParts("all 7 · 4 orders", 16), "all 7 · 4 orders"}, {CutParts("all 7 · 4 orders · 3 votes", 20), "all 7 · 4 orders …"},
		{CutParts("all 7 · 4 orders · 3 votes", 18), "all 7 · 4 orders …"}, {CutParts("all 7 · 4 orders · 3 votes", 17), "all 7 · 4 orders…"},
		{CutParts("event 7 · PICKUP_PRODUCTS", 20), "event 7 · PICKUP_PR…"}, {CutParts("a · b", 0), ""},
		{CutParts("a · delivery 01HX7Q", 18), "a · delivery 01HX…"}, {CutParts("abc", 2), "a…"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
