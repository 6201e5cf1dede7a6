package keys

import (
	"testing"

	"signalbox/bus/bustest/hostile"
	"signalbox/bus/glob"
)

func TestShapesOfKeys(t *testing.T) {
	for key, want := range map[string]string{
		":main.Event:01M7XA6ES7N6V2QJ5T1N3M8ZKD":           "*.Event:*",
		"delivery.Event:01M7XA6ES7N6V2QJ5T1N3M8ZKD":        "*.Event:*",
		"shop:app.models.Event:01M7XA6ES7N6V2QJ5T1N3M8ZKD": "*.Event:*",
		"delivery:01M7XA6ES7N6V2QJ5T1N3M8ZKD":              "delivery:*",
		"user:12:cart":                                     "user:*:cart",
		"job:550e8400-e29b-41d4-a716-446655440000":         "job:*",
		"page:deadbeef01":                                  "page:*",
		"order/o-1":                                        "order/o-*",
		"a*b:7":                                            `a\*b:*`,
		"config":                                           "",
		"cafe:facade":                                      "",
		"":                                                 "",
	} {
		if got, ok := shapeOf(key); ok != (want != "") || ok && got != want {
			t.Errorf("the shape of %q is %q, %v; want %q", key, got, ok, want)
		}
	}
}

func FuzzShapes(f *testing.F) {
	for _, s := range hostile.Texts() {
		f.Add(s.Text)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if shape, ok := shapeOf(key); ok && !glob.MatchRedis(shape, key) {
			t.Errorf("the shape of %q is %q, which does not match it", key, shape)
		}
	})
}
