package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"signalbox/ui/cli/internal/config"
	"signalbox/ui/cli/internal/trust"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// trustCommand is the command that says which configurations of folders are trusted.
type trustCommand struct {
	*options
	list   bool
	forget bool
}

func newTrust(o *options) *cobra.Command {
	c := &trustCommand{options: o}
	cmd := &cobra.Command{
		Use:   "trust [FILE]",
		Short: "Trust a folder's signalbox.yaml, after showing what it names",
		Long: "Show what a signalbox.yaml names, and trust it as it is now: that of the working directory, unless FILE is another, or\n" +
			"a folder. A file that names a bus on another machine, a user, a file of credentials, or a domain that sends, is used\n" +
			"only when it is trusted. When the file or one of its domains changes it is asked about anew. What is trusted is kept\n" +
			"in $XDG_STATE_HOME/signalbox, which is usually ~/.local/state/signalbox.",
		Example: "signalbox trust\nsignalbox trust --list\nsignalbox trust --forget ~/shop",
		Args:    cobra.MaximumNArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return c.run(args) },
	}
	cmd.Flags().BoolVar(&c.list, "list", false, "list what is trusted, and whether it is as it was")
	cmd.Flags().BoolVar(&c.forget, "forget", false, "trust it no more")
	cmd.MarkFlagsMutuallyExclusive("list", "forget")
	return cmd
}

func (c *trustCommand) run(args []string) error {
	store, err := trust.Open()
	if err != nil {
		return err
	}
	if c.list {
		if len(args) > 0 {
			return errors.New("--list lists all that is trusted: leave out the file")
		}
		return c.tellAll(store)
	}
	folder := "."
	if len(args) > 0 {
		folder = args[0]
		info, err := os.Stat(folder)
		switch {
		case err == nil && info.IsDir():
		case filepath.Base(folder) == config.File:
			folder = filepath.Dir(folder)
		default:
			return fmt.Errorf("trust %s? want a %s, or the folder that has it", screen.Clean(folder), config.File)
		}
	}
	if c.forget {
		return c.drop(store, folder)
	}
	return c.trust(store, folder)
}

// trust shows what a file names, and keeps that it is trusted.
func (c *trustCommand) trust(store trust.Store, folder string) error {
	user, err := config.ReadUser()
	if err != nil {
		return err
	}
	c.names.User = user
	found, err := config.ReadProject(folder)
	if err != nil {
		return err
	}
	if !found.Found {
		return failf("there is no %s in %s", config.File, folder)
	}
	found.ReadOutside() // whoever trusts the file wants to know what those send
	p := &project{Project: found, claims: trust.Claims(found, c.names.Taken), store: store}
	name := screen.Clean(p.Path)
	if !trust.Needed(p.claims) {
		fmt.Fprintf(c.out, "%s needs no trust: it names nothing that leaves this machine or sends\n", name)
		return nil
	}
	if p.before, err = store.Find(p.Path); err != nil {
		return err
	}
	if p.before != nil && p.before.Same(p.Digests()) {
		fmt.Fprintf(c.out, "%s is trusted already. It names:\n", name)
		p.list(c.out)
		return nil
	}
	if err := p.keep(); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s is trusted as it is now. It names:\n", name)
	p.list(c.out)
	return nil
}

func (c *trustCommand) drop(store trust.Store, folder string) error {
	path := config.PathIn(folder)
	had, err := store.Forget(path)
	if err != nil {
		return err
	}
	if !had {
		return failf("%s was not trusted", path)
	}
	fmt.Fprintf(c.out, "%s is trusted no more\n", screen.Clean(path))
	return nil
}

// tellAll lists what is trusted.
func (c *trustCommand) tellAll(store trust.Store) error {
	entries, err := store.All()
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		fmt.Fprintln(c.out, "nothing is trusted")
		return nil
	}
	rows := output.NewRows(c.out, false, "SINCE", "NOW", "FILE")
	for i := range entries {
		e := &entries[i]
		err := rows.Add(nil, func() []string { return []string{e.Time.Local().Format("2006-01-02 15:04"), standing(e), e.Path} })
		if err != nil {
			return err
		}
	}
	return rows.Flush()
}

// standing says whether what was trusted is as it was.
func standing(e *trust.Entry) string {
	p, err := config.ReadProject(filepath.Dir(e.Path))
	switch {
	case err != nil:
		return "cannot be read"
	case !p.Found:
		return "gone"
	case p.Digests()[""] != e.Digests[""]:
		return "changed"
	}
	p.ReadOutside()
	if !e.Same(p.Digests()) {
		return "a domain changed"
	}
	return "as it was"
}
