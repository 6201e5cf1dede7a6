// Package config reads the configurations: signalbox.yaml of a folder, and the user's own. A folder's says which buses there
// are, and how to read them; both mark what is production. Neither ever allows sending: that takes --write each time. What
// is wrong with a file is an error with line and column.
//
// A folder may be somebody else's: whether what its file names may be used is for package trust to say. Each file is read
// once, so that what is judged is what is used. Only functions that begin with Read do I/O.
package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dustin/go-humanize"

	"signalbox/bus"
	"signalbox/scenarios/file"
	"signalbox/ui/cli/internal/brokers"
)

// Config is what File may say. Flags, BUS arguments and SIGNALBOX_BUS go before it.
type Config struct {
	Bus      file.Texts `yaml:"bus"`      // one URL or several
	Stations file.Texts `yaml:"stations"` // of the last of them; none: all that are found
	Domains  file.Texts `yaml:"domains"`  // files, relative to this one
	From     file.Text  `yaml:"from"`
	Memory   file.Text  `yaml:"memory"`
	ReadOnly bool       `yaml:"read-only"`
	Shared
}

// Shared is what the user's configuration may say as well.
type Shared struct {
	Contexts   map[string]Place `yaml:"contexts"` // what --context finds by name
	Production Production       `yaml:"production"`
}

// Production are marks: what they match is production, however it is named. All may have * in them.
type Production struct {
	Contexts  file.Texts `yaml:"contexts"`  // by name
	Addresses file.Texts `yaml:"addresses"` // hosts, host:port, networks
	Servers   file.Texts `yaml:"servers"`   // what servers call themselves
}

// Place is a bus with a name, and what is to be known of it.
type Place struct {
	URL        file.Text  `yaml:"url"` // none: the context of that name which the user's configuration has, or a broker's own program keeps
	Stations   file.Texts `yaml:"stations"`
	Production bool       `yaml:"production"` // each send there asks once more
	Base       file.Text  `yaml:"base"`       // of the application that commands are posted to
}

// parse reads and checks a configuration.
func parse(text []byte, into interface{ check() error }) error {
	tree, err := file.Parse(text)
	if err != nil {
		return err
	}
	return errors.Join(file.Decode(tree, into), into.check())
}

// finding collects what is wrong with values of a file.
type finding struct{ wrong error }

func (f *finding) at(text file.Text, err error) {
	if text.Node != nil && err != nil {
		f.wrong = errors.Join(f.wrong, file.At(text.Node, "%v", err))
	}
}

// check finds the settings that make no sense.
func (c *Config) check() error {
	var f finding
	for _, s := range c.Bus {
		f.at(s, brokers.CheckURL(s.Value))
	}
	for _, s := range c.Stations {
		f.at(s, brokers.Mistake(s.Value, true))
	}
	_, err := bus.ParseFrom(c.From.Value)
	f.at(c.From, err)
	_, err = ParseSize(c.Memory.Value)
	f.at(c.Memory, err)
	return errors.Join(f.wrong, c.Shared.check())
}

func (s *Shared) check() error {
	var f finding
	for _, text := range s.Production.Addresses {
		if _, ok := ParseAddress(text.Value); !ok {
			f.at(text, fmt.Errorf("address %q: want a host, host:port, a pattern such as *.prod.example.com, or a network such as 10.20.0.0/16",
				bus.Redact(text.Value)))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Contexts)) {
		url := s.Contexts[name].URL
		f.at(url, brokers.CheckURL(url.Value))
		for _, s := range s.Contexts[name].Stations {
			f.at(s, brokers.Mistake(s.Value, true))
		}
	}
	return f.wrong
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
