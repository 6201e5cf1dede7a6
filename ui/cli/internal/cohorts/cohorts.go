// Package cohorts keeps the cohorts that the user has saved by name, in a file of the user's configuration that signalbox itself
// writes: cohorts.yaml, a line each. Its functions read and write that file; where several processes
// save, what the last one has takes the place of all.
package cohorts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

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

// Keep saves all cohorts there are, in place of those that were.
func Keep(all []Saved) error {
	name, err := path()
	if err != nil {
		return err
	}
	var text strings.Builder
	text.WriteString("# Cohorts, as they were saved in signalbox: name: " + cohort.Form + "\n")
	for _, s := range all {
		text.WriteString(strconv.Quote(s.Name) + ": " + strconv.Quote(s.Text) + "\n")
	}
	if err := write(name, text.String()); err != nil {
		return fmt.Errorf("saving cohorts: %w", err)
	}
	return nil
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
