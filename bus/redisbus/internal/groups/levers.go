// Package groups is about the consumer groups of Redis streams: it lists them with what is pending, acts on them when a lever
// is pulled, and is a member of one when signalbox plays a service.
//
// All methods may be called from any goroutine, and block on the network until their context ends at the latest. Only Pull
// and Work change anything.
package groups

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/session"
)

// Kind is the kind of the consumers that are groups.
const Kind = "group"

// Groups are all groups of a session's database.
type Groups struct {
	session *session.Session
	dead    *deadLetters
	waiting chan struct{} // a value for each worker that has the server wait, and so a connection of the few there are
}

// New makes the groups of a session.
func New(s *session.Session) *Groups {
	return &Groups{s, newDeadLetters(), make(chan struct{}, s.Servers.Bound().Pool-1)}
}

// Names of levers.
const (
	leverClaim        = "claim"
	leverTakeOver     = "take-over"
	leverAcknowledge  = "acknowledge"
	leverDeleteMember = "delete-member"
)

// Levers are those of a group, with the entry and the member filled in that most likely need it.
func Levers(c *bus.Consumer) []bus.Lever {
	entry, owner := "", ""
	if len(c.Pending) > 0 {
		entry, owner = bus.TimedIDs.Format(c.Pending[0].Position), c.Pending[0].Member
	}
	dead, alive := extremes(c.Members)
	if alive == owner {
		alive = ""
	}
	which := bus.LeverField{Name: "entry", Label: "Entry", About: "the ID of the pending entry", Default: entry}
	to := bus.LeverField{Name: "to", Label: "To", About: "the member that gets it", Default: alive}
	idle := bus.LeverField{Name: "idle", Label: "Idle", About: "only what nobody has touched for so long", Default: "1m", Optional: true}
	var all []bus.Lever
	if c.Unacked != 0 {
		all = append(all,
			bus.Lever{Name: leverClaim, Title: "Claim a pending entry", Fields: []bus.LeverField{which, to, idle},
				About: "Gives the entry to another member (XCLAIM), which sees it when it next reads what is pending for it. If the first still works on it, it is done twice."},
			bus.Lever{Name: leverTakeOver, Title: "Take over all that a member holds",
				Fields: []bus.LeverField{{Name: "from", Label: "From", About: "the member that is gone", Default: cmp.Or(owner, dead)}, to, idle},
				About:  "Gives all pending entries of a member to another one (XCLAIM)."},
			bus.Lever{Name: leverAcknowledge, Title: "Acknowledge a pending entry", Harms: true, Fields: []bus.LeverField{which},
				About: "Tells the group that the entry is done (XACK): nobody gets it again, whether or not it was."})
	}
	if len(c.Members) > 0 {
		all = append(all, bus.Lever{Name: leverDeleteMember, Title: "Delete a dead member", Harms: true,
			Fields: []bus.LeverField{{Name: "member", Label: "Member", About: "the member that is gone" + holding(c.Members, dead), Default: dead}},
			About:  "Removes a member from the group (XGROUP DELCONSUMER). One that still has pending entries is refused: take them over first, or they are lost to the group."})
	}
	return all
}

// extremes are the members that were idle longest and shortest.
func extremes(members []bus.Member) (dead, alive string) {
	var longest, shortest time.Duration = -1, -1
	for _, m := range members {
		if m.Idle > longest {
			longest, dead = m.Idle, m.Name
		}
		if shortest < 0 || m.Idle < shortest {
			shortest, alive = m.Idle, m.Name
		}
	}
	return dead, alive
}

func holding(members []bus.Member, name string) string {
	for _, m := range members {
		if m.Name == name {
			return fmt.Sprintf("; %s has %d pending and has been idle for %s", name, m.Pending, m.Idle.Round(time.Second))
		}
	}
	return ""
}

// Pull pulls a lever, and says what was done.
func (g Group) Pull(ctx context.Context, lever string, values map[string]string) (string, error) {
	switch lever {
	case leverClaim:
		return g.claim(ctx, values["entry"], values["to"], values["idle"])
	case leverTakeOver:
		return g.takeOver(ctx, values["from"], values["to"], values["idle"])
	case leverAcknowledge:
		return g.acknowledge(ctx, values["entry"])
	case leverDeleteMember:
		return g.deleteMember(ctx, values["member"])
	}
	return "", errors.New("there is no such lever on a group")
}
