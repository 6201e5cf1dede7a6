package redisbus

import (
	"cmp"
	"strconv"
	"strings"
)

// greeting is what a server says of itself.
type greeting struct{ product, version, mode, id string }

func (g greeting) String() string {
	return strings.TrimSpace(cmp.Or(g.product, "redis") + " " + g.version)
}

// numbers are the first two of the version; 0 where it is unknown, as before Redis 6.
func (g greeting) numbers() (major, minor int) {
	first, rest, _ := strings.Cut(g.version, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, _ = strconv.Atoi(first)
	minor, _ = strconv.Atoi(second)
	return major, minor
}

// hello says HELLO, with what belongs to it.
func (c *conn) hello(args ...string) (greeting, error) {
	var g greeting
	if err := c.send(append([]string{"HELLO"}, args...)...); err != nil {
		return g, err
	}
	n, err := c.in.array()
	for range n / 2 {
		if err != nil {
			break
		}
		var name, value string
		if name, err = c.in.text(); err == nil {
			value, err = c.in.text()
		}
		switch name {
		case "server":
			g.product = value
		case "version":
			g.version = value
		case "mode":
			g.mode = value
		case "id":
			g.id = value
		}
	}
	return g, err
}
