// Package control asks Memphis to make and remove what it keeps account of in its own database: stations, producers, schemas.
// What is done past it, to the streams themselves, its database does not learn. Each request is one message on a subject of
// Memphis's, and its answer is empty, or says what is wrong.
//
// All methods may be called from any goroutine and wait for the server. All but Describe write; Describe makes a producer, and
// removes it again.
package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// The subjects on which Memphis takes requests.
const (
	stationCreations     = "$memphis_station_creations"
	stationDestructions  = "$memphis_station_destructions"
	producerCreations    = "$memphis_producer_creations"
	producerDestructions = "$memphis_producer_destructions"
	schemaAttachments    = "$memphis_schema_attachments"
	schemaDetachments    = "$memphis_schema_detachments"
)

// Server is who is asked.
type Server interface {
	Request(ctx context.Context, m *nats.Msg) (*nats.Msg, error)
}

// Client asks for one user.
type Client struct {
	server     Server
	user       string
	connection string // the number that this session goes by
}

// New makes a client. Memphis takes the user's name from what is asked.
func New(server Server, user, connection string) *Client { return &Client{server, user, connection} }

// Settings are those of a station, in Memphis's words.
type Settings struct {
	Name           string
	RetentionType  string // message_age_sec, messages, bytes or ack_based
	RetentionValue int
	Storage        string // file or memory
	Replicas       int
	Idempotency    int64 // milliseconds
	Partitions     int
	DeadLetters    string // the station that gets copies of what is given up, or ""
	Schema         string // that payloads must fit, or ""
}

// What Memphis has where nothing is said.
const (
	DefaultAge         = 604800 // seconds
	DefaultIdempotency = 120000 // milliseconds
)

type letters struct {
	Poison      bool `json:"poison"`
	Schemaverse bool `json:"schemaverse"`
}

// CreateStation makes a station. A user whom Memphis does not know is answered as if it were made: whoever asks looks.
func (c *Client) CreateStation(ctx context.Context, s Settings) error {
	return c.do(ctx, stationCreations, struct {
		Name           string  `json:"name"`
		RetentionType  string  `json:"retention_type"`
		RetentionValue int     `json:"retention_value"`
		Storage        string  `json:"storage_type"`
		Replicas       int     `json:"replicas"`
		Idempotency    int64   `json:"idempotency_window_in_ms"`
		Schema         string  `json:"schema_name"`
		Letters        letters `json:"dls_configuration"`
		User           string  `json:"username"`
		Tiered         bool    `json:"tiered_storage_enabled"`
		Partitions     int     `json:"partitions_number"`
		DeadLetters    string  `json:"dls_station"`
	}{s.Name, s.RetentionType, s.RetentionValue, s.Storage, s.Replicas, s.Idempotency, s.Schema, letters{true, true}, c.user, false, s.Partitions, s.DeadLetters})
}

// RemoveStation removes a station with all its messages, producers and groups.
func (c *Client) RemoveStation(ctx context.Context, station string) error {
	return c.do(ctx, stationDestructions, struct {
		Station string `json:"station_name"`
		User    string `json:"username"`
	}{station, c.user})
}

// Attach has payloads of a station fit a schema from now on.
func (c *Client) Attach(ctx context.Context, station, schema string) error {
	return c.do(ctx, schemaAttachments, struct {
		Name    string `json:"name"`
		Station string `json:"station_name"`
		User    string `json:"username"`
	}{schema, station, c.user})
}

// Detach has a station take any payload.
func (c *Client) Detach(ctx context.Context, station string) error {
	return c.do(ctx, schemaDetachments, struct {
		Station string `json:"station_name"`
		User    string `json:"username"`
	}{station, c.user})
}

// do asks for something that is answered by nothing, or by what is wrong.
func (c *Client) do(ctx context.Context, subject string, request any) error {
	answer, err := c.ask(ctx, subject, request)
	if err != nil {
		return err
	}
	return complaint(answer)
}

// complaint is an answer as an error: nothing, a sentence, or JSON that may have one.
func complaint(answer []byte) error {
	var told struct {
		Error string `json:"error"`
	}
	switch {
	case len(answer) == 0:
		return nil
	case json.Unmarshal(answer, &told) != nil:
		return fmt.Errorf("Memphis says: %s", answer) //nolint:staticcheck // a name
	case told.Error != "":
		return fmt.Errorf("Memphis says: %s", told.Error) //nolint:staticcheck // a name
	}
	return nil
}

func (c *Client) ask(ctx context.Context, subject string, request any) ([]byte, error) {
	m := nats.NewMsg(subject)
	var err error
	if m.Data, err = json.Marshal(request); err != nil {
		return nil, err
	}
	answer, err := c.server.Request(ctx, m)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil, fmt.Errorf("nobody takes requests on %s: %w", subject, bus.ErrMissing)
	case err != nil:
		return nil, fmt.Errorf("ask on %s: %w", subject, err)
	}
	return answer.Data, nil
}
