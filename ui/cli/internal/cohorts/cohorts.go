// Package cohorts keeps the cohorts that the user has saved by name, in a file of the user's configuration that signalbox itself
// writes: cohorts.yaml, a line each. Its functions read and write that file; several processes may save at once, each what it
// changes.
package cohorts

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
	"signalbox/scenarios/cohort"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
)

// Saved is a cohort with its name.
type Saved = cohort.Saved

// path is where they are kept.
func path() (string, error) {
	folder := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(folder) { // as the standard has it
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("finding the folder of saved cohorts: %w", err)
		}
		folder = filepath.Join(home, ".config")
	}
	return filepath.Join(folder, "signalbox", "cohorts.yaml"), nil
}

// Read reads those that are saved, in the order in which they were.
func Read() ([]Saved, error) {
	name, err := path()
	if err != nil {
		return nil, err
	}
	text, err := disk.Read(name, disk.Small)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading saved cohorts: %w", err)
	}
	tree, err := file.Parse(text)
	var section file.Map[file.Text]
	if err == nil && tree != nil {
		err = file.Decode(tree, &section)
	}
	if err != nil {
		return nil, file.InFile(name, err)
	}
	var all []Saved
	var wrong error
	for _, entry := range section {
		c, err := cohort.Parse(entry.Value.Value)
		if err != nil {
			wrong = errors.Join(wrong, file.At(entry.Key, "%s: %v", entry.Name, err))
			continue
		}
		all = append(all, Saved{Name: entry.Name, Cohort: c})
	}
	return all, file.InFile(name, wrong)
}

// Find is the one with a name.
func Find(name string) (*cohort.Cohort, error) {
	all, err := Read()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range all {
		if s.Name == name {
			return s.Cohort, nil
		}
		names = append(names, s.Name)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no cohort %q: none is saved; in the deck, : and then cohort %s = %s saves one", name, name, cohort.Form)
	}
	return nil, fmt.Errorf("no cohort %q%s; saved are %s", name, nearest.Hint(name, names), strings.Join(names, ", "))
}

// Keep saves a cohort, in place of one of its name; nil takes that away. All others stay as they are in the file by then. It
// waits for other processes that save.
func Keep(name string, c *cohort.Cohort) error {
	file, err := path()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(file), 0o700)
	}
	if err == nil {
		err = keep(file, name, c)
	}
	if err != nil {
		return fmt.Errorf("saving cohort %s: %w", name, err)
	}
	return nil
}

func keep(file, name string, c *cohort.Cohort) error {
	unlock, err := lockedfile.MutexAt(file + ".lock").Lock()
	if err != nil {
		return err
	}
	defer unlock()
	all, err := Read()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s Saved) bool { return s.Name == name })
	switch {
	case c == nil && i < 0:
		return nil
	case c == nil:
		all = slices.Delete(all, i, i+1)
	case i < 0:
		all = append(all, Saved{Name: name, Cohort: c})
	default:
		all[i].Cohort = c
	}
	var text strings.Builder
	text.WriteString("# Cohorts, as they were saved in signalbox: name: " + cohort.Form + "\n")
	for _, s := range all {
		text.WriteString(strconv.Quote(s.Name) + ": " + strconv.Quote(s.Text) + "\n")
	}
	return write(file, text.String())
}

// write has a file be a text, or stay as it was.
func write(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".cohorts-*")
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
