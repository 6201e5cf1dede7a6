package target

import (
	"context"
	"errors"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/ui/cli/internal/brokers"
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
	old := brokers.Table
	brokers.Table = append(brokers.Table[:len(brokers.Table):len(brokers.Table)], paper)
	t.Cleanup(func() { brokers.Table = old })
	for _, name := range brokers.Variables() {
		t.Setenv(name, "")
	}

	_, targets, err := takeURLs([]string{"paper+wet://desk", "news"})
	if err != nil || len(targets) != 1 {
		t.Fatalf("targets %+v, %v", targets, err)
	}
	if _, err := targets[0].Connect(t.Context(), bus.Settings{AllowAll: true}); !errors.Is(err, dialled) {
		t.Errorf("connect by URL: %v", err)
	}
	for what, text := range map[string]string{
		"help": brokers.Help(), "list": brokers.Schemes(), "examples": brokers.Examples("x"), "variables": strings.Join(brokers.Variables(), " "),
		"contexts": brokers.ContextKeepers(),
	} {
		if !strings.Contains(strings.ToLower(text), "paper") && what != "contexts" || what == "contexts" && !strings.Contains(text, "the drawer") {
			t.Errorf("the %s do not name it: %s", what, text)
		}
	}

	t.Setenv("PAPER_URL", "desk")
	if at, err := new(Names).fromEnvironment(); err != nil || at[0].URL != "paper://desk" {
		t.Errorf("by PAPER_URL: %+v, %v", at, err)
	}
	t.Setenv("PAPER_CONTEXT", "top")
	at, err := new(Names).fromEnvironment()
	if err != nil || at[0].Embedded() {
		t.Fatalf("by PAPER_CONTEXT: %+v, %v", at, err)
	}
	if _, err := at[0].Connect(t.Context(), bus.Settings{}); !errors.Is(err, dialled) {
		t.Errorf("connect by PAPER_CONTEXT: %v", err)
	}
	t.Setenv("PAPER_CONTEXT", "bottom")
	if _, err := new(Names).fromEnvironment(); err == nil || !strings.Contains(err.Error(), "the drawer has no bottom") {
		t.Errorf("a context that is nowhere: %v", err)
	}
}
