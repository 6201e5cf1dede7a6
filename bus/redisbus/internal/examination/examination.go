// Package examination says what a session may do at the servers and would touch there. Examining changes nothing; what the
// servers refuse is in their ACL LOG afterwards.
package examination

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/keys"
	"signalbox/bus/redisbus/internal/servers"
	"signalbox/bus/redisbus/internal/session"
	"signalbox/bus/redisbus/internal/streams"
)

// Of examines a session. client is the name of its connections.
func Of(ctx context.Context, s *session.Session, settings *keys.Settings, client string) []bus.Finding {
	all := examineServer(ctx, s)
	all = append(all, examineRights(ctx, s.Servers)...)
	all = append(all, examineReading(ctx, s.Servers, settings)...)
	return append(all, trace(client, s.Servers.Bound(), settings)...)
}

func failed(section, name string, err error) bus.Finding {
	return bus.Finding{Section: section, Name: name, Value: fault.Explain(err).Error(), Level: bus.Warn}
}

// examineServer says what the server is, where, and what its version lacks.
func examineServer(ctx context.Context, s *session.Session) []bus.Finding {
	say := func(name, value string) bus.Finding { return bus.Finding{Section: "server", Name: name, Value: value} }
	all := []bus.Finding{say("server", s.Servers.Product())}
	if mode, err := s.Servers.Mode(ctx); err != nil {
		all = append(all, failed("server", "mode", err))
	} else {
		all = append(all, say("mode", mode))
	}
	tls := "no: what is sent can be read on the way"
	if s.Servers.Encrypted() {
		tls = "yes"
	} else if s.Info().Loopback {
		tls = "no, on this machine"
	}
	all = append(all, say("TLS", tls), say("database", strconv.Itoa(s.Servers.Database())))
	if total, err := s.Servers.Client.DBSize(ctx).Result(); err != nil {
		all = append(all, failed("server", "keys", err))
	} else {
		all = append(all, say("keys", strconv.FormatInt(total, 10)))
	}
	if lacks := missingIn(s.Servers); lacks != "" {
		all = append(all, bus.Finding{Section: "server", Name: "left out", Value: lacks, Level: bus.Warn})
	}
	return all
}

// missingIn says what an old server cannot do.
func missingIn(all *servers.Servers) string {
	switch {
	case !all.AtLeast(6, 0):
		return "before Redis 6: no users, no SCAN by type (streams must be named), and all that Redis 7 brought"
	case !all.AtLeast(7, 0):
		return "before Redis 7: no lag of groups, no count of trimmed entries, no sharded channels"
	case !all.AtLeast(7, 2):
		return "before Redis 7.2: not how long members of groups have read nothing"
	}
	return ""
}

// examineReading says how keys and slow readers fare, and how streams are found.
func examineReading(ctx context.Context, servers *servers.Servers, settings *keys.Settings) []bus.Finding {
	var all []bus.Finding
	say := func(name, value string) { all = append(all, bus.Finding{Section: "reading", Name: name, Value: value}) }
	each, err := settings.Ask(ctx)
	if err != nil {
		all = append(all, failed("reading", keys.SettingName, err))
	}
	for _, one := range each {
		switch {
		case one.Err != nil:
			all = append(all, failed("reading", keys.SettingName, fmt.Errorf("%w; keys: are polled by SCAN", one.Err)))
		case one.Missing() == "":
			say(keys.SettingName, fmt.Sprintf("%q on %s: enough for keys:", one.Value, one.Addr))
		default:
			say(keys.SettingName, fmt.Sprintf("%q on %s: keys: are polled by SCAN, or with consent (--allow-config) after %s", one.Value, one.Addr, one.Command()))
		}
	}
	err = servers.Each(ctx, func(addr string, node *redis.Client) error {
		limits, err := node.ConfigGet(ctx, "client-output-buffer-limit").Result()
		if _, pubsub, ok := strings.Cut(limits["client-output-buffer-limit"], "pubsub "); err == nil && ok {
			say("slow subscribers", "cut off beyond "+pubsub+" (bytes at once, bytes for seconds) on "+addr+"; a cut is a gap")
		}
		return err
	})
	if err != nil {
		all = append(all, failed("reading", "slow subscribers", err))
	}
	say("search for streams", searchBudget(ctx, servers))
	return all
}

// searchBudget says how long finding all streams takes.
func searchBudget(ctx context.Context, servers *servers.Servers) string {
	text := fmt.Sprintf("SCAN of %d keys a step, at most %d steps or %s a look, the first %d", streams.ScanKeys, streams.ScanSteps, streams.ScanTime, streams.ScanFirst)
	total, err := servers.Client.DBSize(ctx).Result()
	if err != nil {
		return text
	}
	steps := total/streams.ScanKeys + 1
	looks := 1 + max(steps-streams.ScanFirst+streams.ScanSteps-1, 0)/streams.ScanSteps
	return fmt.Sprintf("%s: about %d looks for %d keys", text, looks, total)
}

// trace says what a session leaves on the server while it lasts, and after.
func trace(client string, bound servers.Bound, settings *keys.Settings) []bus.Finding {
	say := func(name, value string) bus.Finding { return bus.Finding{Section: "trace", Name: name, Value: value} }
	all := []bus.Finding{
		connections(client, bound),
		say("streams", "XREAD and XRANGE alone: no group is made, read or changed, nothing is acknowledged"),
		say("channels", "subscriptions, which count in PUBSUB NUMSUB while the session lasts"),
		say("keys", "read alone; nothing is written unless you send it"),
		say("afterwards", "nothing, but for refusals in the server's ACL LOG: what this examination found to be refused is there now"),
	}
	if settings.Allowed() {
		all = append(all, say("settings", keys.SettingName+" is added to while keys: are watched, and put back; only kill -9 prevents that"))
	}
	return all
}

// connections says how many a session makes, and whether others find a place beside them.
func connections(client string, bound servers.Bound) bus.Finding {
	f := bus.Finding{Section: "trace", Name: "connections", Value: fmt.Sprintf("named %q, %s: one to know that the server is there, "+
		"one for all channels, one for all streams (in a cluster one for each slot of sharded channels), and a few for questions", client, bound)}
	if bound.Scarce() {
		f.Level, f.Value = bus.Warn, f.Value+"; few places are left for others: raise maxclients"
	}
	return f
}
