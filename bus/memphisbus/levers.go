package memphisbus

import (
	"context"
	"errors"
	"fmt"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/control"
	"signalbox/bus/memphisbus/internal/names"
)

// Levers lists what can be done to a group, a station or the server by way of Memphis. To what is none of its stations, what
// natsbus can do.
func (b *Bus) Levers(on bus.Target) []bus.Lever {
	if b.foreign(on) {
		return b.inner.Levers(on)
	}
	return b.levers.List(on)
}

// Pull does what a lever says.
func (b *Bus) Pull(ctx context.Context, on bus.Target, lever string, values map[string]string) (string, error) {
	if b.foreign(on) {
		return b.inner.Pull(ctx, on, lever, values)
	}
	return b.levers.Pull(ctx, on, lever, values)
}

// foreign tells whether a target is none of Memphis's.
func (b *Bus) foreign(on bus.Target) bool {
	switch {
	case on.Consumer != nil:
		_, _, ok := names.OfStream(on.Consumer.Station)
		return !ok && names.Station(on.Consumer.Station) != on.Consumer.Station
	case on.Station.Kind == bus.Stream:
		return names.Station(on.Station.Name) != on.Station.Name
	default:
		return on.Station.Name != ""
	}
}

// Make creates a station when it is missing.
func (b *Bus) Make(ctx context.Context, wanted bus.NewStation) error {
	if wanted.Keyed {
		return b.inner.Make(ctx, wanted)
	}
	if _, err := b.stations.Find(ctx, wanted.Name); !errors.Is(err, bus.ErrMissing) {
		return err
	}
	_, err := b.levers.Create(ctx, control.Settings{Name: wanted.Name, RetentionType: "message_age_sec", RetentionValue: control.DefaultAge,
		Storage: "file", Replicas: 1, Idempotency: control.DefaultIdempotency, Partitions: 1})
	if err != nil {
		return fmt.Errorf("create the station %s: %w", wanted.Name, err)
	}
	return nil
}

// Unmake removes a station that Make has made.
func (b *Bus) Unmake(ctx context.Context, made bus.NewStation) error {
	if made.Keyed {
		return b.inner.Unmake(ctx, made)
	}
	station, err := b.stations.Find(ctx, made.Name)
	if errors.Is(err, bus.ErrMissing) {
		return nil
	}
	if err == nil {
		err = b.levers.Control.RemoveStation(ctx, station.Name)
	}
	if err != nil {
		return fmt.Errorf("remove the station %s, which was made here: %w", made.Name, err)
	}
	return nil
}
