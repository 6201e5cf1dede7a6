package natsbus

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/subjects"
)

// Stations lists the streams, buckets and object stores of the account, without those of the system, and the services
// that answer. A name is an existing stream, then a bucket or object store, then a service that answers, and otherwise a
// subject, wildcards included, for a core subscription.
//
// On a server with JetStream a subject such as > is listed as not Readable, unless Options.AllowAll: it also takes the
// inboxes that waiting pulls listen on, and so the server believes that pulls abandoned long ago still have takers.
func (b *Bus) Stations(ctx context.Context, names ...string) ([]bus.Station, error) {
	if len(names) == 0 {
		return b.discover(ctx)
	}
	var stations []bus.Station
	var errs []error
	for _, name := range names {
		s, err := b.resolve(ctx, name)
		if err != nil {
			errs = append(errs, fmt.Errorf("station %q: %w", name, err))
			continue
		}
		if s.Kind == bus.Subject {
			if service, found := b.service(ctx, name); found {
				s = service
			}
		}
		stations = append(stations, s)
	}
	once(stations)
	return stations, errors.Join(errs...)
}

// once leaves out the subjects all of whose messages one of the streams has, so that they are shown once.
func once(stations []bus.Station) {
	for i := range stations {
		s := &stations[i]
		for _, stream := range stations {
			if s.Kind == bus.Subject && s.Readable && stream.Kind == bus.Stream && subjects.Cover(stream.Subjects, s.Name) {
				s.Readable, s.Reading = false, fmt.Sprintf(readTwice, stream.Name)
			}
		}
	}
}

func (b *Bus) discover(ctx context.Context) ([]bus.Station, error) {
	infos, err := b.js.Streams(ctx)
	if err == nil {
		b.forgetCounts(infos)
	} else {
		err = fmt.Errorf("list streams: %w", err)
	}
	stations, names := make([]bus.Station, 0, len(infos)), make(map[string]bool, len(infos))
	for _, info := range infos {
		s := describe(info)
		s.Name = b.js.StationName(info.Config.Name)
		stations, names[s.Name] = append(stations, s), true
	}
	b.countSubjects(ctx, infos, stations)
	services, unheard := b.services(ctx)
	if unheard != nil && !errors.Is(unheard, bus.ErrRefused) { // who may not ask has none
		err = errors.Join(err, fmt.Errorf("find services: %w", unheard))
	}
	for _, s := range services {
		if names[s.Name] {
			s.Name = servicePrefix + s.Name
		}
		stations = append(stations, s)
	}
	return stations, err
}

// resolve finds what a name means.
func (b *Bus) resolve(ctx context.Context, name string) (bus.Station, error) {
	if err := subjects.Check(name); err != nil {
		return bus.Station{}, err
	}
	if !strings.ContainsAny(name, `.*>/\`) {
		for _, prefix := range []string{"", jsapi.BucketPrefix, jsapi.ObjectPrefix} {
			info, err := b.js.Stream(ctx, prefix+name)
			switch {
			case err == nil:
				return b.named(ctx, info)
			case errors.Is(err, jsapi.ErrNone), errors.Is(err, bus.ErrRefused):
				return b.subject(ctx, name) // who may not ask may still listen
			case !errors.Is(err, bus.ErrMissing):
				return bus.Station{}, err
			}
		}
	}
	return b.subject(ctx, name)
}

// named describes a stream; a bucket that was named by its stream keeps that name when a stream has its own.
func (b *Bus) named(ctx context.Context, info *jetstream.StreamInfo) (bus.Station, error) {
	s := describe(info)
	if s.Name != info.Config.Name {
		if _, err := b.js.Stream(ctx, s.Name); err == nil {
			s.Name = info.Config.Name
		}
	}
	one := []bus.Station{s}
	b.countSubjects(ctx, []*jetstream.StreamInfo{info}, one)
	return one[0], nil
}
