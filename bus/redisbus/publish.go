package redisbus

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
)

// dataField is the field of a stream's entry that holds what is sent; headers are the other fields.
const dataField = "data"

// Publish implements bus.Publisher. A station that is a stream gets an entry whose fields are the headers and data;
// anything else is a channel, which has no headers. Outgoing.ID is not used: Redis knows no duplicates.
func (b *Bus) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	ctx, cancel := b.during(ctx)
	defer cancel()
	if b.ctx.Err() != nil {
		return bus.Receipt{}, errClosed
	}
	kind, raw, err := b.target(ctx, out)
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("publish: %w", err)
	}
	var receipt bus.Receipt
	if kind == bus.Log {
		receipt, err = b.append(ctx, raw, out)
	} else {
		receipt, err = b.broadcast(ctx, kind, raw, out)
	}
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("publish on %s: %w", raw, graded(err))
	}
	return receipt, nil
}

// target decides where a message goes. A stream is its key, whatever the subject; a channel is the subject where one
// is given.
func (b *Bus) target(ctx context.Context, out bus.Outgoing) (bus.Kind, string, error) {
	kind, raw := parse(out.Station)
	if kind == "" || out.Kind == bus.Log || out.Kind == bus.Channel || out.Kind == bus.Sharded {
		kind = out.Kind
		raw = rawName(bus.Station{Name: out.Station, Kind: kind})
	}
	if kind == bus.Stream {
		kind = bus.Log
	}
	if kind == "" && raw != "" && (b.places.isLog(raw) || b.isStream(ctx, raw)) {
		kind = bus.Log
	}
	if kind == bus.Log && raw != "" {
		b.places.note(kind, raw)
		return kind, raw, nil
	}
	if out.Subject != "" {
		raw = out.Subject
	} else if kind == bus.Pattern {
		return "", "", fmt.Errorf("%s is a pattern: name the channel to send on", out.Station)
	}
	if raw == "" {
		return "", "", fmt.Errorf("no stream or channel is named")
	}
	if kind != bus.Sharded && kind != bus.Log {
		kind = bus.Channel
	}
	return kind, raw, nil
}

// isStream asks the server; where it may not, the answer is no.
func (b *Bus) isStream(ctx context.Context, key string) bool {
	kind, err := b.typeOf(ctx, key)
	return err == nil && kind == "stream"
}

// append adds an entry. It never trims.
func (b *Bus) append(ctx context.Context, key string, out bus.Outgoing) (bus.Receipt, error) {
	values := make([]any, 0, 2*len(out.Headers)+2)
	for _, h := range out.Headers {
		values = append(values, h.Name, h.Value)
	}
	values = append(values, dataField, out.Data)
	id, err := b.client.XAdd(ctx, &redis.XAddArgs{Stream: key, Values: values}).Result()
	if err != nil {
		return bus.Receipt{}, err
	}
	return bus.Receipt{Station: written(bus.Log, key, false), Position: positionOf(id), Receivers: -1,
		Text: fmt.Sprintf("stored in %s as %s", key, id)}, nil
}

// broadcast publishes on a channel. We do not count ourselves among those who receive it.
func (b *Bus) broadcast(ctx context.Context, kind bus.Kind, channel string, out bus.Outgoing) (bus.Receipt, error) {
	var ours int64
	send := b.client.Publish
	if kind == bus.Sharded {
		send = b.client.SPublish
		if b.line.has(topic{kind, channel}) {
			ours = 1
		}
	} else {
		ours = b.line.matching(channel)
	}
	n, err := send(ctx, channel, out.Data).Result()
	if err != nil {
		return bus.Receipt{}, err
	}
	others := max(n-ours, 0)
	text := fmt.Sprintf("received by %d on %s, which is not acceptance", others, channel)
	if others == 0 {
		text = "nobody listens on " + channel + ", and a channel keeps nothing"
	}
	if len(out.Headers) > 0 {
		text += fmt.Sprintf("; sent without its %d headers: channels have none", len(out.Headers))
	}
	return bus.Receipt{Receivers: others, Text: text}, nil
}
