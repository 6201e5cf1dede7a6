package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"signalbox/bus/disk"
)

// maxSize is how large a file may be. A configuration or a domain has a few thousand bytes.
const maxSize = disk.Small

// readIn reads a file that a folder has, by a name as it is written there. It is outside, and not read, when its path leads
// out of the folder, by a link as well.
func readIn(folder, name string) (text []byte, outside bool, err error) {
	local := name
	if filepath.IsAbs(name) {
		whole, err := filepath.Abs(folder)
		if err != nil {
			return nil, true, nil
		}
		if local, err = filepath.Rel(whole, name); err != nil {
			return nil, true, nil
		}
	}
	if !filepath.IsLocal(local) {
		return nil, true, nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = root.Close() }()
	text, err = disk.ReadIn(root, local, maxSize)
	if err != nil {
		out, why := leadsOut(folder, local)
		if out || why != nil {
			return nil, out, bare(why)
		}
	}
	return text, false, bare(err)
}

// leadsOut tells whether a link in a path leads out of a folder, or why it leads nowhere.
func leadsOut(folder, local string) (bool, error) {
	whole, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return false, err
	}
	target, err := filepath.EvalSymlinks(filepath.Join(folder, local))
	if err != nil {
		return false, err
	}
	whole, _ = filepath.Abs(whole)
	target, _ = filepath.Abs(target)
	if between, err := filepath.Rel(whole, target); err == nil {
		return !filepath.IsLocal(between), nil
	}
	return true, nil // on another volume
}

// bare is an error about a file without its path, which whoever tells it names.
func bare(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
