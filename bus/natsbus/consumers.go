package natsbus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
)

// maxQuestions is how many streams are asked at once for their consumers.
const maxQuestions = 8

// Consumers lists the JetStream consumers of all streams that are not the system's, without those of this session.
func (b *Bus) Consumers(ctx context.Context) ([]bus.Consumer, error) {
	streams, err := b.streams(ctx)
	if err != nil {
		err = fmt.Errorf("list streams: %w", err)
	}
	results, errs := make([][]bus.Consumer, len(streams)), make([]error, len(streams)+1)
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
			station := describe(info).Name
			found, err := b.consumersOf(ctx, info.Config.Name, station)
			results[i] = found
			if err != nil {
				errs[i] = fmt.Errorf("list consumers of %s: %w", station, err)
			}
		})
	}
	asking.Wait()
	var all []bus.Consumer
	for _, r := range results {
		all = append(all, r...)
	}
	return all, errors.Join(errs...)
}

func (b *Bus) consumersOf(ctx context.Context, stream, station string) ([]bus.Consumer, error) {
	var all []bus.Consumer
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
				all = append(all, consumer(info, station))
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

func consumer(info *jetstream.ConsumerInfo, station string) bus.Consumer {
	c := info.Config
	out := bus.Consumer{
		Station: station, Name: info.Name, Kind: "ephemeral", Push: c.DeliverSubject != "",
		Lag: int64(info.NumPending), Unacked: int64(info.NumAckPending), Redelivered: int64(info.NumRedelivered),
		Waiting: int64(info.NumWaiting), AckLimit: max(0, int64(c.MaxAckPending)), MaxDeliver: max(0, int64(c.MaxDeliver)),
		Delivered: bus.Position{Major: info.Delivered.Stream}, AckFloor: bus.Position{Major: info.AckFloor.Stream},
		Created: info.Created,
	}
	if c.Durable != "" {
		out.Kind = "durable"
	}
	if c.AckPolicy == jetstream.AckNonePolicy {
		out.AckLimit = 0
	}
	if out.Push && info.PushBound {
		out.Waiting = 1
	}
	if info.Paused {
		out.PausedUntil = time.Now().Add(info.PauseRemaining)
	}
	for _, last := range []*time.Time{info.Delivered.Last, info.AckFloor.Last} {
		if last != nil && last.After(out.LastActive) {
			out.LastActive = *last
		}
	}
	out.Details = consumerDetails(c)
	return out
}

func consumerDetails(c jetstream.ConsumerConfig) []bus.Detail {
	mode, filter := "pull", c.FilterSubject
	if c.DeliverSubject != "" {
		mode = "push"
	}
	if len(c.FilterSubjects) > 0 {
		filter = strings.Join(c.FilterSubjects, ", ")
	}
	if filter == "" {
		filter = "all subjects"
	}
	details := []bus.Detail{
		{Name: "mode", Value: mode},
		{Name: "reads", Value: filter},
		{Name: "starts at", Value: c.DeliverPolicy.String()},
		{Name: "acknowledges", Value: strings.ToLower(strings.TrimPrefix(c.AckPolicy.String(), "Ack"))},
	}
	if c.AckPolicy != jetstream.AckNonePolicy {
		details = append(details,
			bus.Detail{Name: "within", Value: c.AckWait.String()},
			bus.Detail{Name: "deliveries", Value: orUnlimited(int64(c.MaxDeliver), strconv.Itoa(c.MaxDeliver))},
			bus.Detail{Name: "unacknowledged", Value: orUnlimited(int64(c.MaxAckPending), strconv.Itoa(c.MaxAckPending))})
	}
	if c.DeliverGroup != "" {
		details = append(details, bus.Detail{Name: "queue group", Value: c.DeliverGroup})
	}
	if c.Description != "" {
		details = append(details, bus.Detail{Name: "about", Value: c.Description})
	}
	return details
}
