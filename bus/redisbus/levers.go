package redisbus

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// Names of levers.
const (
	leverTrim    = "trim"
	leverClaim   = "claim"
	leverTake    = "take-over"
	leverAck     = "acknowledge"
	leverDelete  = "delete-member"
	leverNotices = "allow-config"
)

// Levers implements bus.Operator.
func (b *Bus) Levers(on bus.Target) []bus.Lever {
	switch {
	case on.Consumer != nil && on.Consumer.Kind == groupKind:
		return groupLevers(on.Consumer)
	case on.Consumer == nil && on.Station.Kind == bus.Log:
		return []bus.Lever{{
			Name: leverTrim, Title: "Trim the stream", Harms: true,
			About:  "Deletes the oldest entries (XTRIM MAXLEN). They are gone, for groups too that have not read them.",
			Fields: []bus.LeverField{{Name: "keep", Label: "Keep", About: "how many of the newest entries stay", Default: strconv.FormatUint(on.Station.Messages, 10)}},
		}}
	case on.Consumer == nil && on.Station.Kind == bus.Keys && !b.consent.granted():
		return []bus.Lever{{
			Name: leverNotices, Title: "Let the server tell of written keys",
			About: "Adds what is lacking to the server's " + setting + ", and puts it back when the session closes. " + on.Station.Reading,
		}}
	}
	return nil
}

// groupLevers are those of a group, with the entry and the member filled in that most likely need it.
func groupLevers(c *bus.Consumer) []bus.Lever {
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
			bus.Lever{Name: leverTake, Title: "Take over all that a member holds",
				Fields: []bus.LeverField{{Name: "from", Label: "From", About: "the member that is gone", Default: cmp.Or(owner, dead)}, to, idle},
				About:  "Gives all pending entries of a member to another one (XCLAIM)."},
			bus.Lever{Name: leverAck, Title: "Acknowledge a pending entry", Harms: true, Fields: []bus.LeverField{which},
				About: "Tells the group that the entry is done (XACK): nobody gets it again, whether or not it was."})
	}
	if len(c.Members) > 0 {
		all = append(all, bus.Lever{Name: leverDelete, Title: "Delete a dead member", Harms: true,
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

// Pull implements bus.Operator.
func (b *Bus) Pull(ctx context.Context, on bus.Target, lever string, values map[string]string) (string, error) {
	ctx, cancel := b.during(ctx)
	defer cancel()
	text, err := b.pull(ctx, on, lever, values)
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", lever, on.Station.Name, fault.Explain(err))
	}
	return text, nil
}

func (b *Bus) pull(ctx context.Context, on bus.Target, lever string, values map[string]string) (string, error) {
	key := rawName(on.Station)
	if on.Consumer == nil {
		switch {
		case lever == leverTrim && on.Station.Kind == bus.Log:
			return b.trim(ctx, key, values["keep"])
		case lever == leverNotices && on.Station.Kind == bus.Keys:
			return b.allowConfig(ctx)
		}
		return "", fmt.Errorf("there is no such lever on a station of kind %q", on.Station.Kind)
	}
	if on.Station.Name == "" {
		key = rawName(bus.Station{Kind: bus.Log, Name: on.Consumer.Station})
	}
	g := group{bus: b, key: key, name: on.Consumer.Name}
	switch lever {
	case leverClaim:
		return g.claim(ctx, values["entry"], values["to"], values["idle"])
	case leverTake:
		return g.takeOver(ctx, values["from"], values["to"], values["idle"])
	case leverAck:
		return g.acknowledge(ctx, values["entry"])
	case leverDelete:
		return g.deleteMember(ctx, values["member"])
	}
	return "", fmt.Errorf("there is no such lever on a group")
}

// trim shortens a stream.
func (b *Bus) trim(ctx context.Context, key, keep string) (string, error) {
	n, err := strconv.ParseInt(keep, 10, 64)
	if err != nil || n < 0 {
		return "", fmt.Errorf("keep is %q; want how many entries stay", keep)
	}
	gone, err := b.client.XTrimMaxLen(ctx, key, n).Result()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("deleted the %d oldest entries of %s; at most %d stayed", gone, key, n), nil
}

// allowConfig is the consent given later. Feeds turn to notifications with their next look.
func (b *Bus) allowConfig(ctx context.Context) (string, error) {
	b.consent.grant()
	done, err := b.consent.apply(ctx)
	switch {
	case err != nil:
		return "", err
	case done == "":
		return "nothing was lacking: the server tells of written keys already", nil
	}
	return "done: " + done + "; put back when the session closes", nil
}
