package natsbus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/subjects"
)

// Prefixes of the streams behind buckets and object stores.
const (
	bucketPrefix = "KV_"
	objectPrefix = "OBJ_"
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
	infos, err := b.streams(ctx)
	if err != nil {
		err = fmt.Errorf("list streams: %w", err)
	}
	stations, names := make([]bus.Station, 0, len(infos)), make(map[string]bool, len(infos))
	for _, info := range infos {
		s := describe(info)
		s.Name = b.stationName(info.Config.Name)
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

// stationName is the name of the station that a stream is: the bucket's, unless a stream has that name itself.
func (b *Bus) stationName(stream string) string {
	name, found := strings.CutPrefix(stream, bucketPrefix)
	if !found {
		name = strings.TrimPrefix(stream, objectPrefix)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if name != stream && b.taken[name] {
		return stream
	}
	return name
}

// take notes the names of streams, when all were listed.
func (b *Bus) take(infos []*jetstream.StreamInfo) {
	taken := make(map[string]bool, len(infos))
	for _, info := range infos {
		taken[info.Config.Name] = true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken = taken
	maps.DeleteFunc(b.counts, func(stream string, _ counting) bool { return !taken[stream] })
}

// shownSubject is the subject of a stream's message as its station shows it: of a bucket, the key.
func shownSubject(info *jetstream.StreamInfo, subject string) string {
	if bucket, ok := strings.CutPrefix(info.Config.Name, bucketPrefix); ok {
		return strings.TrimPrefix(subject, "$KV."+bucket+".")
	}
	return subject
}

// streams lists all streams that are not the system's own; none where there is no JetStream, unless it was asked for.
func (b *Bus) streams(ctx context.Context) ([]*jetstream.StreamInfo, error) {
	var all []*jetstream.StreamInfo
	for offset := 0; ; {
		var page struct {
			Total   int                     `json:"total"`
			Streams []*jetstream.StreamInfo `json:"streams"`
		}
		err := b.api(ctx, "STREAM.LIST", map[string]int{"offset": offset}, &page)
		switch {
		case errors.Is(err, errNoJetStream):
			return nil, b.elsewhere()
		case errors.Is(err, bus.ErrRefused):
			return b.namedStreams(ctx)
		case err != nil:
			return all, err
		}
		for _, info := range page.Streams {
			if !strings.HasPrefix(info.Config.Name, "$") {
				all = append(all, info)
			}
		}
		offset += len(page.Streams)
		if len(page.Streams) == 0 || offset >= page.Total {
			b.take(all)
			return all, nil
		}
	}
}

// namedStreams does with the rights to names and to single streams, where listing is forbidden.
func (b *Bus) namedStreams(ctx context.Context) ([]*jetstream.StreamInfo, error) {
	var page struct {
		Streams []string `json:"streams"`
	}
	if err := b.api(ctx, "STREAM.NAMES", map[string]int{"offset": 0}, &page); err != nil {
		return nil, err
	}
	var all []*jetstream.StreamInfo
	var errs []error
	for _, name := range page.Streams {
		if strings.HasPrefix(name, "$") {
			continue
		}
		info, err := b.stream(ctx, name)
		if err != nil {
			errs = append(errs, fmt.Errorf("stream %s: %w", name, err))
			continue
		}
		all = append(all, info)
	}
	return all, errors.Join(errs...)
}

// stream asks about one stream.
func (b *Bus) stream(ctx context.Context, name string) (*jetstream.StreamInfo, error) {
	info := &jetstream.StreamInfo{}
	if err := b.api(ctx, "STREAM.INFO."+name, nil, info); err != nil {
		return nil, err
	}
	return info, nil
}

// resolve finds what a name means.
func (b *Bus) resolve(ctx context.Context, name string) (bus.Station, error) {
	if err := subjects.Check(name); err != nil {
		return bus.Station{}, err
	}
	if !strings.ContainsAny(name, `.*>/\`) {
		for _, prefix := range []string{"", bucketPrefix, objectPrefix} {
			info, err := b.stream(ctx, prefix+name)
			switch {
			case err == nil:
				return b.named(ctx, info)
			case errors.Is(err, errNoJetStream), errors.Is(err, bus.ErrRefused):
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
		if _, err := b.stream(ctx, s.Name); err == nil {
			s.Name = info.Config.Name
		}
	}
	one := []bus.Station{s}
	b.countSubjects(ctx, []*jetstream.StreamInfo{info}, one)
	return one[0], nil
}

// streamName is the stream behind a station.
func streamName(s bus.Station) string {
	switch {
	case s.Kind == bus.Bucket && !strings.HasPrefix(s.Name, bucketPrefix):
		return bucketPrefix + s.Name
	case s.Kind == bus.ObjectStore && !strings.HasPrefix(s.Name, objectPrefix):
		return objectPrefix + s.Name
	default:
		return s.Name
	}
}
