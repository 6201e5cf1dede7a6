package main

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers are the parts of the program, the lowest first. Each may import those below it, never one above.
var layers = []string{"bus", "sources", "scenarios", "ui", "."}

// within are the imports allowed inside one layer, by folder.
var within = map[string][]string{
	"bus/natsbus": {"bus", "bus/hands",
		"bus/natsbus/internal/consumers", "bus/natsbus/internal/core", "bus/natsbus/internal/deadletters", "bus/natsbus/internal/examine",
		"bus/natsbus/internal/feeds", "bus/natsbus/internal/jsapi", "bus/natsbus/internal/levers", "bus/natsbus/internal/send",
		"bus/natsbus/internal/stations", "bus/natsbus/internal/subjects", "bus/natsbus/internal/wire"},
	"bus/natsbus/internal/consumers":   {"bus", "bus/natsbus/internal/deadletters", "bus/natsbus/internal/jsapi", "bus/natsbus/internal/subjects"},
	"bus/natsbus/internal/core":        {"bus"},
	"bus/natsbus/internal/deadletters": {"bus", "bus/natsbus/internal/core", "bus/natsbus/internal/jsapi", "bus/natsbus/internal/subjects"},
	"bus/natsbus/internal/examine":     {"bus", "bus/natsbus/internal/core", "bus/natsbus/internal/deadletters", "bus/natsbus/internal/feeds", "bus/natsbus/internal/jsapi", "bus/natsbus/internal/levers", "bus/natsbus/internal/stations", "bus/natsbus/internal/subjects"},
	"bus/natsbus/internal/feeds":       {"bus", "bus/backlog", "bus/natsbus/internal/core", "bus/natsbus/internal/jsapi", "bus/natsbus/internal/subjects", "bus/natsbus/internal/wire"},
	"bus/natsbus/internal/jsapi":       {"bus", "bus/natsbus/internal/core"},
	"bus/natsbus/internal/levers":      {"bus", "bus/natsbus/internal/core", "bus/natsbus/internal/jsapi", "bus/natsbus/internal/send", "bus/natsbus/internal/stations", "bus/natsbus/internal/subjects"},
	"bus/natsbus/internal/send":        {"bus", "bus/natsbus/internal/core", "bus/natsbus/internal/jsapi", "bus/natsbus/internal/stations", "bus/natsbus/internal/subjects"},
	"bus/natsbus/internal/stations":    {"bus", "bus/natsbus/internal/core", "bus/natsbus/internal/jsapi", "bus/natsbus/internal/subjects"},
	"bus/natsbus/internal/subjects":    {},
	"bus/natsbus/internal/wire":        {"bus", "bus/natsbus/internal/core", "bus/natsbus/internal/subjects"},

	"bus/memphisbus": {"bus", "bus/natsbus",
		"bus/memphisbus/internal/clients", "bus/memphisbus/internal/consumers", "bus/memphisbus/internal/control", "bus/memphisbus/internal/deadletters",
		"bus/memphisbus/internal/feeds", "bus/memphisbus/internal/levers", "bus/memphisbus/internal/names", "bus/memphisbus/internal/schema",
		"bus/memphisbus/internal/send", "bus/memphisbus/internal/stations"},
	"bus/memphisbus/internal/feeds":       {"bus", "bus/memphisbus/internal/names", "bus/memphisbus/internal/stations"},
	"bus/memphisbus/internal/names":       {"bus"},
	"bus/memphisbus/internal/clients":     {"bus", "bus/natsbus", "bus/memphisbus/internal/names"},
	"bus/memphisbus/internal/consumers":   {"bus", "bus/memphisbus/internal/clients", "bus/memphisbus/internal/names", "bus/memphisbus/internal/stations"},
	"bus/memphisbus/internal/stations":    {"bus", "bus/natsbus", "bus/memphisbus/internal/clients", "bus/memphisbus/internal/names"},
	"bus/memphisbus/internal/control":     {"bus", "bus/memphisbus/internal/names", "bus/memphisbus/internal/schema"},
	"bus/memphisbus/internal/deadletters": {"bus", "bus/memphisbus/internal/names", "bus/memphisbus/internal/stations"},
	"bus/memphisbus/internal/levers":      {"bus", "bus/memphisbus/internal/control", "bus/memphisbus/internal/schema", "bus/memphisbus/internal/stations"},
	"bus/memphisbus/internal/schema":      {},
	"bus/memphisbus/internal/send":        {"bus", "bus/memphisbus/internal/control", "bus/memphisbus/internal/names", "bus/memphisbus/internal/schema", "bus/memphisbus/internal/stations"},

	"bus/redisbus":                      {"bus", "bus/glob", "bus/hands", "bus/redisbus/internal/channels", "bus/redisbus/internal/entries", "bus/redisbus/internal/examination", "bus/redisbus/internal/fault", "bus/redisbus/internal/groups", "bus/redisbus/internal/keys", "bus/redisbus/internal/names", "bus/redisbus/internal/servers", "bus/redisbus/internal/session", "bus/redisbus/internal/streams"},
	"bus/redisbus/internal/examination": {"bus", "bus/redisbus/internal/fault", "bus/redisbus/internal/keys", "bus/redisbus/internal/resp", "bus/redisbus/internal/servers", "bus/redisbus/internal/session", "bus/redisbus/internal/streams"},
	"bus/redisbus/internal/keys":        {"bus", "bus/glob", "bus/redisbus/internal/channels", "bus/redisbus/internal/entries", "bus/redisbus/internal/fault", "bus/redisbus/internal/names", "bus/redisbus/internal/resp", "bus/redisbus/internal/servers", "bus/redisbus/internal/session"},
	"bus/redisbus/internal/groups":      {"bus", "bus/hands", "bus/redisbus/internal/entries", "bus/redisbus/internal/fault", "bus/redisbus/internal/names", "bus/redisbus/internal/servers", "bus/redisbus/internal/session"},
	"bus/redisbus/internal/streams":     {"bus", "bus/redisbus/internal/entries", "bus/redisbus/internal/fault", "bus/redisbus/internal/resp", "bus/redisbus/internal/servers", "bus/redisbus/internal/session"},
	"bus/redisbus/internal/channels":    {"bus", "bus/backlog", "bus/glob", "bus/redisbus/internal/fault", "bus/redisbus/internal/names", "bus/redisbus/internal/resp", "bus/redisbus/internal/servers", "bus/redisbus/internal/session"},
	"bus/redisbus/internal/session":     {"bus", "bus/backlog", "bus/redisbus/internal/fault", "bus/redisbus/internal/resp", "bus/redisbus/internal/servers"},
	"bus/redisbus/internal/servers":     {"bus", "bus/redisbus/internal/fault", "bus/redisbus/internal/resp"},
	"bus/redisbus/internal/entries":     {"bus", "bus/redisbus/internal/resp"},
	"bus/redisbus/internal/names":       {"bus"},
	"bus/redisbus/internal/fault":       {"bus", "bus/redisbus/internal/resp"},
	"bus/redisbus/internal/resp":        {},

	"bus/backlog":                    {"bus"},
	"bus/pipe":                       {"bus", "bus/backlog"},
	"bus/recording":                  {"bus", "bus/glob", "bus/recording/internal/blocks", "bus/recording/internal/content", "bus/recording/internal/mask"},
	"bus/recording/internal/blocks":  {"bus"},
	"bus/recording/internal/content": {"bus"},
	"bus/recording/internal/mask":    {"bus"},

	"bus/disk":            {},
	"bus/glob":            {},
	"bus/hands":           {},
	"bus/goroutine":       {},
	"bus/embedded":        {"bus", "bus/natsbus", "bus/recording"},
	"bus/bustest":         {"bus", "bus/bustest/leaks"},
	"bus/application":     {"bus"},
	"bus/bustest/example": {"bus", "bus/backlog"},

	"sources": {
		"sources/diagnosis", "sources/payload", "sources/state", "sources/subjects", "sources/internal/breakpoints", "sources/internal/entities", "sources/internal/event", "sources/internal/flow", "sources/internal/chart", "sources/internal/inquiry",
		"sources/internal/lists", "sources/internal/packed", "sources/internal/rate", "sources/internal/revisit", "sources/internal/samples", "sources/internal/seconds", "sources/internal/sketch", "sources/internal/slots", "sources/internal/store", "sources/internal/window",
	},
	"sources/diagnosis":            {},
	"sources/payload":              {},
	"sources/state":                {"sources/payload", "sources/internal/packed"},
	"sources/subjects":             {"sources/internal/packed"},
	"sources/internal/entities":    {"sources/state", "sources/internal/packed", "sources/internal/slab"},
	"sources/internal/event":       {"sources/payload", "sources/state", "sources/internal/packed"},
	"sources/internal/sketch":      {},
	"sources/internal/flow":        {"sources/internal/sketch"},
	"sources/internal/chart":       {"sources/internal/event", "sources/internal/sketch"},
	"sources/internal/breakpoints": {"sources/state", "sources/internal/event", "sources/internal/slots"},
	"sources/internal/inquiry":     {"sources/state", "sources/internal/breakpoints", "sources/internal/chart", "sources/internal/entities", "sources/internal/event", "sources/internal/flow", "sources/internal/lists", "sources/internal/slots", "sources/internal/store", "sources/internal/window"},
	"sources/internal/lists":       {"sources/state", "sources/subjects", "sources/internal/breakpoints", "sources/internal/chart", "sources/internal/slots", "sources/internal/entities", "sources/internal/event", "sources/internal/rank", "sources/internal/store", "sources/internal/window"},
	"sources/internal/rank":        {"sources/state"},
	"sources/internal/samples":     {"sources/internal/packed"},
	"sources/internal/store":       {"sources/payload", "sources/state", "sources/internal/entities", "sources/internal/event", "sources/internal/packed", "sources/internal/window"},
	"sources/internal/window":      {"sources/internal/packed"},
	"sources/internal/revisit":     {"sources/state", "sources/internal/entities", "sources/internal/event", "sources/internal/store", "sources/internal/window"},

	"scenarios": {"scenarios/chart", "scenarios/chance", "scenarios/command", "scenarios/demo", "scenarios/expression", "scenarios/file", "scenarios/filter", "scenarios/fold", "scenarios/guess",
		"scenarios/nearest", "scenarios/script", "scenarios/standin", "scenarios/transcript", "scenarios/truth", "scenarios/understand"},
	"scenarios/load":       {"scenarios/file", "scenarios/nearest", "scenarios/values"},
	"scenarios/demo":       {"scenarios/chance", "scenarios/command", "scenarios/file", "scenarios/script", "scenarios/standin", "scenarios/values"},
	"scenarios/standin":    {"scenarios/chance", "scenarios/command", "scenarios/expression", "scenarios/file", "scenarios/nearest", "scenarios/scope", "scenarios/script", "scenarios/values"},
	"scenarios/script":     {"scenarios/chance", "scenarios/command", "scenarios/expression", "scenarios/file", "scenarios/load", "scenarios/nearest", "scenarios/scope", "scenarios/truth", "scenarios/values"},
	"scenarios/truth":      {},
	"scenarios/values":     {"scenarios/chance", "scenarios/expression", "scenarios/file", "scenarios/nearest", "scenarios/scope"},
	"scenarios/command":    {"scenarios/chance", "scenarios/expression", "scenarios/file", "scenarios/nearest", "scenarios/scope"},
	"scenarios/understand": {"scenarios/expression", "scenarios/file", "scenarios/fold", "scenarios/nearest", "scenarios/scope"},
	"scenarios/fold":       {"scenarios/expression", "scenarios/file", "scenarios/nearest", "scenarios/scope"},
	"scenarios/guess":      {"scenarios/expression"},
	"scenarios/cohort":     {"scenarios/filter"},
	"scenarios/chance":     {"scenarios/nearest"},
	"scenarios/effects":    {},
	"scenarios/transcript": {"scenarios/command", "scenarios/expression", "scenarios/scope"},
	"scenarios/fields":     {"scenarios/expression", "scenarios/filter", "scenarios/nearest"},
	"scenarios/chart":      {"scenarios/expression", "scenarios/filter", "scenarios/nearest", "scenarios/scope"},
	"scenarios/filter":     {"scenarios/nearest", "scenarios/expression", "scenarios/scope"},
	"scenarios/scope":      {"scenarios/chance", "scenarios/expression"},
	"scenarios/lines":      {"scenarios/expression", "scenarios/scope"},
	"scenarios/file":       {"scenarios/expression", "scenarios/nearest"},
	"scenarios/expression": {"scenarios/nearest"},

	"ui/screen": {},
	"ui/graph":  {"ui/screen"},
	"ui/output": {"ui/graph", "ui/screen"},

	"ui/cli": {"ui/screen", "ui/output", "ui/deck", "ui/deck/cohorts", "ui/cli/internal/brokers", "ui/cli/internal/cohorts", "ui/cli/internal/comparison", "ui/cli/internal/config", "ui/cli/internal/flagvalue",
		"ui/cli/internal/heap",
		"ui/cli/internal/marks", "ui/cli/internal/notes", "ui/cli/internal/results", "ui/cli/internal/saved", "ui/cli/internal/shutdown", "ui/cli/internal/target", "ui/cli/internal/terminal",
		"ui/cli/internal/trust"},
	"ui/cli/internal/brokers":    {},
	"ui/cli/internal/config":     {"ui/cli/internal/brokers"},
	"ui/cli/internal/target":     {"ui/cli/internal/brokers", "ui/cli/internal/config"},
	"ui/cli/internal/notes":      {"ui/screen", "ui/deck"},
	"ui/cli/internal/saved":      {},
	"ui/cli/internal/results":    {"ui/screen", "ui/output"},
	"ui/cli/internal/comparison": {"ui/output"},
	"ui/cli/internal/flagvalue":  {"ui/cli/internal/target"},
	"ui/cli/internal/cohorts":    {"ui/cli/internal/saved"},
	"ui/cli/internal/heap":       {},
	"ui/cli/internal/marks":      {"ui/cli/internal/brokers", "ui/cli/internal/config"},
	"ui/cli/internal/trust":      {"ui/screen", "ui/cli/internal/brokers", "ui/cli/internal/config"},
	"ui/cli/internal/shutdown":   {"ui/screen", "ui/cli/internal/terminal"},
	"ui/cli/internal/terminal":   {},
	"ui/bench":                   {"ui/deck", "ui/cli"},

	"ui/deck/layout":      {},
	"ui/deck/timecursor":  {},
	"ui/deck/breakpoints": {},
	"ui/deck/cohorts":     {},
	"ui/deck/selection":   {},
	"ui/deck/sender":      {"ui/screen"},
	"ui/deck/wording":     {"ui/screen"},
	"ui/deck/drift":       {},
	"ui/deck/reload":      {},
	"ui/deck/component":   {"ui/screen", "ui/deck/breakpoints", "ui/deck/cohorts", "ui/deck/drift", "ui/deck/layout", "ui/deck/reload", "ui/deck/timecursor", "ui/deck/selection", "ui/deck/sender"},
	"ui/deck/dialogs":     {"ui/screen", "ui/deck/layout", "ui/deck/component"},
	"ui/deck/forms":       {"ui/screen", "ui/deck/layout", "ui/deck/sender", "ui/deck/wording", "ui/deck/component", "ui/deck/dialogs"},
	"ui/deck/actions":     {"ui/screen", "ui/deck/wording", "ui/deck/component", "ui/deck/dialogs", "ui/deck/forms"},
	"ui/deck/scripts":     {"ui/screen", "ui/deck/layout", "ui/deck/sender", "ui/deck/wording", "ui/deck/component", "ui/deck/dialogs"},
	"ui/deck/presenter":   {"ui/screen", "ui/deck/layout", "ui/deck/wording", "ui/deck/component", "ui/deck/scripts"},
	"ui/deck/standins":    {"ui/screen", "ui/deck/wording", "ui/deck/component", "ui/deck/dialogs"},
	"ui/deck/overlays":    {"ui/graph", "ui/output", "ui/screen", "ui/deck/breakpoints", "ui/deck/cohorts", "ui/deck/layout", "ui/deck/reload", "ui/deck/wording", "ui/deck/component", "ui/deck/dialogs"},
	"ui/deck/panes":       {"ui/output", "ui/screen", "ui/deck/layout", "ui/deck/wording", "ui/deck/component", "ui/deck/overlays", "ui/deck/selection"},
	"ui/deck": {"ui/output", "ui/screen", "ui/deck/breakpoints", "ui/deck/cohorts", "ui/deck/drift", "ui/deck/layout", "ui/deck/reload", "ui/deck/timecursor", "ui/deck/selection", "ui/deck/sender", "ui/deck/component",
		"ui/deck/dialogs", "ui/deck/forms", "ui/deck/actions", "ui/deck/scripts", "ui/deck/presenter", "ui/deck/standins", "ui/deck/overlays", "ui/deck/panes"},
}

