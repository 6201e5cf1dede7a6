package cli

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"signalbox/scenarios/script"
	"signalbox/ui/cli/internal/shutdown"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/tidwall/gjson"
)

// deadline bounds every wait of these tests; a loaded machine under the race detector is slow.
const deadline = time.Minute

func TestMain(m *testing.M) {
	if os.Getenv("GORACE") == "" { // a program under the race detector waits a second at its end, and hundreds are started here
		_ = os.Setenv("GORACE", "atexit_sleep_ms=50")
	}
	if err := flag.Set("test.parallel", "6"); err != nil { // most wait for another program, not for a processor
		panic(err)
	}
	patience, shutdown.Patience, shutdown.Closing = deadline, deadline/2, deadline
	script.Patient(deadline)
	testscript.Main(m, map[string]func(){
		"signalbox": func() { injectPanic(); os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
		"watched":   func() { watchConnecting(); os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
		"patient":   func() { parting = deadline; os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
		"fragile":   func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, fragile{os.Stderr})) },
		"full":      runFull,
		"broken":    func() { os.Exit(runBroken(os.Args[1], os.Args[2:]...)) },
	})
}

// fullDevice is where no byte can be written any more.
const fullDevice = "/dev/full"

// runFull is the program whose standard output is on a full disk.
func runFull() {
	out, err := os.OpenFile(fullDevice, os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	os.Stdout = out // what fang prints goes there
	os.Exit(Main(os.Args[1:], os.Stdin, out, os.Stderr))
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, ".config"))
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, ".state"))
			env.Setenv("GORACE", os.Getenv("GORACE"))
			return nil
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "redis":
				return haveRedis(), nil
			case "full":
				_, err := os.Stat(fullDevice)
				return err == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"await":   await,
			"grown":   grown,
			"events":  events,
			"field":   field,
			"nats":    startNATS,
			"refuser": startRefuser,
			"listen":  listen,
			"redis":   startRedis,
			"publish": publish,
			"command": command, "application": startApplication,
			"setting": wantSetting,
		},
	})
}

// exits runs a command and wants an exit code: exits 2 signalbox tail --from never.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		code = ended.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// grown waits until a file has so many bytes.
func grown(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: grown FILE BYTES")
	}
	want, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	for end := time.Now().Add(deadline); time.Now().Before(end); <-time.After(5 * time.Millisecond) {
		if info, err := os.Stat(ts.MkAbs(args[0])); err == nil && info.Size() >= want {
			return
		}
	}
	ts.Fatalf("%s has not grown to %d bytes", args[0], want)
}

// await waits until a file has a text in it.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await FILE TEXT")
	}
	file, text := ts.MkAbs(args[0]), args[1]
	var have []byte
	for end := time.Now().Add(deadline); time.Now().Before(end); <-time.After(5 * time.Millisecond) {
		if have, _ = os.ReadFile(file); strings.Contains(string(have), text) {
			return
		}
	}
	ts.Fatalf("%s never had %q in it, only:\n%s", args[0], text, have)
}

// events wants so many lines of JSON, each an event: events FILE N.
func events(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: events FILE N")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n")
	if len(lines) != want {
		ts.Fatalf("%d lines, want %d", len(lines), want)
	}
	for _, line := range lines {
		var e struct {
			Time    time.Time
			Station string
			Subject string
			Type    string
			Data    any
			Headers map[string]string
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			ts.Fatalf("%v in %s", err, line)
		}
		if e.Time.IsZero() || e.Station == "" || e.Subject == "" || e.Data == nil || e.Headers == nil {
			ts.Fatalf("no whole event: %s", line)
		}
	}
}

// field wants a value at a path in a line of JSON: field FILE LINE PATH VALUE. Lines count from 1, from the end if negative.
func field(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: field FILE LINE PATH VALUE")
	}
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n")
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	if at < 0 {
		at += len(lines) + 1
	}
	if at < 1 || at > len(lines) {
		ts.Fatalf("no line %s in %d", args[1], len(lines))
	}
	line := lines[at-1]
	if !gjson.Valid(line) {
		ts.Fatalf("not JSON: %s", line)
	}
	if have := gjson.Get(line, args[2]).String(); (have == args[3]) == neg {
		ts.Fatalf("%s is %q, want %q (not: %t), in %s", args[2], have, args[3], neg, line)
	}
}
