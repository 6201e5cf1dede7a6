package expression

import "testing"

// No number becomes another one on its way from a payload into a state and out again; what cannot be computed with fails.
func TestNumbersStayWhatTheyAre(t *testing.T) {
	for _, written := range []string{"9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
		"-9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "1e400", "-1e400", "1e-400", "-0", "0", "0.1"} {
		if got := FromJSON(written).String(); got != written {
			t.Errorf("%s becomes %s", written, got)
		}
	}
	f := Frame{Values: map[string]any{
		"max": FromJSON("18446744073709551615"), "less": FromJSON("18446744073709551614"), "huge": FromJSON("1e400"), "n": 7,
	}}
	scope := Named("max", "less", "huge", "n")
	for text, want := range map[string]string{
		"max == less": "false", "max == max": "true", "less < max": "true", "max > n": "true", "huge > max": "true", "n < huge": "true",
		`max == "18446744073709551615"`: "true", `max == "18446744073709551614"`: "false", "max >= max": "true", "-0.0 == 0": "true",
	} {
		x, err := scope.Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		f.Begin()
		if v, err := x.Eval(&f); err != nil || v.String() != want {
			t.Errorf("%s: %v, %v", text, v, err)
		}
	}
	for _, text := range []string{"max + 1", "huge * 2", "-max", "int(huge)"} {
		x, err := scope.Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		f.Begin()
		if v, err := x.Eval(&f); err == nil {
			t.Errorf("%s: %v, want an error", text, v)
		}
	}
}
