package disk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// make makes one thing of each kind that a path may lead to.
func makeAll(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, text := range map[string]string{"small": "12345678", "large": "123456789", "empty": ""} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Mkdir(filepath.Join(folder, "folder"), 0o700), os.Symlink("small", filepath.Join(folder, "link")),
		os.Symlink("/dev/zero", filepath.Join(folder, "endless"))); err != nil {
		t.Skip(err) // where there are no links
	}
	return folder
}

func TestReadHasABound(t *testing.T) {
	folder := makeAll(t)
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	for name, want := range map[string]string{
		"small": "", "link": "", "empty": "", "large": "it is larger than 8 B", "folder": "it is a folder", "endless": "it is no file", "none": "no such file",
	} {
		text, err := Read(filepath.Join(folder, name), 8)
		check(t, "Read", name, text, err, want)
		if name == "endless" {
			continue // which is not of the folder
		}
		text, err = ReadIn(root, name, 8)
		check(t, "ReadIn", name, text, err, want)
	}
}

func check(t *testing.T, how, name string, text []byte, err error, want string) {
	t.Helper()
	if want == "" && (err != nil || len(text) > 8) || want != "" && (err == nil || text != nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("%s of %s: %q, %v; want %q", how, name, text, err, want)
	}
}

// What a person names may be what a shell makes: it is read up to its bound, whatever it is.
func TestReadAnyHasABound(t *testing.T) {
	folder := makeAll(t)
	for name, ok := range map[string]bool{"small": true, "link": true, "large": false, "endless": false} {
		text, err := ReadAny(filepath.Join(folder, name), 8)
		if ok && (err != nil || len(text) != 8) || !ok && (!errors.Is(err, ErrTooLarge) || text != nil) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

func TestKeyPairHasABound(t *testing.T) {
	folder := makeAll(t)
	for _, names := range [][2]string{{"endless", "small"}, {"small", "endless"}} {
		_, err := KeyPair(filepath.Join(folder, names[0]), filepath.Join(folder, names[1]))
		if err == nil || !strings.Contains(err.Error(), "it is no file") {
			t.Errorf("%v: %v", names, err)
		}
	}
}
