package deck

import (
	"fmt"
	"testing"
)

// The flow and charts, at three sizes.
func TestGoldenFlow(t *testing.T) {
	for name, size := range map[string][2]int{"flow_80x24": {80, 24}, "flow_120x36": {120, 36}, "flow_200x60": {200, 60}} {
		t.Run(name, func(t *testing.T) {
			s := drive(t, demo(), size[0], size[1])
			flowing(s)
			s.key("f", "down")
			s.golden(name)
		})
	}
}

func TestGoldenCharts(t *testing.T) {
	for name, size := range map[string][2]int{"80x24": {80, 24}, "120x36": {120, 36}, "200x60": {200, 60}} {
		for i, form := range []string{"map", "lines", "bars"} {
			if form != "map" && name == "200x60" {
				continue
			}
			t.Run(form+name, func(t *testing.T) {
				s := drive(t, demo(), size[0], size[1])
				charted(s)
				s.key("C", "down", "left", "left")
				for range i {
					s.key("tab")
				}
				s.golden(fmt.Sprintf("chart_%s_%s", form, name))
			})
		}
	}
}
