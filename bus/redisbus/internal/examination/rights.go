package examination

import (
	"cmp"
	"context"
	"strings"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/keys"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/servers"
)

// right is something that an ACL user may or may not do, with a command that needs it.
type right struct {
	name    string
	command string
	sends   bool // only sending and levers need it
}

// nobodysKey is a key and channel that nobody has.
const nobodysKey = "signalbox-doctor"

var rights = []right{
	{"search for streams", "SCAN 0", false},
	{"read streams", "XREAD COUNT 1 STREAMS " + nobodysKey + " 0", false},
	{"get an entry", "XRANGE " + nobodysKey + " - + COUNT 1", false},
	{"describe streams and groups", "XINFO STREAM " + nobodysKey, false},
	{"pending entries", "XPENDING " + nobodysKey + " group", false},
	{"tell streams from channels", "TYPE " + nobodysKey, false},
	{"sizes", "MEMORY USAGE " + nobodysKey, false},
	{"list channels", "PUBSUB CHANNELS " + nobodysKey, false},
	{"subscribe", "SUBSCRIBE " + nobodysKey, false},
	{"subscribe to patterns", "PSUBSCRIBE " + nobodysKey, false},
	{"read hashes", "HGETALL " + nobodysKey, false},
	{"read strings", "GETRANGE " + nobodysKey + " 0 1", false},
	{"names of subscribers", "CLIENT LIST", false},
	{"read settings", "CONFIG GET " + keys.SettingName, false},
	{"change settings, with consent", "CONFIG SET " + keys.SettingName + " K", true},
	{"send on channels", "PUBLISH " + nobodysKey + " x", true},
	{"add to streams", "XADD " + nobodysKey + " * a b", true},
	{"write hashes", "HSET " + nobodysKey + " a b", true},
	{"write strings", "SET " + nobodysKey + " x", true},
	{"acknowledge", "XACK " + nobodysKey + " group 0-1", true},
	{"claim", "XCLAIM " + nobodysKey + " group member 0 0-1", true},
	{"delete members", "XGROUP DELCONSUMER " + nobodysKey + " group member", true},
	{"trim", "XTRIM " + nobodysKey + " MAXLEN 0", true},
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
func examineRights(ctx context.Context, all *servers.Servers) []bus.Finding {
	found := []bus.Finding{{Section: "rights", Name: "user", Value: user(ctx, all)}}
	c, err := all.Dial(ctx, "")
	if err != nil {
		return append(found, failed("rights", "rights", err))
	}
	defer c.Close()
	defer goroutine.AfterFunc(ctx, "what closes a connection", c.Close)()
	answers, err := try(c)
	if err != nil {
		f := failed("rights", "rights", err)
		f.Value += "; without MULTI they cannot be tried harmlessly"
		return append(found, f)
	}
	for i, r := range rights {
		found = append(found, r.finding(answers[i]))
	}
	return found
}

// finding says what an answer means.
func (r right) finding(answer error) bus.Finding {
	f := bus.Finding{Section: "rights", Name: r.name, Value: "allowed"}
	text := fault.Answer(answer)
	command, _, _ := strings.Cut(r.command, " "+nobodysKey)
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

func user(ctx context.Context, all *servers.Servers) string {
	name, err := all.Client.Do(ctx, "ACL", "WHOAMI").Text()
	if err != nil {
		return cmp.Or(all.User(), "default") + ", as the URL says; ACL WHOAMI: " + fault.Explain(err).Error()
	}
	return name
}
