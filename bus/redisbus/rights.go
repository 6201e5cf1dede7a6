package redisbus

import (
	"cmp"
	"context"
	"strings"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// right is something that an ACL user may or may not do, with a command that needs it.
type right struct {
	name    string
	command string
	sends   bool // only sending and levers need it
}

// doctorKey is a key and channel that nobody has.
const doctorKey = "signalbox-doctor"

var rights = []right{
	{"search for streams", "SCAN 0", false},
	{"read streams", "XREAD COUNT 1 STREAMS " + doctorKey + " 0", false},
	{"get an entry", "XRANGE " + doctorKey + " - + COUNT 1", false},
	{"describe streams and groups", "XINFO STREAM " + doctorKey, false},
	{"pending entries", "XPENDING " + doctorKey + " group", false},
	{"tell streams from channels", "TYPE " + doctorKey, false},
	{"sizes", "MEMORY USAGE " + doctorKey, false},
	{"list channels", "PUBSUB CHANNELS " + doctorKey, false},
	{"subscribe", "SUBSCRIBE " + doctorKey, false},
	{"subscribe to patterns", "PSUBSCRIBE " + doctorKey, false},
	{"read hashes", "HGETALL " + doctorKey, false},
	{"read strings", "GETRANGE " + doctorKey + " 0 1", false},
	{"names of subscribers", "CLIENT LIST", false},
	{"read settings", "CONFIG GET " + setting, false},
	{"change settings, with consent", "CONFIG SET " + setting + " K", true},
	{"send on channels", "PUBLISH " + doctorKey + " x", true},
	{"add to streams", "XADD " + doctorKey + " * a b", true},
	{"write hashes", "HSET " + doctorKey + " a b", true},
	{"write strings", "SET " + doctorKey + " x", true},
	{"acknowledge", "XACK " + doctorKey + " group 0-1", true},
	{"claim", "XCLAIM " + doctorKey + " group member 0 0-1", true},
	{"delete members", "XGROUP DELCONSUMER " + doctorKey + " group member", true},
	{"trim", "XTRIM " + doctorKey + " MAXLEN 0", true},
}

// try finds out what is allowed without doing any of it: the server checks rights when a transaction takes a command
// in, and the transaction is discarded. ACL DRYRUN would tell the same, but needs rights that few have.
func try(c *resp.Conn) ([]error, error) {
	c.Queue("MULTI")
	for _, r := range rights {
		c.Queue(strings.Fields(r.command)...)
	}
	c.Queue("DISCARD")
	if err := c.Flush(); err != nil {
		return nil, err
	}
	answers := make([]error, len(rights)+2)
	for i := range answers {
		t, err := c.In.Next()
		if err != nil {
			return nil, err
		}
		if t.Kind == '-' {
			answers[i] = resp.Error(t.Text)
		} else if err := c.In.Skip(t); err != nil {
			return nil, err
		}
	}
	if answers[0] != nil {
		return nil, answers[0]
	}
	return answers[1 : len(rights)+1], nil
}

// examineRights says who we are and what we may do.
func (b *Bus) examineRights(ctx context.Context) []bus.Finding {
	all := []bus.Finding{{Section: "rights", Name: "user", Value: b.whoAmI(ctx)}}
	c, err := b.dial(ctx, "")
	if err != nil {
		return append(all, failed("rights", "rights", err))
	}
	defer c.Close()
	defer context.AfterFunc(ctx, c.Close)()
	answers, err := try(c)
	if err != nil {
		f := failed("rights", "rights", err)
		f.Value += "; without MULTI they cannot be tried harmlessly"
		return append(all, f)
	}
	for i, r := range rights {
		all = append(all, r.finding(answers[i]))
	}
	return all
}

// finding says what an answer means.
func (r right) finding(answer error) bus.Finding {
	f := bus.Finding{Section: "rights", Name: r.name, Value: "allowed"}
	text := fault.Answer(answer)
	command, _, _ := strings.Cut(r.command, " "+doctorKey)
	switch {
	case strings.HasPrefix(text, "NOPERM") && (strings.Contains(text, "access one of the keys") || strings.Contains(text, "access a key")):
		f.Value = "allowed (" + command + "), but not for every key"
	case strings.HasPrefix(text, "NOPERM") && strings.Contains(text, "channel"):
		f.Value = "allowed (" + command + "), but not for every channel"
	case fault.Refused(answer):
		f.Value = "refused (" + command + ")"
	case strings.Contains(text, "unknown command"), strings.Contains(text, "unknown subcommand"), strings.Contains(text, "Unknown subcommand"):
		f.Value = "this server does not have it (" + command + ")"
	default: // taken in, or sent to another server of the cluster
		return f
	}
	if !r.sends && !strings.HasPrefix(f.Value, "allowed") {
		f.Level = bus.Warn
	}
	return f
}

func (b *Bus) whoAmI(ctx context.Context) string {
	user, err := b.client.Do(ctx, "ACL", "WHOAMI").Text()
	if err != nil {
		return cmp.Or(b.server.Username, "default") + ", as the URL says; ACL WHOAMI: " + fault.Explain(err).Error()
	}
	return user
}
