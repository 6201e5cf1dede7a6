package output

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"signalbox/sources"
)

// Form writes events, one after the other, below a heading. It belongs to one goroutine.
type Form struct {
	heading string
	event   func(to []byte, e *sources.Event) []byte
}

// FileForm is the form that the name of a file asks for.
func FileForm(name string) (Form, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return Form{CSVHeading(), EventCSV()}, nil
	case ".ndjson", ".jsonl", ".json":
		return Form{"", EventJSON()}, nil
	}
	return Form{}, errors.New("want a name that ends in .ndjson or .csv, such as paid.csv")
}

// Scanner shows the events that are held. An engine is one.
type Scanner interface {
	Scan(ctx context.Context, after uint64, see func(*sources.Event)) (last uint64, err error)
}

// fileChunk is how many bytes are gathered on the engine's goroutine before they are written, on another.
const fileChunk = 4 << 20

// WriteEvents writes the held events that are wanted to a file that is not there yet, and returns how many. It waits for the disk, and
// the engine does not.
func WriteEvents(ctx context.Context, from Scanner, name string, form Form, wants func(*sources.Event) bool) (written uint64, err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("making %s: %w", filepath.Base(name), pathless(err))
	}
	defer func() {
		if closed := f.Close(); err == nil && closed != nil {
			err = fmt.Errorf("writing %s: %w", filepath.Base(name), pathless(closed))
		}
	}()
	c := chunk{form: form, wants: wants, bytes: []byte(form.heading)}
	for more := true; more; {
		if more, err = c.gather(ctx, from); err != nil {
			return written, err
		}
		if _, err := f.Write(c.bytes); err != nil {
			return written, fmt.Errorf("writing %s after %d events: %w", filepath.Base(name), written, pathless(err))
		}
		written += c.events
	}
	return written, nil
}

// chunk is what is written at once.
type chunk struct {
	form  Form
	wants func(*sources.Event) bool

	mu     sync.Mutex // guards what follows: the engine may end what it began after it was told that it is enough
	open   bool
	bytes  []byte
	events uint64
	last   uint64 // number of the event that was looked at last
	begun  bool
}

// gather gathers what comes next; false once nothing does.
func (c *chunk) gather(ctx context.Context, from Scanner) (more bool, err error) {
	inner, enough := context.WithCancel(ctx)
	defer enough()
	c.mu.Lock()
	if c.begun {
		c.bytes = c.bytes[:0]
	}
	c.begun, c.open, c.events = true, true, 0
	after := c.last
	c.mu.Unlock()
	_, err = from.Scan(inner, after, func(e *sources.Event) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.open {
			return
		}
		c.last = e.Number
		if !c.wants(e) {
			return
		}
		c.bytes = c.form.event(c.bytes, e)
		c.events++
		if len(c.bytes) >= fileChunk {
			c.open = false
			enough()
		}
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	full := !c.open
	c.open = false
	if full && ctx.Err() == nil {
		return true, nil
	}
	return false, err
}

// pathless is an error without the path that is said besides.
func pathless(err error) error {
	if path := new(os.PathError); errors.As(err, &path) {
		return path.Err
	}
	return err
}
