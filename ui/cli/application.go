package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/application"
	"signalbox/ui/cli/internal/target"
)

// baseVariable is the environment's name for the address of the application.
const baseVariable = "SIGNALBOX_BASE"

// settings is the flag --set of commands that post to an application.
type settings struct{ set []string }

func (s *settings) addTo(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&s.set, "set", nil, "base=URL: the application that commands with http are posted to; else "+baseVariable+", or base of the context")
}

// base is the address of the application: by --set, the environment, or the context of a bus; "" where nobody says it.
func (s *settings) base(o *options, at target.Target) (string, error) {
	base := ""
	for _, pair := range s.set {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name != "base" {
			return "", fmt.Errorf("--set %q: want base=URL, as base=http://127.0.0.1:8000", bus.Redact(pair))
		}
		base = value
	}
	if base == "" {
		base = os.Getenv(baseVariable)
	}
	if base == "" && at.Context != "" {
		if base = o.names.Config.Contexts[at.Context].Base.Value; base == "" {
			base = o.names.User.Contexts[at.Context].Base.Value
		}
	}
	if base == "" {
		return "", nil
	}
	_, err := application.At(base)
	return base, err
}

// applications are those that a session posts to, by their addresses. They belong to one goroutine.
type applications map[string]bus.Bus

// at is the application that a URL belongs to.
func (a applications) at(url string) (bus.Bus, error) {
	found, err := application.At(url)
	if err != nil {
		return nil, err
	}
	name := found.Info().URL
	if a[name] == nil {
		a[name] = found
	}
	return a[name], nil
}

// first is the bus that was named first.
func first(targets []target.Target) target.Target {
	if len(targets) == 0 {
		return target.Target{}
	}
	return targets[0]
}
