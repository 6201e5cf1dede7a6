package jsapi

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
)

// Streams lists all streams that are not the system's own; none where there is no JetStream, unless there should be. A
// partial list comes with an error. Where there are very many, a list may be some seconds old: it costs the server a lot,
// and several of the session's parts ask for it.
func (c *Client) Streams(ctx context.Context) ([]*jetstream.StreamInfo, error) {
	select {
	case c.listing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-c.listing }()
	if time.Since(c.listed.when) < time.Duration(c.listed.pages-1)*pageRest {
		return slices.Clone(c.listed.all), c.listed.err
	}
	all, pages, err := c.listStreams(ctx)
	if c.listed = (listedStreams{}); err == nil || errors.Is(err, errMany) {
		c.listed = listedStreams{when: time.Now(), pages: pages, all: slices.Clone(all), err: err}
	}
	return all, err
}

// listedStreams is what was listed last.
type listedStreams struct {
	when  time.Time
	pages int // that the server was asked for
	all   []*jetstream.StreamInfo
	err   error // that there are more
}

// pageRest is how long a list is used for each page of it beyond the first.
const pageRest = 100 * time.Millisecond

// listStreams asks for all streams, page by page.
func (c *Client) listStreams(ctx context.Context) (all []*jetstream.StreamInfo, pages int, err error) {
	for offset := 0; ; {
		var page struct {
			Total   int                        `json:"total"`
			Streams part[jetstream.StreamInfo] `json:"streams"`
		}
		err := c.Do(ctx, "STREAM.LIST", map[string]int{"offset": offset}, &page)
		pages++
		switch {
		case errors.Is(err, ErrNone):
			return nil, pages, c.NotFound()
		case errors.Is(err, bus.ErrRefused):
			return c.namedStreams(ctx)
		case err != nil:
			return all, pages, err
		}
		for _, info := range page.Streams.pointers() {
			if !system(info.Config.Name) {
				all = append(all, info)
			}
		}
		offset += page.Streams.all
		if page.Streams.all == 0 || offset >= page.Total {
			c.remember(all)
			return all, pages, nil
		}
		if offset >= c.most {
			all = all[:min(len(all), c.most)]
			c.remember(all)
			return all, pages, tooMany("streams", len(all), page.Total)
		}
	}
}

// system tells whether a stream or a consumer is the system's own.
func system(name string) bool { return strings.HasPrefix(name, "$") }

// remember keeps the names of all streams, for StationName.
func (c *Client) remember(infos []*jetstream.StreamInfo) {
	known := make(map[string]bool, len(infos))
	for _, info := range infos {
		known[info.Config.Name] = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = known
}

// Stream asks about one stream.
func (c *Client) Stream(ctx context.Context, name string) (*jetstream.StreamInfo, error) {
	info := &jetstream.StreamInfo{}
	if err := c.Do(ctx, "STREAM.INFO."+name, nil, info); err != nil {
		return nil, err
	}
	return info, nil
}

// StreamWithDeleted asks about one stream and which sequences are missing in it.
func (c *Client) StreamWithDeleted(ctx context.Context, name string) (*jetstream.StreamInfo, error) {
	info := &jetstream.StreamInfo{}
	if err := c.Do(ctx, "STREAM.INFO."+name, map[string]bool{"deleted_details": true}, info); err != nil {
		return nil, err
	}
	return info, nil
}

// StreamOf is the name of the stream that takes a subject, or "".
func (c *Client) StreamOf(ctx context.Context, subject string) (string, error) {
	var page struct {
		Streams []string `json:"streams"`
	}
	err := c.Do(ctx, "STREAM.NAMES", map[string]string{"subject": subject}, &page)
	if errors.Is(err, ErrNone) || err == nil && len(page.Streams) == 0 {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return page.Streams[0], nil
}