// toolboxes import nothing of ours at all: whatever is drawn with them, they need not know of it.
var toolboxes = []string{"ui/screen"}

// apart are imports that a folder may not have although its layer may: an expression knows values, not events.
var apart = map[string][]string{
	"scenarios/expression": {"signalbox/sources", "signalbox/bus"},
	"scenarios/nearest":    {"signalbox/sources", "signalbox/bus"},
	"scenarios/file":       {"signalbox/sources", "signalbox/bus"},
}

// kept says which folders alone, with those below them, may import a module. Everything else is free.
var kept = map[string][]string{
	"charm.land":                     {"ui"},
	"github.com/charmbracelet":       {"ui"},
	"github.com/nats-io/nats.go":     {"bus/natsbus", "bus/memphisbus", "bus/embedded", "bus/bustest/natstest"},
	"github.com/nats-io/nats-server": {"bus/natsbus", "bus/memphisbus", "bus/embedded", "bus/bustest/natstest"},
	"github.com/redis/go-redis":      {"bus/redisbus"},
	"github.com/expr-lang/expr":      {"scenarios"},
	"github.com/goccy/go-yaml":       {"scenarios"},
	"github.com/spf13/cobra":         {"ui/cli"},

	"github.com/rogpeppe/go-internal/lockedfile": {"ui/cli/internal/saved"},
}

