package sources

import (
	"reflect"
	"testing"
)

// Of an event that is used again only what the broker said remains.
func TestForgetLeavesWhatTheBrokerSaid(t *testing.T) {
	said := map[string]bool{"Number": true, "UnixNano": true, "Bus": true, "Station": true, "Source": true, "Subject": true,
		"Position": true, "Headers": true, "Data": true, "Size": true}
	e := Event{Type: "t", Kind: NewKind("k"), ID: "i", Names: []string{"n"}, AloneKind: NewKind("a"), AloneID: "a", Body: []byte("b"),
		Correlation: "c", Fold: quickFold{}, Problem: "p", Version: 1, Rejected: "r", Failed: "f"}
	before := reflect.ValueOf(e)
	for i := range before.NumField() {
		if name := before.Type().Field(i).Name; !said[name] && before.Field(i).IsZero() {
			t.Errorf("the test does not fill in %s", name)
		}
	}
	e.forget()
	for i, after := 0, reflect.ValueOf(e); i < after.NumField(); i++ {
		if name := after.Type().Field(i).Name; !said[name] && !after.Field(i).IsZero() {
			t.Errorf("%s is still %v", name, after.Field(i))
		}
	}
}
