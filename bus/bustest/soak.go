package bustest

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// soakVariable says how long tests of endurance go on, such as 1h. Without it they are short. rateVariable says how many
// messages a second a soak may send at most, beside other work.
const (
	soakVariable = "SIGNALBOX_SOAK"
	rateVariable = "SIGNALBOX_SOAK_RATE"
)

// SoakTime is how long a test of endurance is to go on; 0 is a short form.
func SoakTime(t testing.TB) time.Duration {
	t.Helper()
	text := os.Getenv(soakVariable)
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		t.Fatalf("%s=%s: want a duration, such as 1h", soakVariable, text)
	}
	return d
}

// SoakRate is how many messages a second a soak sends at most: usually so many.
func SoakRate(t testing.TB, usual int) int {
	t.Helper()
	text := os.Getenv(rateVariable)
	if text == "" {
		return usual
	}
	rate, err := strconv.Atoi(text)
	if err != nil || rate <= 0 {
		t.Fatalf("%s=%s: want a number of messages a second, such as 1500", rateVariable, text)
	}
	return rate
}

// Rounds are how often a test does the same over and over: usually so many times, and as many again for each minute of a
// soak.
func Rounds(t testing.TB, usual int) int {
	t.Helper()
	return usual + usual*int(SoakTime(t).Minutes())
}