// newBroker is what a broker's folder may import that within does not list: a new one needs no line here.
var newBroker = []string{"bus", "bus/backlog", "bus/glob"}

// forAll are the folders below bus that are no bus. All but the command line, and tests, know the others by the interfaces
// of bus only.
var forAll = []string{"signalbox/bus/disk", "signalbox/bus/glob", "signalbox/bus/backlog", "signalbox/bus/goroutine"}

// everywhere are folders that every other may import: what all of them need.
var everywhere = []string{"bus/disk", "bus/goroutine"}

// forTests are imports of test files, and of the suite that tests run.
var forTests = []string{
	"testing", "signalbox/bus/bustest", "github.com/alicebob/miniredis", "github.com/rogpeppe/go-internal/testscript", "github.com/rogpeppe/go-internal/txtar",
	"github.com/creack/pty", "github.com/charmbracelet/x/vt", "github.com/google/go-cmp", "go.uber.org/goleak",
	"pgregory.net/rapid",
}

func TestImportsRunOneWay(t *testing.T) {
	for _, file := range goFiles(t) {
		for _, spec := range file.parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := refused(file.folder, imported, file.test); why != "" {
				t.Errorf("%s imports %s: %s", file.name, imported, why)
			}
		}
	}
}

// The rules themselves: without this, a rule that refuses nothing would go unnoticed.
func TestImportRulesRefuse(t *testing.T) {
	for _, c := range []struct {
		folder, imported string
		test, refused    bool
	}{
		{"ui/deck", "signalbox/sources", false, false},
		{"ui/cli", "signalbox/ui/deck", false, false},
		{"ui/deck", "signalbox/ui/cli", false, true},
		{"ui/deck", "signalbox/ui/screen", false, false},
		{"ui/screen", "signalbox/ui/deck", false, true},
		{"ui/deck/panes", "signalbox/ui/deck/component", false, false},
		{"ui/deck/panes", "signalbox/ui/deck", false, true},
		{"ui/deck/component", "signalbox/ui/deck/panes", false, true},
		{"ui/screen", "signalbox/bus", false, true},
		{"ui/screen", "charm.land/lipgloss/v2", false, false},
		{"scenarios", "signalbox/sources", false, false},
		{"sources", "signalbox/scenarios", false, true},
		{"sources", "signalbox/scenarios", true, true},
		{"bus", "signalbox/sources", false, true},
		{"bus/natsbus", "signalbox/bus/redisbus", false, true},
		{"bus/another", "signalbox/bus/backlog", false, false},
		{"bus/another", "signalbox/bus/natsbus", false, true},
		{"sources", "signalbox/bus/another", false, true},
		{"ui/cli", "signalbox/bus/another", false, false},
		{"sources", "signalbox/bus/natsbus", false, true},
		{"sources", "signalbox/bus/embedded", true, false},
		{"ui/deck", "charm.land/lipgloss/v2", false, false},
		{"sources", "charm.land/lipgloss/v2", false, true},
		{"sources", "charm.land/lipgloss/v2", true, true},
		{"ui/cli", "github.com/nats-io/nats.go", false, true},
		{"bus/natsbus", "github.com/nats-io/nats.go/jetstream", false, false},
		{"bus/natsbus", "github.com/redis/go-redis/v9", false, true},
		{"ui/deck", "github.com/creack/pty", false, true},
		{"ui/deck", "github.com/creack/pty", true, false},
		{"scenarios/expression", "signalbox/sources/state", false, false},
		{"scenarios/expression", "signalbox/sources", false, true},
		{"scenarios/filter", "signalbox/scenarios/script", false, true},
		{"scenarios/fold", "signalbox/scenarios/understand", false, true},
		{"scenarios/script", "signalbox/scenarios/standin", false, true},
		{"bus", "time", false, false},
		{"bus", "signalbox/bus/goroutine", false, false},
		{"ui/screen", "signalbox/bus/goroutine", false, true},
		{"bus/goroutine", "signalbox/bus", false, true},
	} {
		if why := refused(c.folder, c.imported, c.test); (why != "") != c.refused {
			t.Errorf("%s importing %s, in a test %t: refused %q, want refused %t", c.folder, c.imported, c.test, why, c.refused)
		}
	}
}

