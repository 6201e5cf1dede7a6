package subjects

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestUnfoldedBranchesAreThoseGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		branches := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Branch {
			return Branch{
				Station: string(rapid.SliceOf(rapid.Byte()).Draw(t, "station")), Path: rapid.String().Draw(t, "path"),
				Most: rapid.IntRange(0, 1e6).Draw(t, "most"),
			}
		})).Draw(t, "branches")
		if got := Unfold(branches...).Branches(); !slices.Equal(got, branches) {
			t.Fatalf("%v, want %v", got, branches)
		}
	})
}
