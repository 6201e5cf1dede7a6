package servers

import "testing"

func TestHashTag(t *testing.T) {
	for name, want := range map[string]string{"orders": "orders", "{a}b": "a", "x{a}{b}": "a", "{}a": "{}a", "a}{b": "a}{b", "{a": "{a"} {
		if got := HashTag(name); got != want {
			t.Errorf("%q has the tag %q, want %q", name, got, want)
		}
	}
}

func TestLoopback(t *testing.T) {
	for url, want := range map[string]bool{
		"redis://127.0.0.1:6379": true, "redis://127.8.8.8": true, "redis://[::1]:6379": true, "redis://localhost": true,
		"unix:///tmp/redis.sock": true, "redis://10.0.0.1": false, "redis://redis.example.com": false,
		"redis://localhost.example.com": false, "rediss://0.0.0.0": false,
	} {
		a, err := parseURL(url)
		if err != nil {
			t.Fatal(err)
		}
		if got := loopback(a.server.Network, a.server.Addr); got != want {
			t.Errorf("%s is loopback: %t, want %t", url, got, want)
		}
	}
}
