// Package jsapi asks the JetStream API of a server: about streams, consumers and stored messages. It says what the client
// library does not: whether there is JetStream at all, that a right is missing (bus.ErrRefused), that something does not
// exist (bus.ErrMissing).
//
// Methods with a context ask the server and wait for its answer, no longer than core.Timeout for each; the others never
// block. All may be called from any goroutine. Nothing is changed on the server, except through Do and JetStream.
package jsapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// ErrNone says that the server, or this account, has no JetStream.
var ErrNone = errors.New("the server has no JetStream")

// ErrConsumerLimit says that there may be no more consumers.
var ErrConsumerLimit = errors.New("there may be no more consumers")

// Where says where JetStream is asked. The zero Where is the server's own, as usual.
type Where struct {
	Domain string // of a leaf node, say
	Prefix string // of the API, where the account imports it; goes before Domain
}

// prefix is what all subjects of the API begin with.
func (w Where) prefix() string {
	switch {
	case w.Prefix != "":
		return strings.TrimSuffix(w.Prefix, ".") + "."
	case w.Domain != "":
		return "$JS." + w.Domain + ".API."
	default:
		return "$JS.API."
	}
}

// Client asks JetStream on one connection.
type Client struct {
	JetStream jetstream.JetStream // the client library's, for what is created, put and pulled
	core      *core.Client
	where     Where
	most      int // streams that are listed

	listing chan struct{} // a place for whoever lists streams, and uses listed
	listed  listedStreams

	mu       sync.Mutex
	presence presence
	known    map[string]bool // names of streams, as listed last
	account  accountLimit
	told     map[string]toldConsumers // by stream
}

// New makes a client, whose list of streams may take about so many bytes of memory. Whoever made the connection calls Connected
// whenever it is up.
func New(c *core.Client, where Where, memory int) (*Client, error) {
	js, err := jetstream.NewWithAPIPrefix(c.Conn, strings.TrimSuffix(where.prefix(), "."))
	if err != nil {
		return nil, err
	}
	return &Client{JetStream: js, core: c, where: where, most: max(leastStreams, memory/streamCost), listing: make(chan struct{}, 1)}, nil
}

// presence is what is known of JetStream on the connected server.
type presence int

const (
	unknown presence = iota
	present
	absent
)

// Connected notes a new connection, and whether its server announces JetStream.
func (c *Client) Connected(announced bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.presence, c.account, c.told = unknown, accountLimit{}, nil
	if announced {
		c.presence = present
	}
}

// Absent tells whether it is known that there is no JetStream.
func (c *Client) Absent() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.presence == absent
}

// NotFound is an error if there should be JetStream according to Where. It is called when there is none.
func (c *Client) NotFound() error {
	switch {
	case c.where.Prefix != "":
		return fmt.Errorf("no JetStream answers under %s, which api= names", c.where.Prefix)
	case c.where.Domain != "":
		return fmt.Errorf("no JetStream answers in the domain %s", c.where.Domain)
	default:
		return nil
	}
}

// Imported tells whether the API belongs to another account: then only what that exports can be asked.
func (c *Client) Imported() bool { return c.where.Prefix != "" }

// Subject is a subject of the API, such as STREAM.LIST, with its prefix.
func (c *Client) Subject(name string) string { return c.where.prefix() + name }

// probeTimeout bounds the wait for JetStream on a server that does not announce it: it may be behind another one. Without
// JetStream the question is answered at once, except while somebody subscribes to everything.
const probeTimeout = 1500 * time.Millisecond

// probe finds out whether there is JetStream.
func (c *Client) probe(ctx context.Context) presence {
	c.mu.Lock()
	found := c.presence
	c.mu.Unlock()
	if found != unknown {
		return found
	}
	short, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	_, err := c.core.Request(short, nats.NewMsg(c.Subject("INFO")))
	switch {
	case errors.Is(err, nats.ErrNoResponders), errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		found = absent
	case err == nil, errors.Is(err, bus.ErrRefused):
		found = present
	default: // the connection is down: ask again later
		return unknown
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.presence = found
	return found
}

// Do sends a request of the API, written as JSON unless nil, and reads the answer into response.
func (c *Client) Do(ctx context.Context, name string, request, response any) error {
	if c.probe(ctx) == absent {
		return ErrNone
	}
	m := nats.NewMsg(c.Subject(name))
	if request != nil {
		data, err := json.Marshal(request)
		if err != nil {
			return err
		}
		m.Data = data
	}
	answer, err := c.core.Request(ctx, m)
	if errors.Is(err, nats.ErrNoResponders) {
		return ErrNone
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
		return APIError(refusal.Error)
	}
	if err := json.Unmarshal(answer.Data, response); err != nil {
		return fmt.Errorf("answer to %s: %w", m.Subject, err)
	}
	return nil
}

// Error says what an error of the client library means, one of JetStream or of the connection.
func Error(err error) error {
	var js jetstream.JetStreamError
	if errors.As(err, &js) && js.APIError() != nil {
		return APIError(js.APIError())
	}
	return core.Error(err)
}

// APIError says what an error in an answer means.
func APIError(err *jetstream.APIError) error {
	switch err.ErrorCode {
	case jetstream.JSErrCodeStreamNotFound, jetstream.JSErrCodeConsumerNotFound, jetstream.JSErrCodeMessageNotFound:
		return fmt.Errorf("%w: %s", bus.ErrMissing, err.Description)
	case jetstream.JSErrCodeMaximumConsumersLimit:
		return ErrConsumerLimit
	case jetstream.JSErrCodeJetStreamNotEnabled, jetstream.JSErrCodeJetStreamNotEnabledForAccount:
		return ErrNone
	default:
		return fmt.Errorf("JetStream: %s", err.Description)
	}
}
