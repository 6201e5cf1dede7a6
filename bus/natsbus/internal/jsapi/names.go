package jsapi

import (
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
)

// What the names of streams behind buckets and object stores begin with.
const (
	BucketPrefix = "KV_"
	ObjectPrefix = "OBJ_"
)

// StreamName is the stream behind a station.
func StreamName(s bus.Station) string {
	switch {
	case s.Kind == bus.Bucket && !strings.HasPrefix(s.Name, BucketPrefix):
		return BucketPrefix + s.Name
	case s.Kind == bus.ObjectStore && !strings.HasPrefix(s.Name, ObjectPrefix):
		return ObjectPrefix + s.Name
	default:
		return s.Name
	}
}

// StationName is the name of the station that a stream is: the bucket's, unless a stream has that name itself.
func (c *Client) StationName(stream string) string {
	name, found := strings.CutPrefix(stream, BucketPrefix)
	if !found {
		name = strings.TrimPrefix(stream, ObjectPrefix)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if name != stream && c.known[name] {
		return stream
	}
	return name
}

// KeyPrefix is what the subjects of a bucket's keys begin with, given its stream; "" if that is no bucket's.
func KeyPrefix(stream string) string {
	if bucket, ok := strings.CutPrefix(stream, BucketPrefix); ok {
		return "$KV." + bucket + "."
	}
	return ""
}

// ShownSubject is the subject of a stream's message as its station shows it: of a bucket, the key.
func ShownSubject(info *jetstream.StreamInfo, subject string) string {
	return strings.TrimPrefix(subject, KeyPrefix(info.Config.Name))
}

// BucketHistory is how many values of a key a new bucket keeps, so that there is something to step through.
const BucketHistory = 8

// Limit writes a limit of a stream or a consumer, where 0 or less means that there is none.
func Limit(n int64, text string) string {
	if n <= 0 {
		return "unlimited"
	}
	return text
}
