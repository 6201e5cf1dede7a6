package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"signalbox/bus"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/config"
)

// attemptsFile of the environment is where watchConnecting writes.
const attemptsFile = "SIGNALBOX_TEST_ATTEMPTS"

// watchConnecting makes the program write down each attempt to connect by a URL, instead of connecting. All ways to a broker
// go through here, and what a URL names is read behind it.
func watchConnecting() {
	for i := range brokers.Table {
		brokers.Table[i].Connect = func(_ context.Context, url string, _ bus.Settings) (bus.Bus, error) {
			f, err := os.OpenFile(os.Getenv(attemptsFile), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
			if err == nil {
				_, err = fmt.Fprintln(f, url)
			}
			return nil, errors.Join(err, errors.New("watched"), bus.ErrUnreachable)
		}
	}
}

// hostileFolder makes a folder with files, a home beside it, and the environment of a program that is watched there.
func hostileFolder(t *testing.T, files map[string]string) (folder string, environment []string, attempts func() string) {
	t.Helper()
	home := t.TempDir()
	folder = filepath.Join(home, "cloned")
	for name, text := range files {
		name = filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(home, "attempts")
	environment = []string{
		attemptsFile + "=" + file, "HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, ".config"), "XDG_STATE_HOME=", "NO_COLOR=1", "LC_ALL=C.UTF-8",
		"SIGNALBOX_BUS=", "NATS_URL=", "NATS_CONTEXT=", "REDIS_URL=", "TERM=xterm-256color",
	}
	return folder, environment, func() string {
		text, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(text))
	}
}

// runWatched runs the watched program to its end.
func runWatched(t *testing.T, folder string, environment []string, args ...string) (code int, said string) {
	t.Helper()
	program, err := exec.LookPath("watched")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*deadline)
	defer cancel()
	c := exec.CommandContext(ctx, program, args...)
	c.Dir, c.Env = folder, append(os.Environ(), environment...)
	text, err := c.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) || ctx.Err() != nil {
		t.Fatalf("%v: %v, %v\n%s", args, err, ctx.Err(), text)
	}
	return c.ProcessState.ExitCode(), string(text)
}

const sendingDomain = `domain: parcels
entity: parcel
events: { type: data.type, id: data.parcel_id }
commands:
  send: { send: { station: parcels, type: SENT }, fields: { parcel_id: { type: text } } }
`

// hostileFolders are files that a folder may bring to have something connected to, read or sent. In none of them anything happens
// before somebody said so.
var hostileFolders = map[string]map[string]string{
	"another machine":            {config.File: "bus: nats://stranger.invalid:4222"},
	"another machine, by Redis":  {config.File: "bus: redis://stranger.invalid"},
	"credentials":                {config.File: "bus: nats://127.0.0.1:4222?creds=/root/.creds"},
	"a key and a certificate":    {config.File: "bus: tls://127.0.0.1:4222?tls_cert=c&tls_key=k"},
	"a user":                     {config.File: "bus: redis://ann:pw@127.0.0.1"},
	"one of several":             {config.File: "bus: [nats://127.0.0.1:4222, nats://stranger.invalid]"},
	"one of a cluster":           {config.File: "bus: 'nats://127.0.0.1:4222,nats://stranger.invalid'"},
	"what looks like a user":     {config.File: "bus: nats://127.0.0.1@stranger.invalid"},
	"what looks like loopback":   {config.File: "bus: nats://127.0.0.1.stranger.invalid"},
	"what looks like localhost":  {config.File: "bus: redis://localhost.stranger.invalid"},
	"Sentinels, who name others": {config.File: "bus: redis+sentinel://127.0.0.1/shop"},
	"a cluster, as well":         {config.File: "bus: redis+cluster://127.0.0.1"},
	"a socket":                   {config.File: "bus: unix:///run/some.sock"},
	"all interfaces":             {config.File: "bus: nats://0.0.0.0:4222"},
	"an alias":                   {config.File: "stations: [&x nats://stranger.invalid]\nbus: *x"},
	"a domain that sends":        {config.File: "domains: [parcels.yaml]", "parcels.yaml": sendingDomain},
	"a domain with a script":     {config.File: "domains: [d.yaml]", "d.yaml": "domain: deliveries\nentity: delivery\nscripts:\n  happy-path: [{ wait: 1s }]\n"},
	"a file from elsewhere":      {config.File: "domains: [../attempts]"},
	"a file by its path":         {config.File: "domains: [/etc/hostname]"},
}