// refused tells why a folder may not import a package, or "".
func refused(folder, imported string, test bool) string {
	is := func(module string) bool { return under(imported, module) }
	if slices.ContainsFunc(forTests, is) {
		if test || under(folder, "bus/bustest") {
			return ""
		}
		return "it is for tests"
	}
	for module, folders := range kept {
		if is(module) && !slices.ContainsFunc(folders, func(f string) bool { return under(folder, f) }) {
			return module + " is kept to " + strings.Join(folders, ", ")
		}
	}
	if isBus := strings.HasPrefix(imported, "signalbox/bus/") && !slices.Contains(forAll, imported); isBus && !test && !under(folder, "ui/cli") && layerOf(folder) > 0 {
		return "a bus is known by its interfaces here"
	}
	ours, isOurs := strings.CutPrefix(imported, "signalbox/")
	if !isOurs {
		return ""
	}
	if slices.Contains(toolboxes, folder) && ours != folder {
		return folder + " imports nothing of ours"
	}
	if slices.Contains(apart[folder], imported) {
		return folder + " is kept apart from it"
	}
	from, to := layerOf(folder), layerOf(ours)
	if slices.Contains(everywhere, ours) {
		return ""
	}
	allowed, listed := within[folder]
	if !listed && path.Dir(folder) == "bus" {
		allowed = newBroker
	}
	switch {
	case to > from:
		return layers[from] + " lies below " + layers[to]
	case to == from && !slices.Contains(allowed, ours) && (!test || ours != folder):
		return "not one of the imports allowed within " + layers[from]
	}
	return ""
}

func layerOf(folder string) int {
	top, _, _ := strings.Cut(folder, "/")
	return slices.Index(layers, top)
}

func under(name, prefix string) bool { return name == prefix || strings.HasPrefix(name, prefix+"/") }
