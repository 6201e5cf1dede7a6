package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"signalbox/bus"
	"signalbox/scenarios"
)

// configFile is read from the working directory. It never arms sending: that takes --write each time.
const configFile = "signalbox.yaml"

// config is what configFile may say. Flags, BUS arguments and SIGNALBOX_BUS go before it.
type config struct {
	Bus      settings         `yaml:"bus"`        // one URL or several
	Stations settings         `yaml:"stations"`   // of the last of them; none: all that are found
	Contexts map[string]place `  yaml:"contexts"` // what --context finds by name
	Domains  settings         `yaml:"domains"`    // files, relative to this one
	From     setting          `yaml:"from"`
	Memory   setting          `yaml:"memory"`
	ReadOnly bool             `yaml:"read-only"`

	folder string
}

// setting is a scalar with the place it was written at.
type setting struct {
	text         string
	line, column int
}

// UnmarshalYAML takes any scalar.
func (s *setting) UnmarshalYAML(node ast.Node) error {
	scalar, ok := node.(ast.ScalarNode)
	if !ok {
		return &yaml.SyntaxError{Message: "want one value", Token: node.GetToken()}
	}
	at := scalar.GetToken().Position
	*s = setting{text: scalar.GetToken().Value, line: at.Line, column: at.Column}
	return nil
}

// settings is a list of scalars, or a single one.
type settings []setting

// UnmarshalYAML takes a scalar for a list of one.
func (l *settings) UnmarshalYAML(node ast.Node) error {
	nodes := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		nodes = list.Values
	}
	for _, node := range nodes {
		var s setting
		if err := s.UnmarshalYAML(node); err != nil {
			return err
		}
		*l = append(*l, s)
	}
	return nil
}

func (l settings) texts() []string {
	var texts []string
	for _, s := range l {
		texts = append(texts, s.text)
	}
	return texts
}

// readConfig reads and checks a configuration. A missing file is an empty one.
func readConfig(file string) (config, error) {
	c := config{folder: filepath.Dir(file)}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("reading the configuration: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(text, &c, yaml.Strict()); err != nil {
		return c, yamlError(file, err)
	}
	return c, c.check(file)
}

// check finds the first setting that makes no sense.
func (c *config) check(file string) error {
	for _, s := range c.Bus {
		if err := checkURL(s.text); err != nil {
			return s.wrong(file, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Contexts)) {
		if s := c.Contexts[name].URL; s.text != "" {
			if err := checkURL(s.text); err != nil {
				return s.wrong(file, err)
			}
		}
	}
	if c.From.text != "" {
		if _, err := bus.ParseFrom(c.From.text); err != nil {
			return c.From.wrong(file, err)
		}
	}
	if c.Memory.text != "" {
		if _, err := parseSize(c.Memory.text); err != nil {
			return c.Memory.wrong(file, err)
		}
	}
	return nil
}

func (s setting) wrong(file string, err error) error {
	return &scenarios.FileError{File: file, Line: s.line, Column: s.column, Text: err.Error()}
}

// yamlError says what the YAML reader has to say, and where.
func yamlError(file string, err error) error {
	wrong := &scenarios.FileError{File: file, Text: err.Error()}
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		wrong.Line, wrong.Column = at.GetToken().Position.Line, at.GetToken().Position.Column
		wrong.Text = at.GetMessage()
	}
	return wrong
}

// files are the domain files, as seen from the working directory.
func (c *config) files() []string {
	files := make([]string, 0, len(c.Domains))
	for _, s := range c.Domains {
		file := s.text
		if !filepath.IsAbs(file) {
			file = filepath.Join(c.folder, file)
		}
		files = append(files, file)
	}
	return files
}

// targets are the buses it names.
func (c *config) targets() []target {
	targets := make([]target, 0, len(c.Bus))
	for _, s := range c.Bus {
		targets = append(targets, target{url: s.text})
	}
	if n := len(targets); n > 0 {
		targets[n-1].stations = c.Stations.texts()
	}
	return targets
}
