package load

import (
	"strings"
	"testing"
	"time"

	"signalbox/scenarios/file"
)

func threshold(t *testing.T, text string) (Threshold, error) {
	t.Helper()
	tree, err := file.Parse([]byte("x: " + `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`))
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := file.Pairs(tree)
	if err != nil {
		t.Fatal(err)
	}
	node := pairs[0].Value
	value, _ := file.Scalar(node)
	return ReadThreshold(file.Text{Value: value, Node: node})
}

func TestThresholds(t *testing.T) {
	f := Figures{
		Asked: 100, For: time.Second, Planned: 100, Iterations: 90, Dropped: 10, Rate: 90, Sent: 90,
		Published: Latencies{90, 10 * time.Millisecond, 60 * time.Millisecond, 100 * time.Millisecond},
	}
	for text, found := range map[string]string{
		"p99 < 80ms":                          "",
		"p99 < 50ms":                          "published.p99 = 60ms",
		"published.p50 <= 0.01":               "",
		"published.max < 100ms || failed > 0": "failed = 0, published.max = 100ms",
		"sent >= 90 and dropped == 10":        "",
		"sent >= 91":                          "sent = 90",
		"rate > 95":                           "rate = 90",
		"end_to_end.p99 < 1s":                 "end_to_end.p99 = cannot be told",
		"dropped / iterations < 0.2":          "",
	} {
		x, err := threshold(t, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got := ""
		for _, v := range f.Judge([]Threshold{x}) {
			if v.Expected == text {
				got = v.Found
			}
		}
		if got != found {
			t.Errorf("%s: found %q, want %q", text, got, found)
		}
	}
}

// A load is held to its rate and to it that nothing fails, unless a threshold says what may be.
func TestWhatEveryLoadIsHeldTo(t *testing.T) {
	f := Figures{Asked: 100, For: time.Second, Planned: 100, Iterations: 90, Dropped: 10, Rate: 90, Sent: 80, Failed: 10, Reason: "no"}
	for _, c := range []struct {
		thresholds []string
		wrong      int
	}{
		{nil, 2},
		{[]string{"dropped < 20"}, 1},
		{[]string{"failed < 20"}, 1},
		{[]string{"failed < 20", "rate > 80"}, 0},
		{[]string{"p99 < 1s"}, 3},
	} {
		var all []Threshold
		for _, text := range c.thresholds {
			x, err := threshold(t, text)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, x)
		}
		if got := f.Judge(all); len(got) != c.wrong {
			t.Errorf("%q: %+v, want %d", c.thresholds, got, c.wrong)
		}
	}
}

func TestMistakesInThresholdsAreFound(t *testing.T) {
	for text, want := range map[string]string{
		"p98 < 50ms":           "p98",
		"end_to_end.p98 < 1s":  `no figure "end_to_end.p98"`,
		"end_to_end < 1s":      "end_to_end has parts",
		"sent":                 "not a condition",
		"1 < 2":                "asks for no figure",
		"sent > 'many'":        "",
		"droped == 0":          "droped",
		"dropped == 0 &&":      "",
		"published.p99 < 50xs": "",
	} {
		if _, err := threshold(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
