package config

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"signalbox/bus/disk"
	"signalbox/scenarios/file"
)

// File is the name of the configuration in a folder.
const File = "signalbox.yaml"

// Project is the configuration of a folder with what it pulls in, as it was when it was read.
type Project struct {
	Config
	Path  string   // of the file, from the root
	Link  string   // where the file really is, when it is a link that leads out of the folder
	Found bool     // false: there is no such file, and the configuration is empty
	Pulls []Pulled // the domain files, in the order of Domains
	text  []byte   // of the file itself
}

// Pulled is a file that a configuration names and that is read with it.
type Pulled struct {
	Name    string // as the configuration has it
	Path    string // as seen from the working directory
	Text    []byte
	Outside bool  // it is not in the folder: it is read by ReadOutside alone
	Err     error // why it could not be read
}

// ReadProject reads and checks the configuration of a folder, and what it pulls in from there. It waits for nothing that is
// not a file.
func ReadProject(folder string) (*Project, error) {
	p := &Project{Path: PathIn(folder)}
	text, outside, err := readIn(folder, File)
	if outside {
		p.Link, err = filepath.EvalSymlinks(filepath.Join(folder, File))
		if err == nil {
			text, err = disk.Read(p.Link, maxSize)
		}
	}
	name := filepath.Join(folder, File)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !outside && !isThere(name):
		return p, nil
	case err != nil:
		return p, fmt.Errorf("reading the configuration %s: %w", name, bare(err))
	}
	p.Found, p.text = true, text
	err = parse(text, &p.Config)
	if err != nil && p.Link != "" { // of what is not of this folder nothing is repeated
		return p, fmt.Errorf("%s leads to %s, which is no configuration", name, p.Link)
	}
	for _, s := range p.Domains {
		d := Pulled{Name: s.Value, Path: s.Value}
		if !filepath.IsAbs(d.Path) {
			d.Path = filepath.Join(folder, d.Path)
		}
		d.Text, d.Outside, d.Err = readIn(folder, d.Name)
		p.Pulls = append(p.Pulls, d)
	}
	return p, file.InFile(name, err)
}

// isThere tells whether there is anything of that name, a link that leads nowhere, too.
func isThere(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// PathIn is the path of a folder's configuration, the same by whatever links the folder is reached.
func PathIn(folder string) string {
	whole, err := filepath.Abs(folder)
	if err != nil {
		whole = folder
	}
	if target, err := filepath.EvalSymlinks(whole); err == nil {
		whole = target
	}
	return filepath.Join(whole, File)
}

// ReadOutside reads the files that are pulled in from elsewhere.
func (p *Project) ReadOutside() {
	for i := range p.Pulls {
		if d := &p.Pulls[i]; d.Outside && d.Text == nil && d.Err == nil {
			d.Text, d.Err = disk.Read(d.Path, maxSize)
			d.Err = bare(d.Err)
		}
	}
}

// Digests are the SHA-256 of the file and of all that it pulls in, by their names in it. The file itself is
// called ""; what could not be read has the digest "".
func (p *Project) Digests() map[string]string {
	all := map[string]string{}
	add := func(name string, text []byte) {
		sum := sha256.Sum256(text)
		all[name] = hex.EncodeToString(sum[:])
	}
	if p.Found {
		add("", p.text)
	}
	for _, d := range p.Pulls {
		if all[d.Name] = ""; d.Err == nil && d.Text != nil {
			add(d.Name, d.Text)
		}
	}
	return all
}
