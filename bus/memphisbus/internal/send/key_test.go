package send

import "testing"

// The expected places are those that memphis.go gives these keys.
func TestOfKey(t *testing.T) {
	for key, want := range map[string][2]int{"e-1": {2, 3}, "01HX7Q": {0, 2}, "voter-3f25": {1, 4}, "ü": {0, 4}} {
		if got := [2]int{OfKey(key, 3), OfKey(key, 5)}; got != want {
			t.Errorf("key %s belongs to %v of 3 and 5 partitions, want %v", key, got, want)
		}
	}
}
