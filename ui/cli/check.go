package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"signalbox/scenarios"
	yaml "signalbox/scenarios/file"
	"signalbox/scenarios/script"
	"signalbox/ui/cli/internal/config"
	"signalbox/ui/screen"
)

// check is the command that reads files and says what is wrong with them.
type check struct {
	*options
	strict bool
	schema bool

	guesses bool
	kind    string        // of the entities that are guessed about
	listens time.Duration // for what comes, after what is there was read
}

func newCheck(o *options) *cobra.Command {
	c := &check{options: o}
	cmd := &cobra.Command{
		Use:   "check FILE…",
		Short: "Check domains, scripts and the configuration: all errors, with line and column",
		Long: "Check domain files, files of scripts and signalbox.yaml. Each error is a line on standard error, FILE:LINE:COLUMN and\n" +
			"what is wrong there; all errors of all files are said, and the code is then 2. What works and is suspicious all the\n" +
			"same is a warning. The scripts of a file may use the domains of the other files.\n\n" +
			"--schema prints the JSON Schema of domain files, by which an editor completes keys and says what they are for: keep it\n" +
			"beside your file, whose first line is then # yaml-language-server: $schema=domain.schema.json\n\n" +
			"--guess reads a BUS, or some of its STATIONs, and prints a domain file of what it saw there: types, where the id of\n" +
			"an entity stands, fields, statuses, what came after what. It is a beginning, and passes check. " + whatIsBus,
		Example: "signalbox check parcels.yaml\nsignalbox check --schema > domain.schema.json\nsignalbox check --guess nats://127.0.0.1:4222 orders > orders.yaml\nsignalbox check --strict parcels.yaml scripts.yaml signalbox.yaml",
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case c.guesses:
				return c.guess(cmd.Context(), args)
			case c.kind != "" || cmd.Flags().Changed("for"):
				return errors.New("--kind and --for go with --guess")
			}
			return c.run(args)
		},
	}
	cmd.Flags().BoolVar(&c.strict, "strict", false, "take warnings for errors")
	cmd.Flags().BoolVar(&c.schema, "schema", false, "print the JSON Schema of domain files instead")
	cmd.Flags().BoolVar(&c.guesses, "guess", false, "print a domain file of what a BUS holds")
	cmd.Flags().StringVar(&c.kind, "kind", "", "with --guess: about entities of this kind; that with the most events unless told")
	cmd.Flags().DurationVar(&c.listens, "for", 0, "with --guess: wait so long for what comes, after what is there was read")
	cmd.MarkFlagsMutuallyExclusive("strict", "schema", "guess")
	return cmd
}

// run checks domains first, since scripts may use them, and tells of the files in the order in which they were named.
func (c *check) run(files []string) error {
	if c.schema {
		if len(files) > 0 {
			return errors.New("--schema prints the schema and checks nothing: leave out the files")
		}
		_, err := c.out.Write(scenarios.Schema())
		return err
	}
	if len(files) == 0 {
		return errors.New("check what? want a FILE, such as parcels.yaml")
	}
	// What the folder's configuration pulls in is read as any file here is, trusted or not: nothing is done with it.
	c.project, _ = c.readProject()
	library, err := c.library()
	if err != nil {
		return err
	}
	found := make(map[string]checked, len(files))
	owner := map[string]string{} // of a domain: its file
	for _, domains := range []bool{true, false} {
		for _, name := range files {
			text, err := readNamed(name)
			if _, done := found[name]; done || err == nil && (domainOf(text) != "") != domains {
				continue
			}
			if err != nil {
				found[name] = checked{wrong: reading("checking", err)}
				continue
			}
			result := checkFile(library, name, text)
			if other := owner[result.domain]; other != "" {
				c.warn(fmt.Sprintf("%s: the domain %s is in %s, too: the one that is read last counts", name, result.domain, other))
			}
			if result.domain != "" {
				owner[result.domain] = name
			}
			found[name] = result
		}
	}
	var wrong []error
	for _, name := range files {
		wrong = append(wrong, c.tell(name, found[name]))
	}
	return errors.Join(wrong...)
}

