package redisbus

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/glob"
	"signalbox/bus/redisbus/internal/channels"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/names"
)

// dataField is the field of a stream's entry that holds what is sent; headers are the other fields.
const dataField = "data"

// Publish implements bus.Publisher. A station that is a stream gets an entry whose fields are the headers and data;
// anything else is a channel, which has no headers. Outgoing.ID is not used: Redis knows no duplicates.
func (b *Bus) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	if b.session.Ended() {
		return bus.Receipt{}, fault.ErrClosed
	}
	kind, raw, err := b.target(ctx, out)
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("publish: %w", err)
	}
	var receipt bus.Receipt
	switch kind {
	case bus.Log:
		receipt, err = b.append(ctx, raw, out)
	case bus.Keys:
		receipt, err = b.keys.Write(ctx, raw, out)
	default:
		receipt, err = b.broadcast(ctx, kind, raw, out)
	}
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("publish on %s: %w", raw, fault.Explain(err))
	}
	return receipt, nil
}

// target decides where a message goes. A stream is its key, whatever the subject; a channel is the subject where one
// is given.
func (b *Bus) target(ctx context.Context, out bus.Outgoing) (bus.Kind, string, error) {
	kind, raw := names.Parse(out.Station)
	if kind == "" || out.Kind == bus.Log || out.Kind == bus.Channel || out.Kind == bus.Sharded || out.Kind == bus.Keys {
		kind = out.Kind
		raw = names.Raw(bus.Station{Name: out.Station, Kind: kind})
	}
	if kind == bus.Stream {
		kind = bus.Log
	}
	if kind == "" && raw != "" && !out.Unkept {
		if b.known.hasStream(raw) {
			kind = bus.Log
		} else if b.isStream(ctx, raw, out.Many) {
			kind = bus.Log
		}
	}
	if kind == bus.Log && raw != "" {
		b.known.add(kind, raw)
		return kind, raw, nil
	}
	if raw, err := subject(kind, raw, out); err != nil || raw != "" {
		if kind != bus.Sharded && kind != bus.Keys {
			kind = bus.Channel
		}
		return kind, raw, err
	}
	return "", "", &bus.SubjectError{Text: "no stream or channel is named"}
}

// subject is the channel or key that a message is meant for: the one that is given, which a pattern has to take, else the
// station's own.
func subject(kind bus.Kind, raw string, out bus.Outgoing) (string, error) {
	what, pattern := "channel to send on", kind == bus.Pattern
	if kind == bus.Keys {
		what, pattern = "key to write", strings.ContainsAny(raw, "*?[")
	}
	switch {
	case !pattern:
		return cmp.Or(out.Subject, raw), nil
	case out.Subject == "":
		example := strings.NewReplacer("*", "<name>", "?", "<letter>").Replace(raw) // to fill in: nobody sends it by mistake
		return "", &bus.SubjectError{Suggest: example, Text: fmt.Sprintf("%s is a pattern: name the %s, such as %s", out.Station, what, example)}
	case !glob.MatchRedis(raw, out.Subject):
		return "", &bus.SubjectError{Text: fmt.Sprintf("%s is a pattern that %s does not match; nothing was sent", out.Station, out.Subject)}
	}
	return out.Subject, nil
}

// once is a command that go-redis's cluster client must not send again by itself: it could publish twice.
type once struct{ redis.Cmder }

// NoRetry is asked by go-redis.
func (once) NoRetry() bool { return true }

// append adds an entry. It never trims.
func (b *Bus) append(ctx context.Context, key string, out bus.Outgoing) (bus.Receipt, error) {
	args := make([]any, 0, 2*len(out.Headers)+5)
	args = append(args, "XADD", key, "*")
	for _, h := range out.Headers {
		args = append(args, h.Name, h.Value)
	}
	args = append(args, dataField, out.Data)
	command := redis.NewStringCmd(ctx, args...)
	if err := b.send(ctx, command, out); err != nil {
		return bus.Receipt{}, err
	}
	id := command.Val()
	return bus.Receipt{Station: names.Write(bus.Log, key, false), Position: entries.Position(id), Positions: bus.TimedIDs, Receivers: -1,
		Text: fmt.Sprintf("stored in %s as %s", key, id)}, nil
}

// broadcast publishes on a channel. We do not count ourselves among those who receive it.
func (b *Bus) broadcast(ctx context.Context, kind bus.Kind, channel string, out bus.Outgoing) (bus.Receipt, error) {
	verb, alone := "PUBLISH", !b.servers.Clustered()
	ours := b.channels.Matching(channel)
	if kind == bus.Sharded {
		verb, alone, ours = "SPUBLISH", true, 0
		if b.channels.Subscribed(channels.Topic{Kind: kind, Name: channel}) {
			ours = 1
		}
	}
	command := redis.NewIntCmd(ctx, verb, channel, out.Data)
	if err := b.send(ctx, command, out); err != nil {
		return bus.Receipt{}, err
	}
	others := max(command.Val()-ours, 0)
	text := fmt.Sprintf("received by %d on %s, which is not acceptance", others, channel)
	switch {
	case !alone: // it counts the subscribers of the one server it was sent to
		others, text = -1, "sent on "+channel+"; a cluster does not tell how many received it"
	case others == 0:
		text = "nobody listens on " + channel + ", and a channel keeps nothing"
	}
	if len(out.Headers) > 0 {
		text += fmt.Sprintf("; sent without its %d headers: channels have none", len(out.Headers))
	}
	return bus.Receipt{Receivers: others, Text: text}, nil
}