// Whatever a folder's files name, nothing is connected to without a terminal to ask on, by no command and by no completion.
func TestHostileFolder(t *testing.T) {
	t.Parallel()
	for name, files := range hostileFolders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, environment, attempts := hostileFolder(t, files)
			commands := []string{"stations"}
			if name == "a user" || name == "a domain that sends" { // all commands ask in one place
				commands = []string{"tail", "stations", "doctor", "inject parcels.send", "run deliveries/happy-path"}
			}
			for _, args := range commands {
				code, said := runWatched(t, folder, environment, strings.Fields(args)...)
				if code != exitUsage || !strings.Contains(said, "is not trusted, and there is no terminal to ask on: signalbox trust") {
					t.Errorf("%s ended with %d: %s", args, code, said)
				}
			}
			for _, args := range []string{"__complete tail ", "__complete tail --context "} {
				if code, said := runWatched(t, folder, environment, append(strings.Fields(args), "")...); code != 0 || strings.Contains(said, "trust") {
					t.Errorf("%s ended with %d: %s", args, code, said)
				}
			}
			if at := attempts(); at != "" {
				t.Errorf("connected to %s", at)
			}
		})
	}
}

// What is named by arguments or the environment is what is connected to, and nothing else, whatever the folder says.
func TestHostileFolderRedirectsNothing(t *testing.T) {
	t.Parallel()
	const here = "nats://127.0.0.1:14222"
	files := map[string]string{
		config.File:    "bus: nats://stranger.invalid\ncontexts: { shop: { url: nats://stranger.invalid } }\ndomains: [parcels.yaml]\nread-only: false",
		"parcels.yaml": sendingDomain, "../.config/nats/context/shop.json": `{"url":"nats://127.0.0.1:1"}`,
		"../.config/signalbox/config.yaml": "contexts: { mine: { url: " + here + " } }",
	}
	for name, c := range map[string]struct {
		args     string
		variable string
	}{
		"an argument":         {args: "tail " + here},
		"a sent message":      {args: "send " + here + " parcels {}"},
		"SIGNALBOX_BUS":       {args: "tail", variable: "SIGNALBOX_BUS=" + here},
		"a context of mine":   {args: "tail --context mine"},
		"the deck's argument": {args: "doctor " + here},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, environment, attempts := hostileFolder(t, files)
			code, said := runWatched(t, folder, append(environment, c.variable), strings.Fields(c.args)...)
			if at := attempts(); at != here || code != exitBus {
				t.Errorf("ended with %d, connected to %q\n%s", code, at, said)
			}
			if !strings.Contains(said, "signalbox.yaml here is not trusted: nothing of it is used") {
				t.Errorf("it is not said that the file is left out: %s", said)
			}
		})
	}
	folder, environment, attempts := hostileFolder(t, files)
	code, said := runWatched(t, folder, environment, "tail", "--context", "shop", "--no-follow")
	if code != exitBus || attempts() != "" || !strings.Contains(said, "127.0.0.1:1") {
		t.Errorf("a context that the nats command line has, too: code %d, connected to %q\n%s", code, attempts(), said)
	}
	if code, said = runWatched(t, folder, environment, "inject", here, "parcels.send", "parcel_id=1"); code != exitUsage || attempts() != "" {
		t.Errorf("a command of a domain that is not trusted: code %d, connected to %q\n%s", code, attempts(), said)
	}
}

