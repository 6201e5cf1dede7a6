package chance

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/brianvoe/gofakeit/v7"

	"signalbox/scenarios/nearest"
)

// Fakes are the names of what Fake makes.
func Fakes() []string {
	var names []string
	for name, info := range gofakeit.FuncLookups {
		if len(info.Params) == 0 {
			names = append(names, name)
		}
	}
	return slices.Sorted(slices.Values(names))
}

// Fake makes up something that looks real: a name, an address, a word. It is a text, a number, true or false, or a list or an object
// of such. Times are about the present one, so that they are not the same each time.
func (c *Chance) Fake(name string) (any, error) {
	info := gofakeit.GetFuncLookup(name)
	if info == nil || len(info.Params) > 0 {
		if hint := nearest.Question(name, Fakes()); hint != "" {
			return nil, fmt.Errorf("fake: no generator %q%s", name, hint)
		}
		return nil, fmt.Errorf("fake: no generator %q: want one such as firstname, email, city, company, productname, sentence, ipv4address; docs/scripts.md says more", name)
	}
	if c.faker == nil {
		c.faker = gofakeit.NewFaker(c.source, false)
	}
	made, err := info.Generate(c.faker, gofakeit.NewMapParams(), info)
	if err != nil {
		return nil, fmt.Errorf("fake %s: %w", name, err)
	}
	return plain(made)
}

// plain is a value as expressions have it.
func plain(made any) (any, error) {
	switch x := made.(type) {
	case string, bool, int, float64:
		return x, nil
	case time.Time:
		return x.UTC().Format(time.RFC3339), nil
	case error:
		return x.Error(), nil
	}
	switch v := reflect.ValueOf(made); {
	case v.CanInt():
		return int(v.Int()), nil
	case v.CanUint():
		return int(v.Uint()), nil //nolint:gosec // any number will do
	case v.CanFloat():
		return v.Float(), nil
	}
	text, err := json.Marshal(made)
	if err != nil {
		return nil, fmt.Errorf("making JSON of it: %w", err)
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, fmt.Errorf("making JSON of it: %w", err)
	}
	if object, ok := out.(map[string]any); ok {
		maps.DeleteFunc(object, func(_ string, x any) bool { return x == nil })
	}
	return out, nil
}
