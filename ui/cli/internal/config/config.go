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
	if err != nil {
		return c, file.InFile(name, err)
	}
	return c, file.InFile(name, errors.Join(file.Decode(tree, &c), c.check()))
}

// check finds the settings that make no sense.
func (c *Config) check() error {
	var wrong error
	at := func(text file.Text, err error) {
		if text.Node != nil && err != nil {
			wrong = errors.Join(wrong, file.At(text.Node, "%v", err))
		}
	}
	for _, s := range c.Bus {
		at(s, brokers.CheckURL(s.Value))
	}
	for _, s := range c.Stations {
		at(s, brokers.Mistake(s.Value, true))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Contexts)) {
		s := c.Contexts[name].URL
		at(s, brokers.CheckURL(s.Value))
		for _, s := range c.Contexts[name].Stations {
			at(s, brokers.Mistake(s.Value, true))
		}
	}
	_, err := bus.ParseFrom(c.From.Value)
	at(c.From, err)
	_, err = ParseSize(c.Memory.Value)
	at(c.Memory, err)
	return wrong
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
