package jsapi

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// namedStreams asks for the names of streams, page by page, and for each stream by itself, where listing is forbidden. A stream
// that must not be looked at is in the error.
func (c *Client) namedStreams(ctx context.Context) (all []*jetstream.StreamInfo, pages int, err error) {
	var errs []error
	for offset := 0; ; {
		var page struct {
			Total   int          `json:"total"`
			Streams part[string] `json:"streams"`
		}
		if err := c.Do(ctx, "STREAM.NAMES", map[string]int{"offset": offset}, &page); err != nil {
			return all, pages, errors.Join(append(errs, err)...)
		}
		pages++
		for _, name := range page.Streams.list {
			if system(name) || len(all) == c.most {
				continue
			}
			info, err := c.Stream(ctx, name)
			if ctx.Err() != nil {
				return all, pages, errors.Join(append(errs, ctx.Err())...)
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("stream %s: %w", name, err))
				continue
			}
			all = append(all, info)
		}
		whole := page.Streams.all == len(page.Streams.list) // else the answer told of more than servers do
		if offset += page.Streams.all; whole && (page.Streams.all == 0 || offset >= page.Total) {
			c.remember(all)
			return all, pages, errors.Join(errs...)
		}
		if !whole || offset >= c.most {
			c.remember(all)
			return all, pages, errors.Join(append(errs, tooMany("streams", len(all), page.Total))...)
		}
	}
}
