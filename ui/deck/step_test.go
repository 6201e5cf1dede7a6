package deck

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"signalbox/sources"
	"signalbox/sources/state"
)

// A step in an overlay costs what is in view: as much with five megabytes open, or thousands of stations listed, as with little.
func TestAStepInAnOverlayCostsWhatIsInView(t *testing.T) {
	for name, keys := range map[string][]string{
		"event as a tree": {"enter"}, "event raw": {"enter", "tab"}, "event in hex": {"enter", "tab", "tab"},
		"value": {"5", "home", "enter"}, "value as a tree": {"5", "home", "enter", "tab"}, "dead letter": {"D", "enter"},
		"dead letters": {"D"}, "progress": {"5", "w"}, "ledger": {"L"}, "help": {"?"}, "palette": {":"},
	} {
		t.Run(name, func(t *testing.T) {
			little, much := stepCost(t, 1<<10, 5, keys), stepCost(t, 5<<20, 3000, keys)
			if more := much - little; more > 100<<10 {
				t.Errorf("a step allocates %d bytes, with little open %d", much, little)
			}
		})
	}
}

// stepCost is how many bytes a step and its frame allocate: the least of several, since the runtime allocates too.
func stepCost(t *testing.T, size, stations int, keys []string) int {
	t.Helper()
	f := withDeadLetters(handled(demo()))
	text := strings.Repeat("x", size)
	f.base.Dead[2].Event = f.add("deliveries", "BULK", "delivery", "01HX00Q", `{"text":"`+text+`"}`, "")
	e := *f.details[sources.Entity{Kind: "delivery", ID: "01HX00Q"}]
	e.State = append([]sources.StateField{{Field: state.Field{Name: "text", Value: state.TextValue(text)}}}, e.State...)
	f.details[e.Entity] = &e
	for i := len(f.base.Stations); i < stations; i++ {
		row := f.base.Stations[0]
		row.Key = fmt.Sprint("station-", i)
		f.base.Stations = append(f.base.Stations, row)
	}
	s := drive(t, f, 120, 36)
	s.key(keys...)
	least := 1 << 30
	for range 8 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s.model.Update(keyPress("down"))
		s.model.View()
		runtime.ReadMemStats(&after)
		least = min(least, int(after.TotalAlloc-before.TotalAlloc))
	}
	return least
}
