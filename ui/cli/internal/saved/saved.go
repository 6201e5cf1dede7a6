// Package saved keeps what the user has saved by name, in files of the user's configuration that signalbox itself writes, a line
// each. Its methods read and write these files; several processes may save at once, each what it changes.
package saved

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"

	"signalbox/bus/disk"
	"signalbox/scenarios/file"
)

// File is one of the files, with texts of one kind.
type File struct {
	Name string // "cohorts.yaml"
	Of   string // what an entry is, for people: "cohort"
	Form string // how an entry is written, for its heading
}

// Entry is a text with its name.
type Entry struct {
	Name, Text string
}

// Path is where the file is.
func (f File) Path() (string, error) {
	folder := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(folder) { // as the standard has it
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("finding the folder of saved %ss: %w", f.Of, err)
		}
		folder = filepath.Join(home, ".config")
	}
	return filepath.Join(folder, "signalbox", f.Name), nil
}

// Read reads what is saved, in the order in which it was. What see says is wrong with an entry is told with its place, and the
// others are kept.
func (f File) Read(see func(Entry) error) error {
	name, err := f.Path()
	if err != nil {
		return err
	}
	text, err := disk.Read(name, disk.Small)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("reading saved %ss: %w", f.Of, err)
	}
	tree, err := file.Parse(text)
	var section file.Map[file.Text]
	if err == nil && tree != nil {
		err = file.Decode(tree, &section)
	}
	if err != nil {
		return file.InFile(name, err)
	}
	var wrong error
	for _, entry := range section {
		if err := see(Entry{Name: entry.Name, Text: entry.Value.Value}); err != nil {
			wrong = errors.Join(wrong, file.At(entry.Key, "%s: %v", entry.Name, err))
		}
	}
	return file.InFile(name, wrong)
}

// Keep saves a text, in place of one of its name; "" takes that away. All others stay as they are in the file by then. It waits
// for other processes that save. Where check says that an entry of the file is wrong, nothing is written.
func (f File) Keep(name, text string, check func(Entry) error) error {
	path, err := f.Path()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = f.keep(path, name, text, check)
	}
	if err != nil {
		return fmt.Errorf("saving %s %s: %w", f.Of, name, err)
	}
	return nil
}

func (f File) keep(path, name, text string, check func(Entry) error) error {
	unlock, err := lockedfile.MutexAt(path + ".lock").Lock()
	if err != nil {
		return err
	}
	defer unlock()
	var all []Entry
	err = f.Read(func(e Entry) error {
		all = append(all, e)
		return check(e)
	})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(e Entry) bool { return e.Name == name })
	switch {
	case text == "" && i < 0:
		return nil
	case text == "":
		all = slices.Delete(all, i, i+1)
	case i < 0:
		all = append(all, Entry{Name: name, Text: text})
	default:
		all[i].Text = text
	}
	var lines strings.Builder
	lines.WriteString("# " + strings.ToUpper(f.Of[:1]) + f.Of[1:] + "s, as they were saved in signalbox: name: " + f.Form + "\n")
	for _, e := range all {
		lines.WriteString(strconv.Quote(e.Name) + ": " + strconv.Quote(e.Text) + "\n")
	}
	return write(path, lines.String())
}

// write has a file be a text, or stay as it was.
func write(name, text string) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".saved-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
