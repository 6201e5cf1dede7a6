package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"signalbox/ui/cli/internal/config"
	"signalbox/ui/cli/internal/marks"
	"signalbox/ui/cli/internal/trust"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// project is signalbox.yaml of the working directory, and whether it is trusted.
type project struct {
	*config.Project
	claims []trust.Claim
	before *trust.Entry // what was trusted of it, when that was something else
	store  trust.Store
}

// readConfigurations reads the user's configuration and that of the working directory, of which only what forbids is used
// unless it is trusted, or needs no trust. Asking for that is left to when it is needed: a bus that is named by arguments or
// the environment does not need it.
func (o *options) readConfigurations(ctx context.Context) (err error) {
	if o.names.User, err = config.ReadUser(); err != nil {
		return err
	}
	p, err := o.readProject()
	if err != nil {
		return err
	}
	o.project = p
	home, _ := os.UserHomeDir()
	o.marks.Add(marks.Short(o.names.User.Path, home), &o.names.User.Shared)
	o.marks.Add(config.File, &p.Shared) // trusted or not: marks forbid, and take none of the others away
	o.addMarksAbove(home)
	if p.trusted(o) {
		o.names.Config = p.Config
		return nil
	}
	o.names.Config = config.Config{ReadOnly: p.ReadOnly}
	o.names.Untrusted = &p.Config
	o.names.Ask = func() error { return o.ask(ctx, p) }
	o.names.Unused = func() { o.sayUnused(p) }
	return nil
}

// addMarksAbove adds the marks of the folders above: a project's hold in all folders of it. Nothing else of those is used, and of
// one that cannot be read it is said.
func (o *options) addMarksAbove(home string) {
	below, err := os.Getwd()
	for folder := filepath.Dir(below); err == nil && folder != below; below, folder = folder, filepath.Dir(folder) {
		p, err := config.ReadProject(folder)
		path := marks.Short(filepath.Join(folder, config.File), home)
		if err != nil {
			o.warn(fmt.Sprintf("the marks of production of %s are not used: %s", path, err))
			continue
		}
		o.marks.Add(path, &p.Shared)
	}
}

func (o *options) readProject() (*project, error) {
	found, err := config.ReadProject(".")
	if err != nil {
		return nil, err
	}
	return &project{Project: found, claims: trust.Claims(found, o.names.Taken)}, nil
}

// trusted tells whether the file may be used as it is: it needs no trust, has it for this run, or was trusted as it is.
func (p *project) trusted(o *options) bool {
	trusted, err := p.judge(o)
	if err != nil {
		o.warn(err.Error())
	}
	return trusted
}

// judge is trusted; the error is why what is trusted could not be read.
func (p *project) judge(o *options) (bool, error) {
	if !trust.Needed(p.claims) {
		return true, nil
	}
	var err error
	if p.store, err = trust.Open(); err == nil {
		p.before, err = p.store.Find(p.Path)
	}
	if o.trusts {
		p.ReadOutside()
		return true, nil
	}
	if p.before == nil || p.before.Digests[""] != p.Digests()[""] {
		return false, err
	}
	p.ReadOutside() // the file that names them is trusted
	return p.before.Same(p.Digests()), nil
}

// ask has a person say whether they trust the file, which is then kept.
func (o *options) ask(ctx context.Context, p *project) error {
	if !output.IsTerminal(o.in) || !output.IsTerminal(o.err) {
		return fmt.Errorf("%s is not trusted%s, and there is no terminal to ask on: signalbox trust shows what it names and trusts it, "+
			"--trust uses it this once", config.File, p.sinceWhen())
	}
	p.show(o.err)
	fmt.Fprint(o.err, "Use it, now and from now on? [y/N] ")
	answer, err := o.hears(ctx)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return fmt.Errorf("%s is not trusted, and so nothing was connected to; a bus can be named by its URL", config.File)
	}
	if err := p.keep(); err != nil {
		o.warn(err.Error() + "; it is used this once")
	}
	o.names.Config, o.names.Untrusted = p.Config, nil
	return nil
}

// show shows what the file names, and what of that is new.
func (p *project) show(w io.Writer) {
	folder := screen.Clean(filepath.Dir(p.Path))
	if changed := p.changed(); changed != nil {
		fmt.Fprintf(w, "%s in %s is not as it was when it was trusted: %s changed. It names now:\n", config.File, folder,
			screen.Clean(strings.Join(changed, ", ")))
	} else {
		fmt.Fprintf(w, "%s in %s is not trusted yet. It names:\n", config.File, folder)
	}
	p.list(w)
}

// list lists what the file names. What was not there when it was trusted has a plus before it.
func (p *project) list(w io.Writer) {
	for _, line := range trust.Lines(p.claims) {
		sign := " "
		if p.before != nil && !slices.Contains(p.before.Lines, line) {
			sign = "+"
		}
		fmt.Fprintf(w, "%s %s\n", sign, line)
	}
	if p.before == nil {
		return
	}
	for _, line := range p.before.Lines {
		if !slices.Contains(trust.Lines(p.claims), line) {
			fmt.Fprintf(w, "- %s\n", screen.Clean(line))
		}
	}
}

// changed are the files that are not as they were when they were trusted; nil when they never were.
func (p *project) changed() []string {
	if p.before == nil {
		return nil
	}
	names := p.before.Changed(p.Digests())
	for i, name := range names {
		if name == "" {
			names[i] = config.File
		}
	}
	return names
}

// sinceWhen says that the file was trusted and has changed.
func (p *project) sinceWhen() string {
	if changed := p.changed(); changed != nil {
		return " as it is now (" + strings.Join(changed, ", ") + " changed)"
	}
	return ""
}

// keep keeps that the file is trusted as it is.
func (p *project) keep() error {
	p.ReadOutside()
	return p.store.Keep(trust.Entry{Path: p.Path, Digests: p.Digests(), Lines: trust.Lines(p.claims), Time: time.Now()})
}

// marks tells whether the file marks anything as production.
func (p *project) marks() bool {
	for _, place := range p.Contexts {
		if place.Production {
			return true
		}
	}
	m := p.Production
	return len(m.Contexts)+len(m.Addresses)+len(m.Servers) > 0
}

// sayUnused tells that the file is left out.
func (o *options) sayUnused(p *project) {
	o.names.Unused = nil // once is enough
	what := "nothing of it is used"
	if p.ReadOnly || p.marks() {
		what = "only its read-only and its marks of production are used"
	}
	o.warn(fmt.Sprintf("%s here is not trusted%s: %s (signalbox trust shows what it names)", config.File, p.sinceWhen(), what))
}
