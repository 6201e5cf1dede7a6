package command

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"signalbox/bus"
	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
)

// HTTPSection says how a command is sent to an application that takes events in by HTTP. Both see what SendSection sees, and
// base, the address of the application.
type HTTPSection struct {
	Post file.Text `yaml:"post"` // template of the URL; what fields put into it is escaped
	JSON file.Text `yaml:"json"` // expression of the body; none: an object of type and all fields
}

// post is an HTTPSection, compiled.
type post struct {
	url   expression.Template
	body  payload
	based bool // the URL begins with base
}

// baseName is what the address of the application is called.
const baseName = "base"

// ErrNoBase is why a command cannot be posted.
var ErrNoBase = errors.New("where is the application? say --set base=http://HOST:PORT, SIGNALBOX_BASE, or base in the context")

// readPost compiles the http section of a command.
func (c *Command) readPost(section *HTTPSection, at file.Text, scope *expression.Scope) error {
	if section == nil {
		return nil
	}
	if section.Post.Value == "" {
		return file.Missing(at.Node, "command %s: want the URL it posts to (http: { post: \"{base}/event\" })", c.Name)
	}
	if _, taken := c.Field(baseName); taken {
		return file.At(section.Post.Node, "command %s: a field cannot be called base, which is the address of the application", c.Name)
	}
	p := &post{based: strings.HasPrefix(strings.ReplaceAll(section.Post.Value, " ", ""), "{"+baseName+"}")}
	if !p.based && !absolute.MatchString(section.Post.Value) {
		return file.At(section.Post.Node, `command %s: want a URL that begins with {base} or with http:// and a host, have %q`, c.Name, section.Post.Value)
	}
	var wrong error
	p.url, wrong = section.Post.Template(scope)
	source := section.JSON
	if source.Value == "" {
		source.Value = c.plainPayload()
	}
	if _, err := source.Compile(scope); err != nil {
		return errors.Join(wrong, err)
	}
	body, err := newPayload(source.Value, scope)
	p.body, c.post = body, p
	return errors.Join(wrong, err)
}

// absolute are URLs whose host is in the file.
var absolute = regexp.MustCompile(`^https?://[^/{}?#\s]+(/|\?|$)`)

// host is the beginning of a URL, up to the end of its host.
var host = regexp.MustCompile(`^https?://[^/?#]*`)

// Posted tells whether the command is sent by HTTP, where base is the address of the application, "" when nobody has said it. One
// that can be sent to a station, too, is sent there as long as it has no such address.
func (c *Command) Posted(base string) bool {
	return c.post != nil && (base != "" || !c.post.based || c.Station == "")
}

// ComposePost is Compose for a command that is posted: the subject is the URL, the station its path.
func (c *Command) ComposePost(values map[string]string, base string) (bus.Outgoing, error) {
	if c.post.based && base == "" {
		return bus.Outgoing{}, ErrNoBase
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generator.Chance = c.chance
	f, err := c.filled(values)
	if err != nil {
		return bus.Outgoing{}, err
	}
	data, err := c.post.body.append(nil, f)
	if err != nil {
		return bus.Outgoing{}, fmt.Errorf("the JSON of %s: %w", c.FullName(), err)
	}
	for name, value := range f.Values {
		if text, ok := value.(string); ok {
			f.Values[name] = url.PathEscape(text)
		}
	}
	f.Values[baseName] = strings.TrimRight(base, "/")
	f.Begin()
	address, err := c.post.url.Text(f)
	if err != nil {
		return bus.Outgoing{}, fmt.Errorf("the URL of %s: %w", c.FullName(), err)
	}
	u, err := url.Parse(address)
	if err != nil || !absolute.MatchString(address) {
		return bus.Outgoing{}, fmt.Errorf("%s: %s is no URL of an application; want http://HOST:PORT", c.FullName(), bus.Redact(address))
	}
	if c.post.based && host.FindString(address) != host.FindString(base) {
		return bus.Outgoing{}, fmt.Errorf("%s: %s is not at %s", c.FullName(), bus.Redact(address), bus.Redact(base))
	}
	return bus.Outgoing{Station: u.EscapedPath(), Subject: address, Data: data}, nil
}
