package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"signalbox/scenarios"
	"signalbox/ui/screen"
)

func newCheck(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE…",
		Short: "Check domains, scripts and the configuration: errors with line and column",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			library, err := o.library()
			if err != nil {
				return err
			}
			var wrong []error
			for _, file := range args {
				what, err := checkFile(library, file)
				if err != nil {
					wrong = append(wrong, err)
					continue
				}
				fmt.Fprintf(o.out, "%s: %s\n", screen.Clean(file), screen.Clean(what))
			}
			return errors.Join(wrong...)
		},
	}
}

// checkFile reads one file as what it is, and says what is in it. A domain stays in the library, for the scripts in the
// files after it.
func checkFile(library *scenarios.Library, file string) (what string, err error) {
	if filepath.Base(file) == configFile {
		if _, err := os.Stat(file); err != nil {
			return "", fmt.Errorf("checking: %w", err)
		}
		_, err := readConfig(file)
		return "configuration", err
	}
	scripts, domain, err := readScripts(library, file)
	if err != nil {
		return "", err
	}
	if domain == "" {
		return plural(len(scripts), "script"), nil
	}
	commands := 0
	for _, c := range library.Commands() {
		if c.Domain == domain {
			commands++
		}
	}
	return fmt.Sprintf("domain %s, %s, %s", domain, plural(commands, "command"), plural(len(scripts), "script")), nil
}

// readScripts reads the scripts of a file: a domain, which is added to the library, or scripts alone.
func readScripts(library *scenarios.Library, file string) (scripts []*scenarios.Script, domain string, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, "", fmt.Errorf("reading a domain or scripts: %w", err)
	}
	var head struct {
		Domain string `yaml:"domain"`
	}
	if yaml.Unmarshal(text, &head) != nil || head.Domain == "" {
		scripts, err = scenarios.LoadScript(library, file, text)
		return scripts, "", err
	}
	if err := library.Add(file, text); err != nil {
		return nil, "", err
	}
	for _, s := range library.Scripts() {
		if s.Domain == head.Domain {
			scripts = append(scripts, s)
		}
	}
	return scripts, head.Domain, nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