// What is no file, or too large to be a configuration, is said and not waited for.
func TestHostileFilesDoNotHang(t *testing.T) {
	t.Parallel()
	pipe := func(t *testing.T, path string) {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		make func(t *testing.T, path string)
		said string
	}{
		"pipe":   {pipe, "it is a pipe"},
		"folder": {func(_ *testing.T, path string) { _ = os.Mkdir(path, 0o700) }, "it is a folder"},
		"large": {func(_ *testing.T, path string) {
			_ = os.WriteFile(path, nil, 0o600)
			_ = os.Truncate(path, 1<<40)
		}, "it is larger than"},
		"device":  {func(_ *testing.T, path string) { _ = os.Symlink("/dev/zero", path) }, "it is no file"},
		"circle":  {func(_ *testing.T, path string) { _ = os.Symlink(filepath.Base(path), path) }, "too many"},
		"secret":  {func(_ *testing.T, path string) { _ = os.Symlink("../secret", path) }, "no configuration"},
		"nowhere": {func(_ *testing.T, path string) { _ = os.Symlink("../nowhere", path) }, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, environment, attempts := hostileFolder(t, map[string]string{"x": "", "../secret": "hunter2: [s3cret"})
			c.make(t, filepath.Join(folder, config.File))
			for _, args := range []string{"stations", "check signalbox.yaml", "trust"} {
				code, said := runWatched(t, folder, environment, strings.Fields(args)...)
				if code != exitUsage || !strings.Contains(said, c.said) || strings.Contains(said, "s3cret") {
					t.Errorf("%s ended with %d: %s", args, code, said)
				}
			}
			for _, args := range []string{"--help", "--version", "man", "completion bash"} {
				if code, said := runWatched(t, folder, environment, strings.Fields(args)...); code != 0 {
					t.Errorf("%s ended with %d: %s", args, code, said)
				}
			}
			if at := attempts(); at != "" {
				t.Errorf("connected to %s", at)
			}
		})
	}
	folder, environment, _ := hostileFolder(t, map[string]string{config.File: "domains: [d.yaml]"})
	pipe(t, filepath.Join(folder, "d.yaml"))
	if code, said := runWatched(t, folder, environment, "stations"); code != exitUsage || !strings.Contains(said, "it is a pipe") {
		t.Errorf("a domain that is a pipe: %d %s", code, said)
	}
}

// On a terminal what a folder's file names is shown, once, and asked anew when the file or a domain of it has changed.
func TestTrustIsAsked(t *testing.T) {
	t.Parallel()
	url, b := serverWithBus(t)
	if err := b.Make(t.Context(), bus.NewStation{Name: "orders"}); err != nil {
		t.Fatal(err)
	}
	asUser := strings.Replace(url, "://", "://ann:s3cret@", 1)
	folder, environment, _ := hostileFolder(t, map[string]string{
		config.File: "bus: " + asUser + "\ncontexts: { \"sh\\e[31mop\": { url: nats://stranger.invalid?creds=a.creds } }\ndomains: [parcels.yaml]", "parcels.yaml": sendingDomain,
	})
	start := func(args ...string) *console { return startConsoleWith(t, environment, folder, 160, 40, args...) }
	asked := []string{
		"is not trusted yet. It names:", "bus      " + url + ", with a user or a token",
		": nats://stranger.invalid?creds=…, reads a.creds", "domain   parcels.yaml, which sends parcels.send to parcels", "[y/N]",
	}
	c := start("stations")
	c.sees(asked...)
	if text := c.text(); strings.Contains(text, "s3cret") || strings.Contains(text, "shop") {
		t.Errorf("a secret, or an escape, is shown:\n%s", text)
	}
	c.press("\r")
	c.sees("nothing was connected to")
	c.ends(exitUsage)

	c = start()
	c.sees(asked...)
	c.press("y\r")
	c.sees("2 Events")
	c.press("q")
	c.ends(exitDone)

	c = start("stations")
	c.sees("orders")
	c.misses("[y/N]")
	c.ends(exitDone)

	more := sendingDomain + "  lose: { send: { station: parcels, type: LOST } }\n"
	if err := os.WriteFile(filepath.Join(folder, "parcels.yaml"), []byte(more), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := runWatched(t, folder, environment, "stations"); code != exitUsage || !strings.Contains(said, "not trusted as it is now (parcels.yaml changed)") {
		t.Errorf("a domain that changed: %d %s", code, said)
	}
	c = start("stations")
	c.sees("parcels.yaml changed. It names now:", "+ domain", "parcels.lose to parcels", "- domain", "[y/N]")
	c.press("\x03")
	c.ends(exitFailed)
}
