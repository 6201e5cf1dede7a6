package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"signalbox/bus"
)

// readmeUses are uses of each command of the README, which together have all of its flags. NATS stands for a server with
// the delivery d1. They run where the files of the README are, and end with 0.
var readmeUses = map[string][]string{
	"tail": {
		"NATS deliveries --from all --where type:CREATE_DELIVERY --count 1 --json --stats",
		"NATS deliveries --from all --no-follow",
		"NATS deliveries --from all --until changed.budget",
		"told.sbx --speed 1000",
	},
	"stations":  {"NATS --json"},
	"consumers": {"NATS --json", "NATS --pending"},
	"state":     {"NATS delivery/d1 --at 1 --history --json", "NATS delivery --where status:active", "NATS parcel --check --domain parcels.yaml", "NATS delivery/none --drift", "NATS delivery/d1 --without 1 --with -", "NATS delivery --sort -budget --columns status,budget", "NATS --cohort begun"},
	"diff":      {"NATS delivery/d1@1 @1 --json", "NATS delivery/d1 --at 1 --at 1", "NATS delivery --where status:x --where status:x"},
	"effects":   {"NATS version==1 --within 5s --json", "NATS version==1 --mermaid"},
	"bisect":    {"NATS delivery/d1 changed.budget --json", "NATS delivery state.budget>0"},
	"count":     {"NATS --of sum(data.budget) --by type,status --every 1m --where type:CREATE_DELIVERY --json"},
	"flow":      {"NATS delivery --mermaid", "NATS delivery --svg", "NATS delivery --json"},
	"inject":    {"NATS deliveries.create budget=7 --yes --json --effects 10ms", "NATS deliveries.start id=d1 --set base=http://127.0.0.1:8000 --dry-run"},
	"send": {
		"NATS deliveries {} --subject deliveries.d2 --header A=b --id 7 --yes --json",
		"NATS $JS.API.INFO - --request",
		"NATS deliveries {} --subject deliveries.d2 --key d2 --yes",
	},
	"run": {"deliveries/happy-path NATS --speed 1000 --set budget=200 --seed 7 --jobs 2 --junit report.xml --yes --json",
		"orders/happy-path NATS --make --stand-in order-service --stand-in sales"},
	"record": {"NATS deliveries --from all --output new.sbx --mask data.x --count 1 --for 1m"},
	"replay": {"told.sbx deliveries NATS --rate 1000/s --where type:x --rename deliveries=deliveries --make --new-ids --dry-run --yes", "told.sbx NATS --speed 1000 --where type:x"},
	"export": {"NATS deliveries --csv --where type:CREATE_DELIVERY", "told.sbx --ndjson"},
	"script": {"NATS deliveries --where type:CREATE_DELIVERY --until version==1 --entity delivery/d1 --name first --waits", "told.sbx"},
	"check":  {"parcels.yaml signalbox.yaml", "--strict parcels.yaml", "--schema", "--guess NATS deliveries --kind delivery --for 1ms"},
	"doctor": {"NATS deliveries --json"},
	"trust":  {"", "signalbox.yaml", "--list", "--forget"},
	"everywhere": {
		"tail NATS deliveries --from last:1 --count 1 --domain parcels.yaml --memory 256MiB --write --wait --allow-all --allow-config",
		"tail --context near --from all --count 1 --read-only --trust",
		"tail told.sbx --part 1970-01-01..",
	},
}

// Each command of the README is run with each flag that it has there.
func TestReadmeCommandsRun(t *testing.T) {
	t.Parallel()
	nats, _ := readmeServer(t)
	_, block, _ := strings.Cut(shellSection(t), "```\n")
	block, rest, _ := strings.Cut(block, "```\n")
	lines := slices.Collect(strings.Lines(block))
	_, everywhere, _ := strings.Cut(rest, "\nEverywhere: ")
	everywhere, _, _ = strings.Cut(everywhere, ". ")
	for _, line := range append(lines, "signalbox everywhere "+everywhere) {
		name := strings.Fields(line)[1]
		if name == "demo" || name == "stand-in" {
			continue // has no end: TestReadmeDemoRuns, the script stand-in.txtar
		}
		if name == "present" {
			continue // takes a terminal: TestReadmePresentRuns
		}
		t.Run(name, func(t *testing.T) {
			uses := readmeUses[name]
			for _, flag := range flagNames.FindAllString(line, -1) {
				if !slices.Contains(strings.Fields(strings.Join(uses, " ")), flag) {
					t.Errorf("no use of %s has the flag %s of the README: add one to readmeUses", name, flag)
				}
			}
			if len(uses) == 0 {
				t.Errorf("the command %s of the README is not used: add a use to readmeUses", name)
			}
			for _, use := range uses {
				args := strings.Fields(strings.ReplaceAll(use, "NATS", nats))
				if name != "everywhere" {
					args = append([]string{name}, args...)
				}
				folder := readmeFolder(t, nats)
				if code, out, errs := runIn(t, folder, args...); code != exitDone {
					t.Errorf("%s %s ends with %d:\n%s%s", name, use, code, out, errs)
				}
			}
		})
	}
}

