package resp

import (
	"cmp"
	"strconv"
	"strings"
)

// Greeting is what a server says of itself in answer to HELLO.
type Greeting struct{ Product, version, Mode, ID string }

// String is product and version, as people know them.
func (g Greeting) String() string {
	return strings.TrimSpace(cmp.Or(g.Product, "redis") + " " + g.version)
}

// Numbers are the first two numbers of the version; 0 where it is unknown, as before Redis 6.
func (g Greeting) Numbers() (major, minor int) {
	first, rest, _ := strings.Cut(g.version, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, _ = strconv.Atoi(first)
	minor, _ = strconv.Atoi(second)
	return major, minor
}

// Hello sends HELLO with its arguments.
func (c *Conn) Hello(args ...string) (Greeting, error) {
	var g Greeting
	if err := c.Send(append([]string{"HELLO"}, args...)...); err != nil {
		return g, err
	}
	n, err := c.In.Array()
	for range n / 2 {
		if err != nil {
			break
		}
		var name, value string
		if name, err = c.In.Text(); err == nil {
			value, err = c.In.Text()
		}
		switch name {
		case "server":
			g.Product = value
		case "version":
			g.version = value
		case "mode":
			g.Mode = value
		case "id":
			g.ID = value
		}
	}
	return g, err
}
