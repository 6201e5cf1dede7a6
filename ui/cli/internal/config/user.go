package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"signalbox/bus/disk"
	"signalbox/scenarios/file"
)

// User is the user's own configuration. It is used in every folder, and what a folder's says does not take its marks away.
type User struct {
	Shared

	Path string // of its file; "" where there is no home
}

// ReadUser reads and checks the user's configuration. A missing file is an empty one.
func ReadUser() (User, error) {
	folder := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(folder) { // as the standard has it
		home, _ := os.UserHomeDir()
		if home == "" {
			return User{}, nil
		}
		folder = filepath.Join(home, ".config")
	}
	u := User{Path: filepath.Join(folder, "signalbox", "config.yaml")}
	text, err := disk.Read(u.Path, maxSize)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return u, nil
	case err != nil:
		return u, fmt.Errorf("reading the configuration %s: %w", u.Path, bare(err))
	}
	return u, file.InFile(u.Path, parse(text, &u.Shared))
}
