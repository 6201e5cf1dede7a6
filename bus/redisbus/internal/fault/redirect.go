package fault

import (
	"net"
	"strings"
)

// Redirect is the server to which another server of the cluster sends us for a key.
type Redirect struct {
	Addr string
	Ask  bool // for one command: the slot is still moving there
}

// Redirected reads an error that names another server. from is the address of the server that answered: some name a port
// alone.
func Redirected(err error, from string) (Redirect, bool) {
	words := strings.Fields(Answer(err))
	if len(words) < 3 || words[0] != "MOVED" && words[0] != "ASK" {
		return Redirect{}, false
	}
	to := Redirect{Addr: words[2], Ask: words[0] == "ASK"}
	if host, port, err := net.SplitHostPort(to.Addr); err == nil && (host == "" || host == "?") {
		host, _, _ = net.SplitHostPort(from)
		to.Addr = net.JoinHostPort(host, port)
	}
	return to, true
}