// readNamed reads a file as it is named. A configuration is read by package config alone.
func readNamed(name string) ([]byte, error) {
	if filepath.Base(name) == config.File {
		_, err := os.Stat(name)
		return nil, err
	}
	return yaml.Read(name)
}

// checked is what was found in a file.
type checked struct {
	what     string
	domain   string // where it is one
	problems []scenarios.Problem
	wrong    error // with reading it, or its being a configuration
}

// tell says what is in a file, and what is suspicious; what is wrong is the error.
func (c *check) tell(name string, found checked) error {
	wrong := []error{found.wrong}
	for _, p := range found.problems {
		if p.Warning && !c.strict {
			fmt.Fprintf(c.err, "%s:%d:%d: warning: %s\n", screen.Clean(p.File), p.Line, p.Column, screen.Clean(p.Text))
		} else {
			wrong = append(wrong, p.Error)
		}
	}
	err := errors.Join(wrong...)
	if err == nil {
		fmt.Fprintf(c.out, "%s: %s\n", screen.Clean(name), screen.Clean(found.what))
	}
	return err
}

// checkFile reads one file as what it is. A domain stays in the library, for the scripts of other files.
func checkFile(library *scenarios.Library, name string, text []byte) checked {
	if filepath.Base(name) == config.File {
		return checked{what: "configuration", wrong: checkConfig(name)}
	}
	if domainOf(text) == "" {
		scripts, problems := library.CheckScript(name, text)
		return checked{what: screen.Plural(uint64(scripts), "script"), problems: problems}
	}
	domain, problems := library.Check(name, text)
	return checked{what: whatIsIn(library, domain), domain: domain, problems: problems}
}

// checkConfig reads a configuration, and looks for the files that it names.
func checkConfig(name string) error {
	p, wrong := config.ReadProject(filepath.Dir(name))
	for i, d := range p.Pulls {
		if _, err := os.Stat(d.Path); err != nil {
			wrong = errors.Join(wrong, yaml.InFile(name, yaml.At(p.Domains[i].Node, "there is no file %s", d.Path)))
		}
	}
	return wrong
}

// whatIsIn counts what a domain has.
func whatIsIn(library *scenarios.Library, domain string) string {
	commands, scripts := uint64(0), uint64(0)
	for _, c := range library.Commands() {
		if c.Domain == domain {
			commands++
		}
	}
	for _, s := range library.Scripts() {
		if s.Domain == domain {
			scripts++
		}
	}
	return fmt.Sprintf("domain %s, %s, %s", domain, screen.Plural(commands, "command"), screen.Plural(scripts, "script"))
}

// readScripts reads the scripts of a file: a domain, which is added to the library, or scripts alone.
func readScripts(library *scenarios.Library, name string) (scripts []*script.Script, domain string, err error) {
	text, err := yaml.Read(name)
	if err != nil {
		return nil, "", reading("reading a domain or scripts", err)
	}
	domain = domainOf(text)
	if domain == "" {
		scripts, err = library.LoadScript(name, text)
		return scripts, "", err
	}
	if err := library.Add(name, text); err != nil {
		return nil, "", err
	}
	for _, s := range library.Scripts() {
		if s.Domain == domain {
			scripts = append(scripts, s)
		}
	}
	return scripts, domain, nil
}

// domainOf is the name of the domain that a file describes, or "".
func domainOf(text []byte) string {
	tree, err := yaml.Parse(text)
	if err != nil {
		return ""
	}
	pairs, _ := yaml.Pairs(tree)
	for _, pair := range pairs {
		if pair.Name == "domain" {
			name, _ := yaml.Scalar(pair.Value)
			return name
		}
	}
	return ""
}
