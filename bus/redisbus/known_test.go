package redisbus

import (
	"fmt"
	"strings"
	"testing"

	"signalbox/bus"
)

// When no more names are remembered that is said once, and those that are known stay so.
func TestMoreNamesThanAreRememberedAreTold(t *testing.T) {
	var told []string
	k := newKnown(func(text string) { told = append(told, text) })
	for i := range maxKnown {
		k.add(bus.Log, fmt.Sprint(i))
	}
	k.add(bus.Log, "0")
	k.add(bus.Keys, "shop:*") // those are not remembered
	if len(told) > 0 {
		t.Errorf("too early it says %q", told)
	}
	k.add(bus.Log, "one more")
	k.add(bus.Channel, "and one more")
	if len(told) != 1 || !strings.Contains(told[0], "more than 10000 streams and channels") {
		t.Errorf("it says %q", told)
	}
	if !k.hasStream("0") || k.hasStream("one more") {
		t.Error("what was known first is not known any more")
	}
}
