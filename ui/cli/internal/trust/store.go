package trust

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"signalbox/bus/disk"
)

// Entry is a file that somebody trusted, as it was then.
type Entry struct {
	Path    string            `json:"path"`
	Digests map[string]string `json:"digests"` // as config.Project has them
	Lines   []string          `json:"lines"`   // what was shown
	Time    time.Time         `json:"time"`
}

// Changed are the names of what is not as it was; the file itself is called "".
func (e *Entry) Changed(digests map[string]string) []string {
	var names []string
	for name, digest := range digests {
		if was, there := e.Digests[name]; !there || was != digest {
			names = append(names, name)
		}
	}
	for name := range e.Digests {
		if _, there := digests[name]; !there {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Same tells whether all is as it was.
func (e *Entry) Same(digests map[string]string) bool { return maps.Equal(e.Digests, digests) }

// Store keeps what is trusted, a file for each path, in a folder that nobody else may write. It may be used by several
// processes at once.
type Store struct{ folder string }

// Open finds the store: in $XDG_STATE_HOME, or ~/.local/state. It makes nothing.
func Open() (Store, error) {
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) { // as the standard has it
		home, err := os.UserHomeDir()
		if err != nil {
			return Store{}, fmt.Errorf("finding the folder of what is trusted: %w", err)
		}
		state = filepath.Join(home, ".local", "state")
	}
	return Store{filepath.Join(state, "signalbox", "trusted")}, nil
}

// Find is what was trusted of a path; nil when nothing was. What others may have written is not believed, which is the error.
func (s Store) Find(path string) (*Entry, error) {
	if err := s.own(); err != nil {
		return nil, err
	}
	e, err := s.read(s.file(path))
	switch {
	case err != nil:
		return nil, err
	case e != nil && e.Path != path:
		return nil, nil
	}
	return e, nil
}

// Keep keeps an entry, in place of what was trusted of its path.
func (s Store) Keep(e Entry) error {
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return fmt.Errorf("keeping what is trusted: %w", err)
	}
	if err := s.own(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(s.folder, ".new-*")
	if err != nil {
		return fmt.Errorf("keeping what is trusted: %w", err)
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), s.file(e.Path))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("keeping what is trusted: %w", err)
	}
	return nil
}

// Forget removes what was trusted of a path. It is false when nothing was.
func (s Store) Forget(path string) (bool, error) {
	err := os.Remove(s.file(path))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("forgetting what is trusted: %w", err)
	}
	return true, nil
}

// All are the entries, by path.
func (s Store) All() ([]Entry, error) {
	if err := s.own(); err != nil {
		return nil, err
	}
	files, err := os.ReadDir(s.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing what is trusted: %w", err)
	}
	var all []Entry
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), suffix) {
			continue
		}
		e, err := s.read(filepath.Join(s.folder, f.Name()))
		if err != nil {
			return all, err
		}
		if e != nil {
			all = append(all, *e)
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	return all, nil
}

const suffix = ".json"

func (s Store) file(path string) string {
	sum := sha256.Sum256([]byte(path))
	return filepath.Join(s.folder, hex.EncodeToString(sum[:])+suffix)
}

func (s Store) read(name string) (*Entry, error) {
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = mustBeOwn(name, info)
	}
	if err != nil {
		return nil, err
	}
	text, err := disk.Read(name, disk.Small)
	if err != nil {
		return nil, fmt.Errorf("reading what is trusted: %w", err)
	}
	e := new(Entry)
	if err := json.Unmarshal(text, e); err != nil {
		return nil, fmt.Errorf("reading what is trusted: %s: %w; remove it", name, err)
	}
	return e, nil
}

// own tells what is wrong with who may write in the folders of the store.
func (s Store) own() error {
	for _, folder := range []string{filepath.Dir(s.folder), s.folder} {
		info, err := os.Lstat(folder)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = mustBeOwn(folder, info)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mustBeOwn is an error about what others may write.
func mustBeOwn(name string, info fs.FileInfo) error {
	const others = 0o022
	switch {
	case info.Mode()&fs.ModeType&^fs.ModeDir != 0:
		return fmt.Errorf("what is trusted is not read from %s: it is a link, or no file", name)
	case info.Mode().Perm()&others != 0:
		return fmt.Errorf("what is trusted is not read from %s: others may write there (chmod go-w %s)", name, name)
	case !ownedByUser(info):
		return fmt.Errorf("what is trusted is not read from %s: it belongs to somebody else", name)
	}
	return nil
}
