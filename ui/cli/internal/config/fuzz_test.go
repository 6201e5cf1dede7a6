package config

import (
	"os"
	"path/filepath"
	"testing"

	"signalbox/bus/bustest/hostile"
)

// Whatever a configuration holds, of a folder or of a user, it is read or there is an error, and soon.
func FuzzRead(f *testing.F) {
	for _, s := range append(hostile.Small(hostile.YAML(), 3000), hostile.AliasBombs()...) {
		f.Add(s.Text)
	}
	for _, s := range hostile.Small(hostile.Texts(), 100) {
		f.Add("bus: [\"" + s.Text + "\"]\ncontexts: { \"" + s.Text + "\": { url: '" + s.Text + "', production: " + s.Text + " } }\ndomains: " + s.Text + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		home := t.TempDir()
		t.Setenv("XDG_CONFIG_HOME", home)
		for _, file := range []string{filepath.Join(home, File), filepath.Join(home, "signalbox", "config.yaml")} {
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if p, err := ReadProject(home); p == nil && err == nil {
			t.Error("neither a configuration nor an error")
		}
		_, _ = ReadUser() // it has other keys: most of the time an error
	})
}
