package brokers

import (
	"strings"
	"testing"
)

// A scheme means one broker.
func TestSchemesAreOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range Table {
		for _, scheme := range b.Schemes {
			if seen[scheme] {
				t.Errorf("two brokers speak %s://", scheme)
			}
			seen[scheme] = true
		}
		if !strings.Contains(b.Help, b.Schemes[0]+"://") || b.Connect == nil {
			t.Errorf("the broker of %s:// has no help or no connection", b.Schemes[0])
		}
	}
}
