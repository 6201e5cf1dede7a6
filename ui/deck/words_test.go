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
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
