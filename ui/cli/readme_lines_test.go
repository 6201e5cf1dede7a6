package cli

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/bus/natsbus"
	"signalbox/ui/cli/internal/brokers"
)

var (
	codeBlock  = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")
	codeSpan   = regexp.MustCompile("`([^`]+)`")
	shellWord  = regexp.MustCompile(`'[^']*'|"[^"]*"|[^\s'"]+`)
	domainName = regexp.MustCompile(`(?m)^domain: (\w+)$`)
)

// readmeBlocks are the blocks of code of one language.
func readmeBlocks(t *testing.T, language string) []string {
	t.Helper()
	var blocks []string
	for _, block := range codeBlock.FindAllStringSubmatch(readReadme(t), -1) {
		if block[1] == language {
			blocks = append(blocks, block[2])
		}
	}
	return blocks
}

// readmeSpans are the pieces of code within its sentences, each as one line.
func readmeSpans(t *testing.T) []string {
	t.Helper()
	var spans []string
	for _, span := range codeSpan.FindAllStringSubmatch(codeBlock.ReplaceAllString(readReadme(t), ""), -1) {
		spans = append(spans, strings.Join(strings.Fields(span[1]), " "))
	}
	return spans
}

// readmeLines are the lines that the README has people type, but for those that only say how a command is written.
func readmeLines(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, block := range readmeBlocks(t, "") {
		if strings.HasPrefix(block, " signalbox ") || strings.Contains(shellSection(t), block) {
			continue // a screen, or the forms of all commands
		}
		for line := range strings.Lines(block) {
			line, _, _ = strings.Cut(line, " # ")
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	for _, span := range readmeSpans(t) {
		if strings.HasPrefix(span, "signalbox ") {
			lines = append(lines, span)
		}
	}
	return lines
}

// readmeFolder has the files that the README shows: its domains, and its configuration.
func readmeFolder(t *testing.T, nats string) string {
	t.Helper()
	folder := t.TempDir()
	for _, text := range readmeBlocks(t, "yaml") {
		name := "signalbox.yaml"
		if domain := domainName.FindStringSubmatch(text); domain != nil {
			name = domain[1] + ".yaml"
		}
		text = strings.ReplaceAll(text, "nats://127.0.0.1:4222", nats)
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "signalbox"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "signalbox", "cohorts.yaml"), []byte("begun: delivery where version > 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := runIn(t, folder, "trust"); code != exitDone {
		t.Fatal(errs)
	}
	if code, _, errs := runIn(t, folder, "record", nats, "deliveries", "--from", "all", "--count", "1", "--output", "told.sbx"); code != exitDone {
		t.Fatal(errs)
	}
	return folder
}

// readmeServer is a server with the stations that the README names, and some deliveries.
func readmeServer(t *testing.T) (string, *natsbus.Bus) {
	t.Helper()
	url, b := serverWithBus(t)
	for _, name := range []string{"deliveries", "parcels"} {
		if err := b.Make(t.Context(), bus.NewStation{Name: name, Subjects: []string{name, name + ".>"}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, data := range []string{
		`{"type":"CREATE_DELIVERY","delivery_id":"d1","data":{"budget":10,"notes":"x"}}`,
		`{"type":"START_DELIVERY","delivery_id":"d1","data":{}}`,
		`{"type":"PICKUP_PRODUCTS","delivery_id":"d1","data":{"purchase_price":10,"quantity":5}}`,
	} {
		if _, err := b.Publish(t.Context(), bus.Outgoing{Station: "deliveries", Subject: "deliveries.d1", Data: []byte(data)}); err != nil {
			t.Fatal(err)
		}
	}
	return url, b
}

// runIn runs the program in a folder, without whatever the environment says of buses, and returns its exit code.
func runIn(t *testing.T, folder string, args ...string) (code int, out, errs string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	c := exec.CommandContext(ctx, program, args...)
	c.Args[0], c.Dir = "signalbox", folder
	c.Env = append(os.Environ(), "SIGNALBOX_BUS=", "NATS_URL=", "NATS_CONTEXT=", "REDIS_URL=", "NO_COLOR=1",
		"HOME="+folder, "XDG_CONFIG_HOME="+folder, "XDG_STATE_HOME="+folder)
	var stdout, stderr strings.Builder
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); c.ProcessState == nil {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Errorf("%v did not end", args)
	}
	return c.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// What the README has people type is typed: a deck shows up and is left by q, everything else ends with 0.
func TestReadmeLinesRun(t *testing.T) {
	t.Parallel()
	nats, _ := readmeServer(t)
	redis := ""
	if haveRedis() {
		r, err := newRedis()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.stop)
		redis = "unix://" + r.socket
	}
	app := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(app.Close)
	memphis := "memphis://" + strings.TrimPrefix(nats, "nats://") // a server of NATS is believed to be one
	replaced := strings.NewReplacer("memphis://root:memphis@127.0.0.1:6666", memphis, "http://127.0.0.1:8000", app.URL, "nats://127.0.0.1:4222", nats, "nats://…", nats, "redis://127.0.0.1:6379", redis, "monday.sbx", "told.sbx")
	lines := readmeLines(t)
	if len(lines) < 10 {
		t.Fatalf("only %d lines were found in the README: %q", len(lines), lines)
	}
	for _, line := range lines {
		t.Run(line, func(t *testing.T) {
			if redis == "" && strings.Contains(line, "redis://") {
				t.Skip("redis-server is not installed")
			}
			folder := readmeFolder(t, nats)
			words := shellWord.FindAllString(replaced.Replace(line), -1)
			for i := range words {
				words[i] = strings.Trim(words[i], `'"`)
			}
			switch {
			case line == "go test ./...":
				return // is what runs
			case line == "go run .":
				words = words[2:]
			case words[0] != "signalbox":
				t.Fatalf("this line of the README is not tried: teach TestReadmeLinesRun how to, or leave it out")
			}
			typeLine(t, folder, words[1:])
		})
	}
}

// typeLine runs a line of the README to its end.
func typeLine(t *testing.T, folder string, args []string) {
	if len(args) > 0 && args[0] == "present" {
		c := startConsoleIn(t, folder, 120, 36, args...)
		c.sees("space begins")
		c.press("q")
		c.ends(exitDone)
		return
	}
	deck := len(args) == 0 || brokers.IsBus(args[0]) || strings.HasPrefix(args[0], "-") // else it is a command
	if deck && !slices.Contains(args, "--version") {
		c := startConsoleIn(t, folder, 120, 36, args...)
		c.sees("1 Stations", "2 Events")
		c.press("q")
		c.ends(exitDone)
		return
	}
	if code, out, errs := runIn(t, folder, args...); code != exitDone {
		t.Errorf("it ends with %d, where readers of the README expect 0:\n%s%s", code, out, errs)
	}
}

// Parameters that the README has in its table of URLs are known to the brokers, which refuse others.
func TestReadmeParametersExist(t *testing.T) {
	t.Parallel()
	_, table, _ := strings.Cut(readReadme(t), "| URL | |\n| --- | --- |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	for row := range strings.Lines(table) {
		spans := codeSpan.FindAllStringSubmatch(row, -1)
		if len(spans) == 0 {
			t.Fatalf("a row of the table of URLs has no URL: %s", row)
		}
		scheme, _, _ := strings.Cut(spans[0][1], "://")
		base := scheme + "://127.0.0.1:1"
		if strings.Contains(scheme, "sentinel") {
			base += "/master"
		}
		if !refusesParameter(t, base, "nonsense") {
			t.Errorf("%s takes any parameter: this test would not see a wrong one", base)
		}
		for _, span := range spans[1:] {
			if name, _, _ := strings.Cut(span[1], "="); !strings.ContainsAny(name, ":?&") && refusesParameter(t, base, name) {
				t.Errorf("the README says that %s:// takes the parameter %s, and it does not", scheme, name)
			}
		}
	}
}

// refusesParameter tells whether a URL with a parameter is refused because of its name.
func refusesParameter(t *testing.T, base, name string) bool {
	t.Helper()
	_, _, errs := runIn(t, t.TempDir(), "stations", base+"?"+name+"="+url.QueryEscape("true"))
	return strings.Contains(errs, "there is no parameter") || strings.Contains(errs, "unexpected option")
}
