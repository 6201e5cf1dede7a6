package natsbus_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
	"signalbox/bus/natsbus"
)

// The nats command line keeps its contexts as JSON files under its configuration directory, and the selected one's name
// beside them.
func TestContext(t *testing.T) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, Username: "ann", Password: "s3cret", NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("HOME", home)
	keep := func(name, text string) {
		t.Helper()
		path := filepath.Join(home, "nats", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	url := "nats://" + s.Addr().String()
	keep("context/good.json", fmt.Sprintf(`{"url":%q,"user":"ann","password":"s3cret"}`, url))
	keep("context/bad.json", fmt.Sprintf(`{"url":%q,"user":"ann","password":"0ther"}`, url))
	if _, err := natsbus.Context(""); err == nil || !strings.Contains(err.Error(), "bad, good") {
		t.Errorf("none selected: %v, want the known ones", err)
	}
	keep("context.txt", "good")
	for name, want := range map[string]error{"good": nil, "": nil, "bad": bus.ErrRefused} {
		options, err := natsbus.Context(name)
		if err != nil {
			t.Fatalf("context %q: %v", name, err)
		}
		b, err := natsbus.Connect(t.Context(), options)
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("connect in context %q: %v, want %v", name, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "0ther") {
			t.Errorf("the error tells the password: %v", err)
		}
		if err == nil {
			_ = b.Close()
		}
	}
	for name, fields := range map[string]string{
		"credentials file /nowhere/u.creds":   `"creds":"/nowhere/u.creds"`,
		"NKey file /nowhere/u.nk":             `"nkey":"/nowhere/u.nk"`,
		"of the authority /nowhere/ca.pem":    `"ca":"/nowhere/ca.pem"`,
		"client certificate /nowhere/c.pem":   `"cert":"/nowhere/c.pem","key":"/nowhere/c.key"`,
		"credentials file /nowhere/other.nsc": `"creds":"/nowhere/other.nsc","nkey":"/nowhere/u.nk"`,
	} {
		keep("context/lacking.json", fmt.Sprintf(`{"url":%q,%s}`, url, fields))
		_, err := natsbus.Context("lacking")
		if err == nil || !errors.Is(err, bus.ErrUnreachable) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "no such file") {
			t.Errorf("a context with %s: %v, want the file named", fields, err)
		}
	}
	if _, err := natsbus.Connect(t.Context(), natsbus.Options{URL: url + "?nkey=~/u.nk"}); err == nil || !strings.Contains(err.Error(), home+"/u.nk") {
		t.Errorf("a file at home: %v, want it named", err)
	}
	if _, err := natsbus.Context("other"); err == nil || !strings.Contains(err.Error(), `no context "other"`) {
		t.Errorf("unknown context: %v", err)
	}
}

// Whatever a context's file holds, it is read or there is an error that names the context.
func TestHostileContexts(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("HOME", home)
	file := filepath.Join(home, "nats", "context", "odd.json")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, s := range append(hostile.Payloads(), hostile.Small(hostile.YAML(), 20_000)...) {
		texts = append(texts, s.Text)
	}
	for _, s := range hostile.Texts() {
		texts = append(texts, fmt.Sprintf(`{"url":%q,"user":%[1]q,"password":%[1]q,"inbox_prefix":%[1]q}`, s.Text), fmt.Sprintf(`{"creds":%q,"jetstream_domain":%[1]q}`, s.Text))
	}
	for _, text := range texts {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := natsbus.Context("odd"); err != nil && !strings.Contains(err.Error(), "odd") {
			t.Errorf("%.100q: %v", text, err)
		}
	}
}

// Whatever a context names, and its own file, is read with a bound: what has no end is an error.
func TestEndlessFiles(t *testing.T) {
	const endless = "/dev/zero"
	if _, err := os.Stat(endless); err != nil {
		t.Skip(err)
	}
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("HOME", home)
	folder := filepath.Join(home, "nats", "context")
	for name, text := range map[string]string{
		"creds": `{"creds":"/dev/zero"}`, "nkey": `{"nkey":"/dev/zero"}`, "ca": `{"ca":"/dev/zero"}`, "cert": `{"cert":"/dev/zero","key":"/dev/zero"}`,
	} {
		if err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(filepath.Join(folder, name+".json"), []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink(endless, filepath.Join(folder, "itself.json")), os.Symlink(endless, filepath.Join(home, "nats", "context.txt"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"creds", "nkey", "ca", "cert", "itself", ""} {
		if _, err := natsbus.Context(name); err == nil || !strings.Contains(err.Error(), "it is no file") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, file := range []string{"creds", "nkey", "tls_ca"} {
		_, err := natsbus.Connect(t.Context(), natsbus.Options{URL: "nats://127.0.0.1:1?" + file + "=" + endless})
		if err == nil || !strings.Contains(err.Error(), "it is no file") {
			t.Errorf("%s of a URL: %v", file, err)
		}
	}
}
