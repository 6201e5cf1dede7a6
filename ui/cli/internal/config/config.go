// Package config reads signalbox.yaml: which buses there are, and how to read them. It never allows sending: that takes
// --write each time. What is wrong with the file is an error with line and column. Only Read does I/O.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/dustin/go-humanize"

	"signalbox/bus"
	"signalbox/scenarios/file"
	"signalbox/ui/cli/internal/brokers"
)

// File is the name of the configuration in the working directory.
const File = "signalbox.yaml"

// Config is what File may say. Flags, BUS arguments and SIGNALBOX_BUS go before it.
type Config struct {
	Bus      file.Texts       `yaml:"bus"`      // one URL or several
	Stations file.Texts       `yaml:"stations"` // of the last of them; none: all that are found
	Contexts map[string]Place `yaml:"contexts"` // what --context finds by name
	Domains  file.Texts       `yaml:"domains"`  // files, relative to this one
	From     file.Text        `yaml:"from"`
	Memory   file.Text        `yaml:"memory"`
	ReadOnly bool             `yaml:"read-only"`

	folder string
}

// Read reads and checks a configuration. A missing file is an empty one.
func Read(name string) (Config, error) {
	c := Config{folder: filepath.Dir(name)}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("reading the configuration: %w", err)
	}
	tree, err := file.Parse(text)
	if err == nil {
		err = file.Decode(tree, &c)
	}
	if err == nil {
		err = c.check()
	}
	return c, file.InFile(name, err)
}

// check finds the first setting that makes no sense.
func (c *Config) check() error {
	for _, s := range c.Bus {
		if err := brokers.CheckURL(s.Value); err != nil {
			return file.At(s.Node, "%v", err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Contexts)) {
		if s := c.Contexts[name].URL; s.Value != "" {
			if err := brokers.CheckURL(s.Value); err != nil {
				return file.At(s.Node, "%v", err)
			}
		}
	}
	if c.From.Value != "" {
		if _, err := bus.ParseFrom(c.From.Value); err != nil {
			return file.At(c.From.Node, "%v", err)
		}
	}
	if c.Memory.Value != "" {
		if _, err := ParseSize(c.Memory.Value); err != nil {
			return file.At(c.Memory.Node, "%v", err)
		}
	}
	return nil
}

// DomainFiles are the domain files, as seen from the working directory.
func (c *Config) DomainFiles() []string {
	files := make([]string, 0, len(c.Domains))
	for _, s := range c.Domains {
		name := s.Value
		if !filepath.IsAbs(name) {
			name = filepath.Join(c.folder, name)
		}
		files = append(files, name)
	}
	return files
}

// minMemory is the least budget that a session makes sense with.
const minMemory = 1 << 20

// ParseSize reads "256MiB", "1.5GB" or a number of bytes.
func ParseSize(text string) (int64, error) {
	n, err := humanize.ParseBytes(text)
	if err != nil || n < minMemory || n > 1<<50 {
		return 0, fmt.Errorf("size %q: want at least 1MiB, such as 256MiB or 2GB", text)
	}
	return int64(n), nil
}

// Place is a bus with a name, and what is to be known of it.
type Place struct {
	URL        file.Text  `yaml:"url"` // none: the context of that name which a broker's own program keeps
	Stations   file.Texts `yaml:"stations"`
	Production bool       `yaml:"production"` // each send there asks once more
}
