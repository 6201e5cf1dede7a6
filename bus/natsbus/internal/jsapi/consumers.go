package jsapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/goroutine"
)

// Consumer is a consumer with its stream.
type Consumer struct {
	Stream *jetstream.StreamInfo
	Info   *jetstream.ConsumerInfo
}

// Filters are the subjects that the consumer reads; of a bucket, the keys.
func (c Consumer) Filters() []string {
	all := slices.Clone(c.Info.Config.FilterSubjects)
	if filter := c.Info.Config.FilterSubject; filter != "" {
		all = append(all, filter)
	}
	for i := range all {
		all[i] = ShownSubject(c.Stream, all[i])
	}
	return all
}

// Bounds of listing: how many streams are asked at once for their consumers, and how many in one listing, beyond those that
// must be asked since what was told of them cannot be so any more.
const (
	maxAtOnce = 8
	maxAsked  = 256
)

// toldConsumers is what a stream told of its consumers.
type toldConsumers struct {
	when  time.Time
	count int // of all, as the stream was listed
	all   []*jetstream.ConsumerInfo
}

// SessionPrefix is what the names of the consumers begin with that a session of signalbox reads with.
const SessionPrefix = "signalbox-"

// Own tells of the consumers of the session.
type Own interface {
	Owns(consumer string) bool
	OwnOf(stream string) int // how many a stream has
}

// Consumers lists the consumers of all streams, without the system's and the session's own. Several streams are asked at once. Where very many have consumers, what some of them
// told earlier must do, so that listing again and again is no load. A partial list comes with an error.
func (c *Client) Consumers(ctx context.Context, own Own) ([]Consumer, error) {
	streams, err := c.Streams(ctx)
	if err != nil {
		err = fmt.Errorf("list streams: %w", err)
	}
	streams = slices.DeleteFunc(streams, func(info *jetstream.StreamInfo) bool { return info.State.Consumers <= own.OwnOf(info.Config.Name) })
	told, errs := c.askConsumers(ctx, streams)
	var all []Consumer
	for _, info := range streams {
		for _, x := range told[info.Config.Name].all {
			if !own.Owns(x.Name) && !system(x.Name) {
				all = append(all, Consumer{info, x})
			}
		}
	}
	return all, errors.Join(append(errs, err)...)
}

// askConsumers returns what streams tell of their consumers.
func (c *Client) askConsumers(ctx context.Context, streams []*jetstream.StreamInfo) (map[string]toldConsumers, []error) {
	c.mu.Lock()
	earlier := c.told
	c.mu.Unlock()
	told, asked := make(map[string]toldConsumers, len(streams)), c.toBeAsked(streams, earlier)
	for _, info := range streams {
		if before, known := earlier[info.Config.Name]; known {
			told[info.Config.Name] = before
		}
	}
	answers, errs := make([]toldConsumers, len(asked)), make([]error, len(asked))
	slots := make(chan struct{}, maxAtOnce)
	var left atomic.Int64
	left.Store(mostConsumers)
	var asking goroutine.Group
	for i, info := range asked {
		slots <- struct{}{}
		asking.Go("what lists consumers", func() {
			defer func() { <-slots }()
			answers[i] = toldConsumers{when: time.Now(), count: info.State.Consumers}
			var err error
			if answers[i].all, err = c.consumersOf(ctx, info.Config.Name, &left); err != nil {
				errs[i] = fmt.Errorf("list consumers of %s: %w", c.StationName(info.Config.Name), err)
				if !errors.Is(err, errMany) {
					answers[i].count = -1 // it is asked again
				}
			}
		})
	}
	asking.Wait()
	for i, info := range asked {
		told[info.Config.Name] = answers[i]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = told
	return told, errs
}

// toBeAsked chooses the streams of which nothing is known, or something else, and of the others those that told it longest ago.
func (c *Client) toBeAsked(streams []*jetstream.StreamInfo, earlier map[string]toldConsumers) []*jetstream.StreamInfo {
	var must, may []*jetstream.StreamInfo
	for _, info := range streams {
		if before, known := earlier[info.Config.Name]; known && before.count == info.State.Consumers {
			may = append(may, info)
		} else {
			must = append(must, info)
		}
	}
	if left := max(0, maxAsked-len(must)); len(may) > left {
		slices.SortStableFunc(may, func(a, b *jetstream.StreamInfo) int {
			return earlier[a.Config.Name].when.Compare(earlier[b.Config.Name].when)
		})
		may = may[:left]
	}
	return append(must, may...)
}

// consumersOf lists what the server knows of a stream's consumers, as many as are left of mostConsumers.
func (c *Client) consumersOf(ctx context.Context, stream string, left *atomic.Int64) ([]*jetstream.ConsumerInfo, error) {
	var all []*jetstream.ConsumerInfo
	for offset := 0; ; {
		var page struct {
			Total     int                          `json:"total"`
			Consumers part[jetstream.ConsumerInfo] `json:"consumers"`
		}
		if err := c.Do(ctx, "CONSUMER.LIST."+stream, map[string]int{"offset": offset}, &page); err != nil {
			if errors.Is(err, bus.ErrMissing) { // deleted meanwhile
				err = nil
			}
			return all, err
		}
		all = append(all, page.Consumers.pointers()...)
		offset += page.Consumers.all
		if page.Consumers.all == 0 || offset >= page.Total {
			return all, nil
		}
		if left.Add(-int64(page.Consumers.all)) < 0 {
			return all, tooMany("consumers", len(all), page.Total)
		}
	}
}
