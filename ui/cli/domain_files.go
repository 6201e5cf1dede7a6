package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"signalbox/scenarios"
	"signalbox/ui/cli/internal/config"
	"signalbox/ui/cli/internal/trust"
	"signalbox/ui/screen"
)

// domainFiles are the domain files of the user's own that a deck was begun with: those of --domain, and those that
// signalbox.yaml names. It is for one goroutine.
type domainFiles struct {
	options  *options
	ofFolder bool // those of signalbox.yaml are used
	seen     map[string]stamp
	settled  map[string]stamp
	refused  string // what has to be trusted for them to be used; "" for nothing
}

// stamp tells a file from what it was before.
type stamp struct {
	time time.Time
	size int64
}

func newDomainFiles(o *options) *domainFiles {
	f := &domainFiles{options: o, ofFolder: o.project != nil && o.names.Untrusted == nil, seen: map[string]stamp{}, settled: map[string]stamp{}}
	for _, name := range f.Names() {
		if s, ok := stampOf(name); ok {
			f.seen[name], f.settled[name] = s, s
		}
	}
	return f
}

func stampOf(name string) (stamp, bool) {
	info, err := os.Stat(name)
	if err != nil {
		return stamp{}, false // it is away for a moment while an editor writes it
	}
	return stamp{info.ModTime(), info.Size()}, true
}

// Names implements reload.Files.
func (f *domainFiles) Names() []string {
	var names []string
	if f.ofFolder {
		for _, d := range f.options.project.Pulls {
			names = append(names, d.Path)
		}
	}
	return append(names, f.options.domains...)
}

// Saved implements reload.Files. A file counts as saved once it stays as it is between two looks: before, it may be half written.
func (f *domainFiles) Saved() bool {
	saved := false
	for _, name := range f.Names() {
		now, ok := stampOf(name)
		if ok && now == f.seen[name] && now != f.settled[name] {
			f.settled[name], saved = now, true
		}
		if ok {
			f.seen[name] = now
		}
	}
	return saved || f.refused != "" && f.mayUse()
}

// mayUse tells whether what was refused was trusted meanwhile.
func (f *domainFiles) mayUse() bool {
	p, err := f.options.readProject()
	return err == nil && f.usable(p)
}

// Library implements reload.Files.
func (f *domainFiles) Library() (*scenarios.Library, error) {
	library := scenarios.Builtin()
	f.refused = ""
	if f.ofFolder {
		p, err := f.options.readProject()
		if err != nil {
			return nil, err
		}
		if !f.usable(p) {
			f.refused = p.Path
			return nil, fmt.Errorf("%s %s and may send: run signalbox trust %s, which shows what is sent; it is used as soon as that is trusted",
				screen.Clean(strings.Join(p.changed(), ", ")), changedVerb(p), screen.Clean(filepath.Dir(p.Path)))
		}
		if err := addPulls(library, p.Pulls); err != nil {
			return nil, err
		}
	}
	for _, name := range f.options.domains {
		if err := addDomain(library, name); err != nil {
			return nil, err
		}
	}
	return library, nil
}

func changedVerb(p *project) string {
	if len(p.changed()) == 1 {
		return "has changed"
	}
	return "have changed"
}

// usable tells whether the files of a folder may be used as they are now: trusted as they are, or not needing it. One that was
// trusted before and has changed needs none where it sends nothing.
func (f *domainFiles) usable(p *project) bool {
	if trusted, _ := p.judge(f.options); trusted { // what cannot be read is not trusted
		return true
	}
	if p.before == nil {
		p.before = &trust.Entry{Digests: f.options.project.Digests(), Lines: trust.Lines(f.options.project.claims)}
	}
	p.ReadOutside()
	changed := p.before.Changed(p.Digests())
	return !slices.ContainsFunc(changed, func(name string) bool {
		i := slices.IndexFunc(p.Pulls, func(d config.Pulled) bool { return d.Name == name })
		return i < 0 || !trust.Harmless(&p.Pulls[i])
	})
}
