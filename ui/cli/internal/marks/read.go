package marks

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"signalbox/scenarios/file"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/config"
)

// Add adds the marks of a configuration, which was read from a file.
func (m *Marks) Add(name string, c *config.Shared) {
	where := func(text file.Text) string {
		if text.Node == nil || text.Node.GetToken() == nil || text.Node.GetToken().Position == nil {
			return name
		}
		return fmt.Sprintf("%s:%d", name, text.Node.GetToken().Position.Line)
	}
	for _, text := range c.Production.Contexts {
		m.AddContext(text.Value, where(text))
	}
	for _, text := range c.Production.Addresses {
		if pattern, ok := config.ParseAddress(text.Value); ok {
			m.AddAddress(pattern, "", where(text))
		}
	}
	for _, text := range c.Production.Servers {
		m.AddServer(text.Value, where(text))
	}
	for _, context := range slices.Sorted(maps.Keys(c.Contexts)) {
		if place := c.Contexts[context]; place.Production {
			at := where(place.URL)
			m.AddContext(context, at)
			for _, a := range addressesOf(context, place.URL.Value) {
				if pattern, ok := config.ParseAddress(a); ok {
					m.AddAddress(pattern, context, at)
				}
			}
		}
	}
}

// addressesOf are those of a context: by its URL, or that of the context of the same name which a broker's own program keeps.
func addressesOf(context, url string) []string {
	for _, b := range brokers.Table {
		if url != "" && !slices.Contains(b.Schemes, brokers.SchemeOf(url)) || b.Reach == nil {
			continue
		}
		at := url
		if at == "" && b.Contexts.URL != nil {
			at = b.Contexts.URL(context)
		}
		if at == "" {
			continue
		}
		if reach, err := b.Reach(at); err == nil {
			return reach.Addresses
		}
	}
	return nil
}

// Short is a path as marks name it: beginning with ~ where it is the user's.
func Short(path, home string) string {
	if rest, err := filepath.Rel(home, path); err == nil && home != "" && filepath.IsLocal(rest) {
		return filepath.Join("~", rest)
	}
	return path
}
