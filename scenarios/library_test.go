package scenarios

import "testing"

func TestBuiltin(t *testing.T) {
	l := Builtin()
	if got := l.Names(); len(got) != 4 {
		t.Fatalf("domains: %v", got)
	}
	l.Domains()
}
