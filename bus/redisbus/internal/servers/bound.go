package servers

import (
	"fmt"
	"strconv"

	"signalbox/bus/redisbus/internal/resp"
)

// Bound is how many connections a session makes to a server: at most one in share of those that the server takes, and half of
// those that are free, but never more than most, and not less than least, which it needs.
type Bound struct {
	Connections int   // in all
	Pool        int   // those of them that go-redis may make
	Limit       int64 // the server's maxclients; 0 where it does not tell
	Clients     int64 // that it had when the session began
}

const (
	mostConnections  = 8
	leastConnections = 6
	share            = 8
)

// others are the connections beside go-redis's: one to know that the server is there, one for channels, one for streams, one to
// ask about these, and one that is closed as soon as it has done one thing.
const others = leastConnections - 1

// boundFor computes the bound from what a server says of its clients.
func boundFor(limit, clients int64) Bound {
	b := Bound{Connections: mostConnections, Limit: limit, Clients: clients}
	if limit > 0 {
		b.Connections = int(max(min(limit/share, (limit-clients)/2, mostConnections), leastConnections))
	}
	b.Pool = b.Connections - others
	return b
}

// Bound is how many connections the session makes to a server.
func (s *Servers) Bound() Bound { return s.bound }

// String says the bound in words.
func (b Bound) String() string {
	if b.Limit == 0 {
		return fmt.Sprintf("at most %d to a server", b.Connections)
	}
	return fmt.Sprintf("at most %d to a server, of the %d that it takes (maxclients); it has %d now", b.Connections, b.Limit, b.Clients)
}

// Scarce tells whether other clients may soon find no place beside the session.
func (b Bound) Scarce() bool { return b.Limit > 0 && b.Limit-b.Clients < 2*int64(b.Connections) }

// askBound asks a server how many clients it takes and has. One that does not tell leaves the usual bound.
func askBound(c *resp.Conn) (Bound, error) {
	if err := c.Send("INFO", "clients"); err != nil {
		return Bound{}, err
	}
	text, err := c.In.Text()
	if err != nil {
		return Bound{}, err
	}
	clients, _ := strconv.ParseInt(infoField([]byte(text), "connected_clients"), 10, 64)
	limit, _ := strconv.ParseInt(infoField([]byte(text), "maxclients"), 10, 64)
	return boundFor(limit, clients), nil
}
