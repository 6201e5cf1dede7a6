package jsapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
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

// maxAtOnce is how many streams are asked at once for their consumers.
const maxAtOnce = 8

// Consumers lists the consumers of all streams, without the system's own and those whose names are left out. Several
// streams are asked at once. A partial list comes with an error.
func (c *Client) Consumers(ctx context.Context, leaveOut func(name string) bool) ([]Consumer, error) {
	streams, err := c.Streams(ctx)
	if err != nil {
		err = fmt.Errorf("list streams: %w", err)
	}
	results, errs := make([][]Consumer, len(streams)), make([]error, len(streams)+1)
	errs[len(streams)] = err
	slots := make(chan struct{}, maxAtOnce)
	var asking sync.WaitGroup
	for i, info := range streams {
		if info.State.Consumers == 0 {
			continue
		}
		slots <- struct{}{}
		asking.Go(func() {
			defer func() { <-slots }()
			found, err := c.consumersOf(ctx, info.Config.Name)
			for _, x := range found {
				if !leaveOut(x.Name) && !system(x.Name) {
					results[i] = append(results[i], Consumer{info, x})
				}
			}
			if err != nil {
				errs[i] = fmt.Errorf("list consumers of %s: %w", c.StationName(info.Config.Name), err)
			}
		})
	}
	asking.Wait()
	return slices.Concat(results...), errors.Join(errs...)
}

// consumersOf lists what the server knows of a stream's consumers.
func (c *Client) consumersOf(ctx context.Context, stream string) ([]*jetstream.ConsumerInfo, error) {
	var all []*jetstream.ConsumerInfo
	for offset := 0; ; {
		var page struct {
			Total     int                       `json:"total"`
			Consumers []*jetstream.ConsumerInfo `json:"consumers"`
		}
		if err := c.Do(ctx, "CONSUMER.LIST."+stream, map[string]int{"offset": offset}, &page); err != nil {
			if errors.Is(err, bus.ErrMissing) { // deleted meanwhile
				err = nil
			}
			return all, err
		}
		all = append(all, page.Consumers...)
		offset += len(page.Consumers)
		if len(page.Consumers) == 0 || offset >= page.Total {
			return all, nil
		}
	}
}
