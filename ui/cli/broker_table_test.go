package cli

import (
	"context"
	"errors"
	"strings"
	"testing"

	"signalbox/bus"
)

// What is in the table is in the help, in errors and behind URLs, and nothing else has to know of it.
func TestBrokerIsOneLine(t *testing.T) {
	dialled := errors.New("dialled")
	paper := bus.Broker{
		Schemes: []string{"paper", "paper+wet"}, Help: "  paper://desk\n", Variable: "PAPER_URL", Bare: true,
		Contexts: bus.Contexts{Of: "the drawer", Variable: "PAPER_CONTEXT", Find: func(name string) (bus.Connector, error) {
			if name != "top" {
				return nil, errors.New("the drawer has no " + name)
			}
			return func(context.Context, bus.Settings) (bus.Bus, error) { return nil, dialled }, nil
		}},
		Connect: func(_ context.Context, url string, s bus.Settings) (bus.Bus, error) {
			if url != "paper+wet://desk" || !s.AllowAll {
				t.Errorf("connect to %s, %+v", url, s)
			}
			return nil, dialled
		},
	}
	old := brokers
	brokers = append(brokers[:len(brokers):len(brokers)], paper)
	t.Cleanup(func() { brokers = old })
	for _, name := range brokerVariables() {
		t.Setenv(name, "")
	}

	o := &options{allowAll: true}
	_, targets, err := takeURLs([]string{"paper+wet://desk", "news"})
	if err != nil || len(targets) != 1 {
		t.Fatalf("targets %+v, %v", targets, err)
	}
	if _, err := o.connect(t.Context(), targets[0]); !errors.Is(err, dialled) {
		t.Errorf("connect by URL: %v", err)
	}
	for what, text := range map[string]string{
		"help": urlHelp(), "list": schemeList(), "examples": exampleURLs("x"), "variables": strings.Join(brokerVariables(), " "),
		"contexts": contextKeepers(),
	} {
		if !strings.Contains(strings.ToLower(text), "paper") && what != "contexts" || what == "contexts" && !strings.Contains(text, "the drawer") {
			t.Errorf("the %s do not name it: %s", what, text)
		}
	}

	t.Setenv("PAPER_URL", "desk")
	if at, err := o.ambient(); err != nil || at[0].url != "paper://desk" {
		t.Errorf("by PAPER_URL: %+v, %v", at, err)
	}
	t.Setenv("PAPER_CONTEXT", "top")
	at, err := o.ambient()
	if err != nil || at[0].embedded() {
		t.Fatalf("by PAPER_CONTEXT: %+v, %v", at, err)
	}
	if _, err := o.connect(t.Context(), at[0]); !errors.Is(err, dialled) {
		t.Errorf("connect by PAPER_CONTEXT: %v", err)
	}
	t.Setenv("PAPER_CONTEXT", "bottom")
	if _, err := o.ambient(); err == nil || !strings.Contains(err.Error(), "the drawer has no bottom") {
		t.Errorf("a context that is nowhere: %v", err)
	}
}

// A scheme means one broker.
func TestSchemesAreOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range brokers {
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
