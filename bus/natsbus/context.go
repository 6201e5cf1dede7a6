package natsbus

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/nats-io/jsm.go/natscontext"

	"signalbox/bus/disk"
)

// Context makes the options of a context of the nats command line: where the server is, who connects, by what
// certificates, and how JetStream is reached. An empty name means the context that is selected there.
func Context(name string) (Options, error) {
	if name == "" {
		if err := checkSelection(); err != nil {
			return Options{}, err
		}
		if name = natscontext.SelectedContext(); name == "" {
			return Options{}, fmt.Errorf("no context of the nats command line is selected: name one of %s", knownContexts())
		}
	}
	if !natscontext.IsKnown(name) {
		return Options{}, fmt.Errorf("the nats command line has no context %q: known are %s", name, knownContexts())
	}
	if err := checkContext(name); err != nil {
		return Options{}, fmt.Errorf("read context %q of the nats command line: %w", name, err)
	}
	c, err := natscontext.New(name, true)
	if err != nil {
		return Options{}, fmt.Errorf("read context %q of the nats command line: %w", name, err)
	}
	if _, err := filesOf(c).identity(); err != nil {
		return Options{}, fmt.Errorf("context %q of the nats command line: %w", name, err)
	}
	client, err := c.NATSOptions()
	if err != nil {
		return Options{}, fmt.Errorf("read context %q of the nats command line: %w", name, err)
	}
	return Options{
		URL: c.ServerURL(), Client: client, Domain: c.JSDomain(), APIPrefix: c.JSAPIPrefix(), InboxPrefix: c.InboxPrefix(),
	}, nil
}

// checkContext looks at the file of a context, which the library reads however large it is, and whatever.
func checkContext(name string) error {
	path, err := natscontext.ContextPath(name)
	if err == nil {
		_, err = disk.Read(path, disk.Small)
	}
	return err
}

// checkSelection looks at the file that says which context is selected, if there is one.
func checkSelection() error {
	path, noContexts := natscontext.ContextPath("any")
	if noContexts != nil {
		return nil //nolint:nilerr // then none can be selected
	}
	name := filepath.Join(filepath.Dir(filepath.Dir(path)), "context.txt")
	if _, err := disk.Read(name, disk.Small); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read which context of the nats command line is selected: %s: %w", name, fileError(err))
	}
	return nil
}

// filesOf are the files that a context names and its settings will read: those settings themselves do not say which file
// is the one that they cannot.
func filesOf(c *natscontext.Context) *Options {
	o := &Options{Authority: c.CA()}
	switch {
	case c.User() != "":
	case c.Creds() != "":
		if !strings.Contains(c.Creds(), "://") { // which is kept elsewhere
			o.Credentials = c.Creds()
		}
	default:
		o.NKey = c.NKey()
	}
	if c.Certificate() != "" && c.Key() != "" {
		o.Cert, o.Key = c.Certificate(), c.Key()
	}
	return o
}

func knownContexts() string {
	known := natscontext.KnownContexts()
	if len(known) == 0 {
		return "none"
	}
	return strings.Join(known, ", ")
}

// contextURL is the URL of a context as it is written, or "". Unlike Context it runs nothing and reads no credentials.
func contextURL(name string) string {
	if !natscontext.IsKnown(name) {
		return ""
	}
	path, err := natscontext.ContextPath(name)
	if err != nil {
		return ""
	}
	text, err := disk.Read(path, disk.Small)
	if err != nil {
		return ""
	}
	var c struct {
		URL string `json:"url"`
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return ""
	}
	return c.URL
}