// The demo listens where it is told, and ends in good order by a signal.
func TestReadmeDemoRuns(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program, "demo", "--listen", "127.0.0.1:0")
	c.Args[0], c.Dir = "signalbox", t.TempDir()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 256)
	n, err := out.Read(first)
	if err != nil || !strings.HasPrefix(string(first[:n]), "nats://127.0.0.1:") {
		t.Errorf("it says %q, %v; want the URL to attach to", first[:n], err)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("ended by a signal: %v", err)
	}
}

// The forms of --from in the README can be read, and the help names the same.
func TestReadmeFormsOfFrom(t *testing.T) {
	forms := regexp.MustCompile("--from ([^`]+)`").FindStringSubmatch(shellSection(t))
	if forms == nil {
		t.Fatal("the README does not say what --from takes")
	}
	usage := newRoot(&options{}).PersistentFlags().Lookup("from").Usage
	value := strings.NewReplacer("PARTITION", "2", "OFFSET", "17", "MS", "1700000000000", "SEQ", "3", "N", "5")
	for form := range strings.SplitSeq(forms[1], "|") {
		if _, err := bus.ParseFrom(value.Replace(form)); err != nil {
			t.Errorf("the README has --from %s: %v", form, err)
		}
		if !strings.Contains(usage, form) {
			t.Errorf("the help of --from does not name %s: %s", form, usage)
		}
	}
}

