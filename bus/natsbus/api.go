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
)

// apiTimeout bounds the wait for one answer of the server.
const apiTimeout = 5 * time.Second

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

// question is a request that waits for its answer.
type question struct {
	subject string
	cancel  context.CancelCauseFunc
}

// request sends a message and waits for its answer. A server that forbids the subject does not answer but complains
// asynchronously; that ends the wait, too.
func (b *Bus) request(ctx context.Context, m *nats.Msg) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	ctx, done := b.wait(ctx, m.Subject)
	defer done()
	answer, err := b.conn.RequestMsgWithContext(ctx, m)
	if err == nil {
		return answer, nil
	}
	if refused := refusal(ctx, m.Subject); refused != nil {
		return nil, refused
	}
	return nil, linkError(err)
}

// wait makes a context that ends, too, when the server refuses a subject; done must be called.
func (b *Bus) wait(ctx context.Context, subject string) (waiting context.Context, done func()) {
	ctx, refuse := context.WithCancelCause(ctx)
	q := &question{subject, refuse}
	b.mu.Lock()
	b.pending[q] = struct{}{}
	b.mu.Unlock()
	return ctx, func() {
		b.mu.Lock()
		delete(b.pending, q)
		b.mu.Unlock()
		refuse(nil)
	}
}

// refusal says that a context of wait ended because the server refused its subject.
func refusal(ctx context.Context, subject string) error {
	if errors.Is(context.Cause(ctx), nats.ErrPermissionViolation) {
		return fmt.Errorf("%w: no permission for %s", bus.ErrRefused, subject)
	}
	return nil
}

// answer tells who waits for a subject that it is refused, and whether anybody does.
func (b *Bus) answer(subject string, err error) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := false
	for q := range b.pending {
		if q.subject == subject {
			q.cancel(err)
			found = true
		}
	}
	return found
}

// linkError says what an error of the client library means.
func linkError(err error) error {
	var js jetstream.JetStreamError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &js) && js.APIError() != nil:
		return apiError(js.APIError())
	case errors.Is(err, nats.ErrReconnectBufExceeded), errors.Is(err, nats.ErrDisconnected), errors.Is(err, nats.ErrConnectionReconnecting):
		return fmt.Errorf("%w: the connection is down", bus.ErrUnreachable)
	case errors.Is(err, nats.ErrConnectionClosed):
		return errClosed
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, nats.ErrTimeout):
		return fmt.Errorf("no answer in time: %w", err)
	default:
		return err
	}
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
	_, err := b.request(short, nats.NewMsg(b.prefix+"INFO"))
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
	answer, err := b.request(ctx, m)
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
