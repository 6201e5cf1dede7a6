package core

import (
	"strconv"
	"strings"
)

// ServerHas tells whether the connected server is of a version or newer.
func (c *Client) ServerHas(version string) bool {
	return !older(c.Conn.ConnectedServerVersion(), version)
}

// older compares versions such as 2.9.10 and 2.11.0-preview; what cannot be read is older.
func older(a, b string) bool {
	for {
		x, restA, moreA := strings.Cut(a, ".")
		y, restB, moreB := strings.Cut(b, ".")
		n, _ := strconv.Atoi(strings.TrimFunc(x, func(r rune) bool { return r < '0' || r > '9' }))
		m, _ := strconv.Atoi(y)
		if n != m {
			return n < m
		}
		if !moreA || !moreB {
			return false
		}
		a, b = restA, restB
	}
}
