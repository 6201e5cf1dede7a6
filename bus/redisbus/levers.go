package redisbus

import (
	"context"
	"fmt"
	"strconv"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/groups"
	"signalbox/bus/redisbus/internal/keys"
	"signalbox/bus/redisbus/internal/names"
)

// Names of the levers of stations.
const (
	leverTrim        = "trim"
	leverAllowConfig = "allow-config"
)

// Levers implements bus.Operator.
func (b *Bus) Levers(on bus.Target) []bus.Lever {
	switch {
	case on.Consumer != nil && on.Consumer.Kind == groups.Kind:
		return groups.Levers(on.Consumer)
	case on.Consumer == nil && on.Station.Kind == bus.Log:
		return []bus.Lever{{
			Name: leverTrim, Title: "Trim the stream", Harms: true,
			About:  "Deletes the oldest entries (XTRIM MAXLEN). They are gone, for groups too that have not read them.",
			Fields: []bus.LeverField{{Name: "keep", Label: "Keep", About: "how many of the newest entries stay", Default: strconv.FormatUint(on.Station.Messages, 10)}},
		}}
	case on.Consumer == nil && on.Station.Kind == bus.Keys && !b.keys.Settings.Allowed():
		return []bus.Lever{{
			Name: leverAllowConfig, Title: "Let the server tell of written keys",
			About: "Adds what is lacking to the server's " + keys.SettingName + ", and puts it back when the session closes. " + on.Station.Reading,
		}}
	}
	return nil
}

// Pull implements bus.Operator.
func (b *Bus) Pull(ctx context.Context, on bus.Target, lever string, values map[string]string) (string, error) {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	text, err := b.pull(ctx, on, lever, values)
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", lever, on.Station.Name, fault.Explain(err))
	}
	return text, nil
}

func (b *Bus) pull(ctx context.Context, on bus.Target, lever string, values map[string]string) (string, error) {
	key := names.Raw(on.Station)
	if on.Consumer == nil {
		switch {
		case lever == leverTrim && on.Station.Kind == bus.Log:
			return b.trim(ctx, key, values["keep"])
		case lever == leverAllowConfig && on.Station.Kind == bus.Keys:
			return b.allowConfig(ctx)
		}
		return "", fmt.Errorf("there is no such lever on a station of kind %q", on.Station.Kind)
	}
	if on.Station.Name == "" {
		key = names.Raw(bus.Station{Kind: bus.Log, Name: on.Consumer.Station})
	}
	return b.groups.Group(key, on.Consumer.Name).Pull(ctx, lever, values)
}

// trim shortens a stream.
func (b *Bus) trim(ctx context.Context, key, keep string) (string, error) {
	n, err := strconv.ParseInt(keep, 10, 64)
	if err != nil || n < 0 {
		return "", fmt.Errorf("keep is %q; want how many entries stay", keep)
	}
	gone, err := b.redis.XTrimMaxLen(ctx, key, n).Result()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("deleted the %d oldest entries of %s; at most %d stayed", gone, key, n), nil
}

// allowConfig allows settings to be changed, and changes them. Feeds turn to notifications with their next look.
func (b *Bus) allowConfig(ctx context.Context) (string, error) {
	b.keys.Settings.Allow()
	done, err := b.keys.Settings.Add(ctx)
	switch {
	case err != nil:
		return "", err
	case done == "":
		return "nothing was lacking: the server tells of written keys already", nil
	}
	return "done: " + done + "; put back when the session closes", nil
}
