package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// errNoJetStream says that the server, or this account, has no JetStream.
var errNoJetStream = errors.New("the server has no JetStream")

// elsewhere says that there is no JetStream where the options say that it is, if they do.
func (b *Bus) elsewhere() error {
	switch {
	case b.options.APIPrefix != "":
		return fmt.Errorf("no JetStream answers under %s, which api= names", b.options.APIPrefix)
	case b.options.Domain != "":
		return fmt.Errorf("no JetStream answers in the domain %s", b.options.Domain)
	default:
		return nil
	}
}

// jsError says what an error of the client library means.
func jsError(err error) error {
	var js jetstream.JetStreamError
	if errors.As(err, &js) && js.APIError() != nil {
		return apiError(js.APIError())
	}
	return core.Error(err)
}

// storage is what is known of JetStream on the server that the bus is connected to.
type storage int

const (
	unknown storage = iota
	present
	absent
)

// probeTimeout bounds the wait for JetStream on a server that does not announce it: it may be behind another one. Without
// JetStream the question is answered at once, except while somebody subscribes to everything.
const probeTimeout = 1500 * time.Millisecond

// probe tells whether there is JetStream.
func (b *Bus) probe(ctx context.Context) storage {
	b.mu.Lock()
	known := b.storage
	b.mu.Unlock()
	if known != unknown {
		return known
	}
	short, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	_, err := b.core.Request(short, nats.NewMsg(b.prefix+"INFO"))
	switch {
	case errors.Is(err, nats.ErrNoResponders), errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		known = absent
	case err == nil, errors.Is(err, bus.ErrRefused):
		known = present
	default: // the connection is down: ask again later
		return unknown
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.storage = known
	return known
}

// api asks JetStream. What does not exist is an error that wraps bus.ErrMissing.
func (b *Bus) api(ctx context.Context, subject string, request, response any) error {
	if b.probe(ctx) == absent {
		return errNoJetStream
	}
	m := nats.NewMsg(b.prefix + subject)
	if request != nil {
		data, err := json.Marshal(request)
		if err != nil {
			return err
		}
		m.Data = data
	}
	answer, err := b.core.Request(ctx, m)
	if errors.Is(err, nats.ErrNoResponders) {
		return errNoJetStream
	}
	if err != nil {
		return err
	}
	var refusal struct {
		Error *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(answer.Data, &refusal); err != nil {
		return fmt.Errorf("answer to %s: %w", m.Subject, err)
	}
	if refusal.Error != nil {
		return apiError(refusal.Error)
	}
	if err := json.Unmarshal(answer.Data, response); err != nil {
		return fmt.Errorf("answer to %s: %w", m.Subject, err)
	}
	return nil
}

func apiError(err *jetstream.APIError) error {
	switch err.ErrorCode {
	case jetstream.JSErrCodeStreamNotFound, jetstream.JSErrCodeConsumerNotFound, jetstream.JSErrCodeMessageNotFound:
		return fmt.Errorf("%w: %s", bus.ErrMissing, err.Description)
	case jetstream.JSErrCodeJetStreamNotEnabled, jetstream.JSErrCodeJetStreamNotEnabledForAccount:
		return errNoJetStream
	default:
		return fmt.Errorf("JetStream: %s", err.Description)
	}
}
