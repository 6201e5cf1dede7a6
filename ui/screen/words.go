package screen

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Grouped writes 48210 as 48,210.
func Grouped(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Short writes 48210 as 48k, for narrow columns.
func Short(n uint64) string {
	switch {
	case n < 10_000:
		return strconv.FormatUint(n, 10)
	case n < 1_000_000:
		return strconv.FormatUint(n/1000, 10) + "k"
	case n < 10_000_000:
		return strconv.FormatFloat(float64(n/100_000)/10, 'f', 1, 64) + "M"
	case n < 1_000_000_000:
		return strconv.FormatUint(n/1_000_000, 10) + "M"
	}
	return strconv.FormatFloat(float64(n/100_000_000)/10, 'f', 1, 64) + "G"
}

// Size writes bytes in the unit that suits.
func Size(n uint64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	f, i := float64(n), 0
	for f >= 1024 && i < len(units)-1 {
		f, i = f/1024, i+1
	}
	if i == 0 || f >= 100 {
		return strconv.FormatFloat(math.Floor(f), 'f', 0, 64) + " " + units[i]
	}
	return strconv.FormatFloat(math.Floor(f*10)/10, 'f', 1, 64) + " " + units[i]
}

// Rate writes events a second, with the unit.
func Rate(f float64) string { return PerSecond(f) + "/s" }

// PerSecond writes events a second.
func PerSecond(f float64) string {
	switch {
	case f <= 0:
		return "0"
	case f < 9.95:
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return Grouped(uint64(f + 0.5))
}

// Plural writes "1 event", "2 events".
func Plural(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		return Grouped(n) + " " + stem + "ies"
	}
	return Grouped(n) + " " + noun + "s"
}

// Duration writes a duration as people say it: 350ms, 12s, 4m, 3h, 2d.
func Duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + "ms"
	case d < time.Minute:
		return strconv.FormatInt(int64(d/time.Second), 10) + "s"
	case d < time.Hour:
		return strconv.FormatInt(int64(d/time.Minute), 10) + "m"
	case d < 48*time.Hour:
		return strconv.FormatInt(int64(d/time.Hour), 10) + "h"
	}
	return strconv.FormatInt(int64(d/(24*time.Hour)), 10) + "d"
}

// Took writes how long something took, to two digits or three: 35µs, 4.2ms, 350ms, 1.2s, 42s, 7.5m, 3.1h, 2.4d.
func Took(d time.Duration) string {
	units := []struct {
		name string
		of   time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}, {"µs", time.Microsecond}}
	for _, u := range units {
		if d < u.of {
			continue
		}
		n := float64(d) / float64(u.of)
		if n < 9.95 {
			return strconv.FormatFloat(n, 'f', 1, 64) + u.name
		}
		return strconv.FormatFloat(n, 'f', 0, 64) + u.name
	}
	return "0s"
}

var sparks = []string{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}

// Level is one cell that is filled up to so many eighths.
func Level(eighths int) string { return sparks[eighths] }

// Sparkline draws the last values, one cell each, as high as they are against the largest of them.
func Sparkline(values []float64, width int) string {
	if len(values) > width {
		values = values[len(values)-width:]
	}
	most := 0.0
	for _, v := range values {
		most = max(most, v)
	}
	var out strings.Builder
	out.WriteString(strings.Repeat(" ", max(width-len(values), 0)))
	for _, v := range values {
		switch {
		case most <= 0 || v <= 0:
			out.WriteString(sparks[1])
		default:
			out.WriteString(sparks[1+min(int(v/most*7+0.5), 7)])
		}
	}
	return out.String()
}
