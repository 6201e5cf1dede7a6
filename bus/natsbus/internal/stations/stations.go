// Package stations lists what can be read: the streams, buckets and object stores of the account, without those of the
// system, and the services that answer. A name means an existing stream, else a bucket or object store, else a service that
// answers, and otherwise a subject, wildcards included.
//
// On a server with JetStream a subject such as > is listed as not readable: it also takes the inboxes that waiting pulls
// listen on, and so the server believes that pulls abandoned long ago still have takers.
//
// All methods may be called from any goroutine. Those with a context ask the server; nothing is changed on it.
package stations

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/subjects"
)

// Lister finds stations on one connection.
type Lister struct {
	core     *core.Client
	js       *jsapi.Client
	allowAll bool
	session  Session

	mu              sync.Mutex               // guards what follows
	counts          map[string]subjectCounts // by stream
	servicesRefused error                    // why services may not be asked
}

// Session is what reads stations.
type Session interface {
	OwnOf(stream string) int                // its consumers of a stream: they are not counted among the stream's
	Listed(streams []*jetstream.StreamInfo) // is told how streams are now

	Services() []string                     // the names of services that it reads
	Serves(service bus.Station)             // is told how one is now
	Silent(name string) (bus.Station, bool) // is told that one did not answer; it says how that was before, if it reads it
}

// New makes a lister. With allowAll it lists subjects that take other clients' inboxes as readable, too.
func New(c *core.Client, js *jsapi.Client, allowAll bool, session Session) *Lister {
	return &Lister{core: c, js: js, allowAll: allowAll, session: session, counts: map[string]subjectCounts{}}
}

// Connected notes a new connection, on which the user may have other rights.
func (l *Lister) Connected() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.servicesRefused = nil
}

// List lists the stations of the account or, given names, what each of them means. Partial results come with an error.
func (l *Lister) List(ctx context.Context, names ...string) ([]bus.Station, error) {
	if len(names) == 0 {
		return l.discover(ctx)
	}
	var stations []bus.Station
	var errs []error
	answered := map[string]bool{}
	for _, name := range names {
		s, err := l.Resolve(ctx, name)
		if err != nil {
			errs = append(errs, fmt.Errorf("station %q: %w", name, err))
			continue
		}
		if s.Kind == bus.Subject {
			if service, found := l.service(ctx, name); found {
				s, answered[name] = service, true
			} else if last, read := l.session.Silent(name); read {
				s = last
			} else {
				s.Presumed = l.presumed(ctx, name)
			}
		}
		stations = append(stations, s)
	}
	hideCovered(stations)
	for _, s := range stations {
		if answered[s.Name] {
			l.session.Serves(s)
		}
	}
	return stations, errors.Join(errs...)
}

// presumed tells whether a single word is a subject that no stream takes. One with dots or wildcards was meant as a subject,
// and who may not ask cannot know.
func (l *Lister) presumed(ctx context.Context, name string) bool {
	if !isWord(name) {
		return false
	}
	stream, err := l.js.StreamOf(ctx, name)
	return stream == "" && err == nil
}

// isWord tells whether a name may be that of a stream or bucket.
func isWord(name string) bool { return !strings.ContainsAny(name, `.*>/\\`) }

// hideCovered makes subjects unreadable all of whose messages one of the streams has, so that they are shown once.
func hideCovered(stations []bus.Station) {
	for i := range stations {
		s := &stations[i]
		for _, stream := range stations {
			if s.Kind == bus.Service && stream.Kind == bus.Stream {
				hideEndpoints(s, stream)
			}
			if s.Kind == bus.Subject && s.Readable && stream.Kind == bus.Stream && subjects.Cover(stream.Subjects, s.Name) {
				s.Readable, s.Reading = false, fmt.Sprintf(readTwice, stream.Name)
			}
		}
	}
}

// hideEndpoints leaves out those endpoints of a service whose requests a stream keeps.
func hideEndpoints(service *bus.Station, stream bus.Station) {
	left := slices.DeleteFunc(slices.Clone(service.Subjects), func(subject string) bool { return subjects.Cover(stream.Subjects, subject) })
	if len(left) == 0 && len(service.Subjects) > 0 {
		service.Readable, service.Reading = false, fmt.Sprintf(readTwice, stream.Name)
		return
	}
	service.Subjects = left
}

func (l *Lister) discover(ctx context.Context) ([]bus.Station, error) {
	infos, err := l.js.Streams(ctx)
	l.session.Listed(infos)
	if err == nil {
		l.forgetCounts(infos)
	} else {
		err = fmt.Errorf("list streams: %w", err)
	}
	stations, names := make([]bus.Station, 0, len(infos)), make(map[string]bool, len(infos))
	for _, info := range infos {
		s := l.Describe(ctx, info)
		s.Name = l.js.StationName(info.Config.Name)
		stations, names[s.Name] = append(stations, s), true
	}
	l.countSubjects(ctx, infos, stations)
	services, refused := l.Services(ctx)
	if refused != nil && !errors.Is(refused, bus.ErrRefused) { // who may not ask has none
		err = errors.Join(err, fmt.Errorf("find services: %w", refused))
	}
	for _, s := range services {
		if names[s.Name] {
			s.Name = servicePrefix + s.Name
		}
		stations = append(stations, s)
	}
	hideCovered(stations)
	if refused == nil {
		l.tell(stations)
	}
	return stations, err
}

// Resolve finds what a name means.
func (l *Lister) Resolve(ctx context.Context, name string) (bus.Station, error) {
	if err := subjects.Check(name); err != nil {
		return bus.Station{}, err
	}
	if isWord(name) {
		for _, prefix := range []string{"", jsapi.BucketPrefix, jsapi.ObjectPrefix} {
			info, err := l.js.Stream(ctx, prefix+name)
			switch {
			case err == nil:
				l.session.Listed([]*jetstream.StreamInfo{info})
				return l.named(ctx, info)
			case errors.Is(err, jsapi.ErrNone), errors.Is(err, bus.ErrRefused):
				return l.Subject(ctx, name) // who may not ask may still listen
			case !errors.Is(err, bus.ErrMissing):
				return bus.Station{}, err
			}
		}
	}
	return l.Subject(ctx, name)
}

// Describe describes a stream without what the session itself has made there.
func (l *Lister) Describe(ctx context.Context, info *jetstream.StreamInfo) bus.Station {
	s := Describe(info, l.js.ConsumerLimit(ctx, info))
	s.Consumers = max(0, s.Consumers-l.session.OwnOf(info.Config.Name))
	return s
}

// named describes a stream; a bucket that was named by its stream keeps that name when a stream has its own.
func (l *Lister) named(ctx context.Context, info *jetstream.StreamInfo) (bus.Station, error) {
	s := l.Describe(ctx, info)
	if s.Name != info.Config.Name {
		if _, err := l.js.Stream(ctx, s.Name); err == nil {
			s.Name = info.Config.Name
		}
	}
	one := []bus.Station{s}
	l.countSubjects(ctx, []*jetstream.StreamInfo{info}, one)
	return one[0], nil
}
