package brokers

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMistake(t *testing.T) {
	for text, want := range map[string]string{
		"redis:/u:PW@h":       "what begins with redis is not the URL of a bus: want redis://user:password@host:port",
		"redis//u:PW@h":       "what begins with redis is",
		"redis:u:PW@h":        "what begins with redis is",
		"reddis:/u:PW@h":      "want redis://",
		`nats:\\u:PW@h`:       "want nats://",
		"nats ://u:PW@h":      "want nats://",
		" nats:/u:PW@h":       "want nats://",
		"nats:u:PW@h":         "want nats://",
		"u:PW@h:4222":         "what holds an @",
		"u%3APW@h":            "what holds an @",
		"u:PW@h":              "what holds an @",
		"//u:PW@h":            "what holds a :/",
		"http:/PW":            "what holds a :/",
		"jdbc:redis://u:PW@h": "what holds a :/",
		"é://u:PW@h":          "what holds a :/",
	} {
		err := Mistake(text, false)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "PW") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	for _, name := range []string{"redis://u:PW@h", "orders", "orders.*", "shop:*", "email=a@b.com", "link=http://x", "./a@b/x.yaml", "nats.>"} {
		if err := Mistake(name, false); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Behind a bus, keys and channels may hold anything that does not begin as a URL does.
func TestNamesBehindABus(t *testing.T) {
	for _, name := range []string{"user:ann@example.com", "page:/index.html", "a@b", "mail:*@x", "redis:queue", "//x"} {
		if err := Mistake(name, true); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, url := range []string{"redis:/u:PW@h", "redis:u:PW@h", "nats//u:PW@h", "u:PW@h:4222", "reddis:/u:PW@h", "//u:PW@h"} {
		if Mistake(url, true) == nil {
			t.Errorf("%q is taken for a name", url)
		}
	}
}

func TestHide(t *testing.T) {
	for _, c := range []struct{ arg, in, want string }{
		{"redis:/u:PW@h", "open redis:/u:PW@h: no such file", "open …: no such file"},
		{"--from=redis:/u:PW@h", "--from: redis:/u:PW@h is", "--from: … is"},
		{"nats://u:PW@h:4222", "reading nats://u:PW@h:4222", "reading nats://h:4222"},
		{`nats:\u:PW@h`, `size "nats:\\u:PW@h" is`, `size "…" is`},
		{"nats://h:4222", "reading nats://h:4222", "reading nats://h:4222"},
		{"customer/ann@example.com", "no customer/ann@example.com", "no customer/ann@example.com"},
	} {
		if got := Hide(c.in, []string{"tail", c.arg}); got != c.want {
			t.Errorf("Hide(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// However a URL with a password is misspelt, it is either said to be one, or its scheme is right; and what is said of it
// repeats nothing of the password.
func TestMisspeltURLsAreNeverNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scheme := rapid.SampledFrom(schemes()).Draw(t, "scheme")
		between := rapid.SampledFrom([]string{":/", "//", ":", ":///", ` ://`, `:\\`, ":// ", "/", "", "@", ";//"}).Draw(t, "between")
		password := rapid.StringMatching(`[!-~]{1,12}`).Draw(t, "password")
		text := scheme + between + "u:<" + password + ">@h"
		err := Mistake(text, false)
		if err == nil && !IsURL(text) {
			t.Fatalf("%q is taken for a name", text)
		}
		if err != nil && strings.Contains(err.Error(), "<"+password+">") {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
