package target

import (
	"strings"
	"testing"

	"signalbox/bus/recording"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestTakeURLs(t *testing.T) {
	for name, c := range map[string]struct {
		args    []string
		before  []string
		targets []Target
	}{
		"nothing":                      {},
		"stations alone":               {args: []string{"orders", "eventspype:7"}, before: []string{"orders", "eventspype:7"}},
		"a bus":                        {args: []string{"nats://h:4222"}, targets: []Target{{URL: "nats://h:4222"}}},
		"stations follow their bus":    {args: []string{"NATS://a", "x", "y", "redis://b", "z"}, targets: []Target{{URL: "NATS://a", Stations: []string{"x", "y"}}, {URL: "redis://b", Stations: []string{"z"}}}},
		"a value with a URL is no bus": {args: []string{"link=http://x"}, before: []string{"link=http://x"}},
	} {
		t.Run(name, func(t *testing.T) {
			before, targets, err := takeURLs(c.args)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.before, before); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.targets, targets, cmp.AllowUnexported(Target{}), cmpopts.EquateComparable(recording.Part{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnknownSchemeKeepsSecrets(t *testing.T) {
	_, _, err := takeURLs([]string{"kafka://ann:s3cret@host"})
	if err == nil || !strings.Contains(err.Error(), "no bus speaks kafka://") || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("have %v", err)
	}
}
