package natsbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
)

// maxQuestions is how many streams are asked at once for their consumers.
const maxQuestions = 8

// Consumers lists the JetStream consumers of all streams that are not the system's, without those of this session.
func (b *Bus) Consumers(ctx context.Context) ([]bus.Consumer, error) {
	found, err := b.readers(ctx)
	return b.consumers(ctx, found), err
}

// reader is a consumer with its stream.
type reader struct {
	stream *jetstream.StreamInfo
	info   *jetstream.ConsumerInfo
}

// readers asks all streams for their consumers, several at once.
func (b *Bus) readers(ctx context.Context) ([]reader, error) {
	streams, err := b.streams(ctx)
	if err != nil {
		err = fmt.Errorf("list streams: %w", err)
	}
	results, errs := make([][]reader, len(streams)), make([]error, len(streams)+1)
	errs[len(streams)] = err
	slots := make(chan struct{}, maxQuestions)
	var asking sync.WaitGroup
	for i, info := range streams {
		if info.State.Consumers == 0 {
			continue
		}
		slots <- struct{}{}
		asking.Go(func() {
			defer func() { <-slots }()
			found, err := b.consumersOf(ctx, info.Config.Name)
			for _, c := range found {
				results[i] = append(results[i], reader{info, c})
			}
			if err != nil {
				errs[i] = fmt.Errorf("list consumers of %s: %w", b.stationName(info.Config.Name), err)
			}
		})
	}
	asking.Wait()
	return slices.Concat(results...), errors.Join(errs...)
}

// consumersOf lists what the server knows of a stream's consumers.
func (b *Bus) consumersOf(ctx context.Context, stream string) ([]*jetstream.ConsumerInfo, error) {
	var all []*jetstream.ConsumerInfo
	for offset := 0; ; {
		var page struct {
			Total     int                       `json:"total"`
			Consumers []*jetstream.ConsumerInfo `json:"consumers"`
		}
		if err := b.api(ctx, "CONSUMER.LIST."+stream, map[string]int{"offset": offset}, &page); err != nil {
			if errors.Is(err, bus.ErrMissing) { // deleted meanwhile
				err = nil
			}
			return all, err
		}
		for _, info := range page.Consumers {
			if !b.owns(info.Name) && !strings.HasPrefix(info.Name, "$") {
				all = append(all, info)
			}
		}
		offset += len(page.Consumers)
		if len(page.Consumers) == 0 || offset >= page.Total {
			return all, nil
		}
	}
}

func (b *Bus) owns(consumer string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, is := b.mine[consumer]
	return is
}