// Each exit code of the README is seen; that of a fault of the program's own in TestPanicsPutBack.
func TestReadmeExitCodes(t *testing.T) {
	t.Parallel()
	nats, _ := readmeServer(t)
	uses := map[int]string{
		0: "stations " + nats,
		1: "state " + nats + " delivery/nobody",
		2: "tail --nonsense",
		3: "stations nats://127.0.0.1:1",
	}
	_, table, _ := strings.Cut(readReadme(t), "| exit code | |\n| --- | --- |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := slices.Collect(strings.Lines(table))
	if len(rows) != len(uses)+1 {
		t.Errorf("the README has %d exit codes, and %d are tried here", len(rows), len(uses)+1)
	}
	for _, row := range rows {
		want, err := strconv.Atoi(strings.TrimSpace(strings.Split(row, "|")[1]))
		if err != nil {
			t.Fatal(err)
		}
		if want == exitFault {
			continue
		}
		if code, _, errs := runIn(t, t.TempDir(), strings.Fields(uses[want])...); code != want {
			t.Errorf("signalbox %s ends with %d, want %d: %s", uses[want], code, want, errs)
		}
	}
}

// The event in the README has the names, in their order, that an event of its sort is printed with.
func TestReadmeEventIsAsPrinted(t *testing.T) {
	t.Parallel()
	nats, _ := readmeServer(t)
	code, out, errs := runIn(t, t.TempDir(), "tail", nats, "deliveries", "--from", "all", "--no-follow", "--json", "--where", "rejected != nil")
	if code != exitDone || strings.Count(out, "\n") != 1 {
		t.Fatalf("it ends with %d:\n%s%s", code, out, errs)
	}
	blocks := readmeBlocks(t, "json")
	if len(blocks) != 1 {
		t.Fatalf("the README has %d blocks of JSON: teach this test what they show", len(blocks))
	}
	if shown, printed := jsonNames(t, blocks[0]), jsonNames(t, out); !slices.Equal(shown, printed) {
		t.Errorf("the event in the README has the names\n%v\nand one that is printed\n%v\n%s", shown, printed, out)
	}
}

// jsonNames are the names of an object in order, with those of the objects in it as "entity.kind".
func jsonNames(t *testing.T, text string) []string {
	t.Helper()
	var names, path []string
	decoder := json.NewDecoder(strings.NewReader(text))
	key := true
	for {
		token, err := decoder.Token()
		if err != nil {
			return names
		}
		switch token {
		case json.Delim('{'):
			path, key = append(path, ""), true
			continue
		case json.Delim('}'):
			path = path[:len(path)-1]
			key = true
			continue
		}
		if key {
			name, _ := token.(string)
			path[len(path)-1] = name
			names = append(names, strings.Join(path, "."))
		}
		key = !key
	}
}

// readmeFilters are the pieces of code in what the README says of filters, each as a filter, with how many of the three
// events of readmeServer it finds; those without a filter are no filters.
var readmeFilters = map[string]struct {
	text  string
	finds int
}{
	"type:":           {"type:START_DELIVERY", 1},
	"station:":        {"station:deliveries", 3},
	"subject:":        {"subject:deliveries.d1", 3},
	"entity:":         {"entity:delivery/d1", 3},
	"status:":         {"status:active", 1},
	"status:rejected": {"status:rejected", 1},
	"rejected != nil": {"rejected != nil", 1},
	`data.quantity > 3 && type != "START_DELIVERY"`: {`data.quantity > 3 && type != "START_DELIVERY"`, 1},
	"data.quantity * 2 > 3":                         {"data.quantity * 2 > 3", 1},
	"max(data.quantity, 3) > 3":                     {"max(data.quantity, 3) > 3", 1},
	"data.name > 3":                                 {"data.name > 3", 0},
	"+":                                             {},
	"type:pick":                                     {"type:pick", 1},
	"type:*_PRODUCTS":                               {"type:*_PRODUCTS", 1},
	`type:"PICK"`:                                   {`type:"PICK"`, 0},
	`type:""`:                                       {`type:""`, 0},
	"-type:pick":                                    {"-type:pick", 2},
	"status:failed":                                 {"status:failed", 0},
	"status:undecodable":                            {"status:undecodable", 0},
	"age < 5m":                                      {"age < 5m", 3},
	"state":                                         {`state.status == "active"`, 2},
	"before":                                        {`before.status == "ready"`, 1},
	"changed.budget":                                {"changed.budget", 1},
	`"budget" in changed`:                           {`"budget" in changed`, 1},
	"state.budget < 0 && before.budget >= 0":        {"state.budget < 0 && before.budget >= 0", 0},
	"tail --until":                                  {},
	"tab":                                           {},
	"tail --where":                                  {},
	"✗":                                             {},
	"!":                                             {},
	"?":                                             {},
}

// Filters find in the deck what they find in tail.
func TestReadmeFiltersAreOneLanguage(t *testing.T) {
	t.Parallel()
	nats, _ := readmeServer(t)
	_, filters, _ := strings.Cut(readReadme(t), "**Filters.**")
	filters, _, _ = strings.Cut(filters, "\n\n")
	c := startConsole(t, 200, 60, nats, "deliveries")
	c.sees("following ─ 3 ")
	for _, span := range codeSpan.FindAllStringSubmatch(filters, -1) {
		filter, known := readmeFilters[strings.Join(strings.Fields(span[1]), " ")]
		if !known {
			t.Errorf("the filter %s of the README is not tried: add it to readmeFilters", span[1])
			continue
		}
		if filter.text == "" {
			continue
		}
		code, out, errs := runIn(t, t.TempDir(), "tail", nats, "deliveries", "--from", "all", "--no-follow", "--json", "--where", filter.text)
		if found := strings.Count(out, "\n"); code != exitDone || found != filter.finds {
			t.Errorf("tail --where '%s' finds %d events, want %d: %s", filter.text, found, filter.finds, errs)
		}
		c.press("2/" + filter.text + "\r")
		c.sees("/"+filter.text, fmt.Sprintf("following ─ %d of 3 ", filter.finds))
		c.press("\x1b")
		c.misses("/" + filter.text)
	}
	c.press("q")
	c.ends(exitDone)
}

// What signalbox.yaml may hold.
func TestReadmeNamesTheConfiguration(t *testing.T) {
	sentence := regexp.MustCompile("(?s)`./signalbox.yaml` may hold (.*?)\n\n").FindStringSubmatch(readReadme(t))
	if sentence == nil {
		t.Fatal("the README does not say what signalbox.yaml may hold")
	}
	values := map[string]string{
		"bus": "nats://127.0.0.1:4222", "stations": "[deliveries]", "contexts": "{ near: { url: \"nats://127.0.0.1:4222\" } }",
		"domains": "[]", "production": "{ servers: [shop] }", "from": "all", "memory": "256MiB", "read-only": "true",
	}
	for _, span := range codeSpan.FindAllStringSubmatch(sentence[1], -1) {
		value, known := values[span[1]]
		if !known {
			t.Errorf("the key %s of signalbox.yaml is not tried: add a value", span[1])
		}
		delete(values, span[1])
		folder := t.TempDir()
		file := filepath.Join(folder, "signalbox.yaml")
		if err := os.WriteFile(file, []byte(span[1]+": "+value+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, errs := runIn(t, folder, "check", file); code != exitDone {
			t.Errorf("the README has %s in signalbox.yaml: %s", span[1], errs)
		}
	}
	for name := range values {
		t.Errorf("the README does not name %s of signalbox.yaml", name)
	}
}
