package keys

import "testing"

func TestSettingsThatAreMissing(t *testing.T) {
	for value, want := range map[string]string{"": "K$h", "K": "$h", "AK": "", "AKE": "", "A": "K", "Ex": "K$h", "K$": "h", "h$K": "", "$lKE": "h"} {
		if got := (Setting{Value: value}).Missing(); got != want {
			t.Errorf("%q misses %q, want %q", value, got, want)
		}
	}
}
