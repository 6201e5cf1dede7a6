package stations

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

// How stations are read, in words.
const (
	readOrdered = "ordered consumer in memory, gone within 5 s of the session"
	readGets    = "single gets, without a consumer: %s, and somebody else may need the last"
	readQueue   = "single gets, and core subscriptions for what is new: a consumer would hold its messages back"
	readSubject = "core subscription, no history"
	readTwice   = "not read: the stream %s, which is read as well, has all its messages"
	readObjects = "not read: an object's chunks are no events"
	readAll     = "not read: name the subjects, or allow it with --allow-all; it would also take the inboxes of waiting pulls, and " +
		"keep messages from the workers that wait there"
)

// Describe makes a station of a stream, of whose consumers there is a limit, in words, or none.
func Describe(info *jetstream.StreamInfo, limit string) bus.Station {
	c, state := info.Config, info.State
	s := bus.Station{
		Name: c.Name, Kind: bus.Stream, Replayable: true, Readable: true, Reading: readOrdered,
		Messages: state.Msgs, Bytes: state.Bytes, Subjects: c.Subjects, Consumers: state.Consumers, Created: info.Created,
	}
	if state.Msgs > 0 {
		s.First, s.Last = bus.Position{Major: state.FirstSeq}, bus.Position{Major: state.LastSeq}
	}
	s.Removed = state.LastSeq > 0 && (state.Msgs == 0 || state.FirstSeq > 1)
	switch {
	case c.Retention != jetstream.LimitsPolicy:
		s.Reading = readQueue
	case limit != "":
		s.Reading = fmt.Sprintf(readGets, limit)
	}
	if name, ok := strings.CutPrefix(c.Name, jsapi.BucketPrefix); ok {
		s.Name, s.Kind, s.Traits, s.Untold = name, bus.Bucket, bucketTraits(name), "who gets single keys"
	} else if name, ok := strings.CutPrefix(c.Name, jsapi.ObjectPrefix); ok {
		s.Name, s.Kind, s.Readable, s.Reading = name, bus.ObjectStore, false, readObjects
	}
	if s.Kind == bus.Stream {
		s.Separators = separators(c.Subjects)
	}
	s.Details = streamDetails(info)
	return s
}

// separators part subjects into words, where a station has several of them; one without any is a mirror.
func separators(subjects []string) string {
	if len(subjects) == 1 && !strings.ContainsAny(subjects[0], "*>") {
		return ""
	}
	return "."
}

func bucketTraits(name string) bus.Traits {
	return bus.Traits{Separators: ".", Keyed: true, Bucket: name, Operation: "KV-Operation", Write: "PUT", Removals: [2]string{"DEL", "PURGE"}}
}

// Subject describes a subject that may be listened to.
func (l *Lister) Subject(ctx context.Context, name string) (bus.Station, error) {
	s := bus.Station{Name: name, Kind: bus.Subject, Readable: true, Reading: readSubject, Subjects: []string{name}, Consumers: -1}
	s.Separators = separators(s.Subjects)
	s.Gathers = s.Separators != ""
	if !l.allowAll && subjects.TakesInboxes(name) {
		err := l.js.Do(ctx, "INFO", nil, &struct{}{})
		switch {
		case errors.Is(err, jsapi.ErrNone):
		case err == nil, errors.Is(err, bus.ErrRefused):
			s.Readable, s.Reading = false, readAll
		default:
			return s, fmt.Errorf("ask whether the server has JetStream: %w", err)
		}
	}
	return s, nil
}
