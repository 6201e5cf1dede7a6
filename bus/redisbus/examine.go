package redisbus

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// Examine implements bus.Examiner.
func (b *Bus) Examine(ctx context.Context) []bus.Finding {
	ctx, cancel := b.during(ctx)
	defer cancel()
	all := b.examineServer(ctx)
	all = append(all, b.examineRights(ctx)...)
	all = append(all, b.examineReading(ctx)...)
	return append(all, b.trace()...)
}

func failed(section, name string, err error) bus.Finding {
	return bus.Finding{Section: section, Name: name, Value: fault.Explain(err).Error(), Level: bus.Warn}
}

// examineServer says what the server is, where, and what its version lacks.
func (b *Bus) examineServer(ctx context.Context) []bus.Finding {
	say := func(name, value string) bus.Finding { return bus.Finding{Section: "server", Name: name, Value: value} }
	all := []bus.Finding{say("server", b.greets.String()), b.mode(ctx)}
	tls := "no: what is sent can be read on the way"
	if b.server.TLSConfig != nil {
		tls = "yes"
	} else if b.Info().Loopback {
		tls = "no, on this machine"
	}
	all = append(all, say("TLS", tls), say("database", strconv.Itoa(b.server.DB)))
	if total, err := b.client.DBSize(ctx).Result(); err != nil {
		all = append(all, failed("server", "keys", err))
	} else {
		all = append(all, say("keys", strconv.FormatInt(total, 10)))
	}
	if lacks := b.lacks(); lacks != "" {
		all = append(all, bus.Finding{Section: "server", Name: "left out", Value: lacks, Level: bus.Warn})
	}
	return all
}

// mode says how many servers there are and which.
func (b *Bus) mode(ctx context.Context) bus.Finding {
	f := bus.Finding{Section: "server", Name: "mode", Value: "standalone"}
	switch {
	case b.fleet.cluster != nil:
		all, err := b.fleet.addresses(ctx)
		if err != nil {
			return failed("server", "mode", fmt.Errorf("cluster: %w", err))
		}
		f.Value = fmt.Sprintf("cluster of %d masters: %s", len(all), strings.Join(all, ", "))
	case b.fleet.address.master != "":
		addr, err := b.fleet.locate(ctx, "")
		if err != nil {
			return failed("server", "mode", err)
		}
		f.Value = fmt.Sprintf("sentinel: %s is at %s, as %s say", b.fleet.address.master, addr, strings.Join(b.fleet.address.seeds, ", "))
	}
	return f
}

// lacks says what an old server cannot do.
func (b *Bus) lacks() string {
	switch {
	case !b.atLeast(6, 0):
		return "before Redis 6: no users, no SCAN by type (streams must be named), and all that Redis 7 brought"
	case !b.atLeast(7, 0):
		return "before Redis 7: no lag of groups, no count of trimmed entries, no sharded channels"
	case !b.atLeast(7, 2):
		return "before Redis 7.2: not how long members of groups have read nothing"
	}
	return ""
}

// examineReading says how keys and slow readers fare, and how streams are found.
func (b *Bus) examineReading(ctx context.Context) []bus.Finding {
	var all []bus.Finding
	say := func(name, value string) { all = append(all, bus.Finding{Section: "reading", Name: name, Value: value}) }
	settings, err := b.consent.ask(ctx)
	if err != nil {
		all = append(all, failed("reading", setting, err))
	}
	for _, f := range settings {
		switch {
		case f.err != nil:
			all = append(all, failed("reading", setting, fmt.Errorf("%w; keys: are polled by SCAN", f.err)))
		case f.lack() == "":
			say(setting, fmt.Sprintf("%q on %s: enough for keys:", f.value, f.addr))
		default:
			say(setting, fmt.Sprintf("%q on %s: keys: are polled by SCAN, or with consent (--allow-config) after %s", f.value, f.addr, f.command()))
		}
	}
	err = b.each(ctx, func(addr string, node *redis.Client) error {
		limits, err := node.ConfigGet(ctx, "client-output-buffer-limit").Result()
		if _, pubsub, ok := strings.Cut(limits["client-output-buffer-limit"], "pubsub "); err == nil && ok {
			say("slow subscribers", "cut off beyond "+pubsub+" (bytes at once, bytes for seconds) on "+addr+"; a cut is a gap")
		}
		return err
	})
	if err != nil {
		all = append(all, failed("reading", "slow subscribers", err))
	}
	say("search for streams", b.scanBudget(ctx))
	return all
}

// scanBudget says how long finding all streams takes.
func (b *Bus) scanBudget(ctx context.Context) string {
	text := fmt.Sprintf("SCAN of %d keys a step, at most %d steps or %s a look, the first %d", scanKeys, scanSteps, scanTime, scanFirst)
	total, err := b.client.DBSize(ctx).Result()
	if err != nil {
		return text
	}
	steps := total/scanKeys + 1
	looks := 1 + max(steps-scanFirst+scanSteps-1, 0)/scanSteps
	return fmt.Sprintf("%s: about %d looks for %d keys", text, looks, total)
}

// trace says what a session leaves on the server while it lasts, and after.
func (b *Bus) trace() []bus.Finding {
	say := func(name, value string) bus.Finding { return bus.Finding{Section: "trace", Name: name, Value: value} }
	all := []bus.Finding{
		say("connections", fmt.Sprintf("named %q: one to know that the server is there, one for all channels, one for each open stream, and up to 32 for questions", b.options.Client)),
		say("streams", "XREAD and XRANGE alone: no group is made, read or changed, nothing is acknowledged"),
		say("channels", "subscriptions, which count in PUBSUB NUMSUB while the session lasts"),
		say("keys", "read alone; nothing is written unless you send it"),
		say("afterwards", "nothing, but for refusals in the server's ACL LOG: what this examination found to be refused is there now"),
	}
	if b.consent.granted() {
		all = append(all, say("settings", setting+" is added to while keys: are watched, and put back; only kill -9 prevents that"))
	}
	return all
}
