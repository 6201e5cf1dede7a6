package control

import (
	"context"
	"encoding/json"
	"fmt"

	"signalbox/bus/memphisbus/internal/schema"
)

// ProducedBy is the name under which this program sends.
const ProducedBy = "signalbox"

// producerVersion is that of the requests of producers which Memphis 1.x answers with partitions and schema.
const producerVersion = 4

// Describe tells which schema a station has; the zero Schema is none. Memphis tells that to producers only: one is made, and
// removed at once. It makes a station that there is not: whoever asks has looked before.
func (c *Client) Describe(ctx context.Context, station string) (schema.Schema, error) {
	answer, err := c.ask(ctx, producerCreations, struct {
		Name       string `json:"name"`
		Station    string `json:"station_name"`
		Connection string `json:"connection_id"`
		Type       string `json:"producer_type"`
		Version    int    `json:"req_version"`
		User       string `json:"username"`
		App        string `json:"app_id"`
		Language   string `json:"sdk_lang"`
	}{ProducedBy, station, c.connection, "application", producerVersion, c.user, c.connection, "go"})
	if err != nil {
		return schema.Schema{}, err
	}
	if err := complaint(answer); err != nil {
		return schema.Schema{}, err
	}
	err = c.do(ctx, producerDestructions, struct {
		Station    string `json:"station_name"`
		Name       string `json:"name"`
		User       string `json:"username"`
		Connection string `json:"connection_id"`
		Version    int    `json:"req_version"`
	}{station, ProducedBy, c.user, c.connection, 1})
	if err != nil {
		return schema.Schema{}, fmt.Errorf("remove the producer %s again: %w", ProducedBy, err)
	}
	if len(answer) == 0 { // Memphis 0.x
		return schema.Schema{}, nil
	}
	var told struct {
		Schema json.RawMessage `json:"schema_update"`
	}
	if err := json.Unmarshal(answer, &told); err != nil {
		return schema.Schema{}, fmt.Errorf("read what Memphis says of %s: %w", station, err)
	}
	return schema.Read(told.Schema)
}
