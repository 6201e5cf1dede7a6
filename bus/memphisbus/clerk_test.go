package memphisbus_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// clerk does for a server of NATS what Memphis 1.4.4 does with requests, and answers in its words.
type clerk struct {
	conn *nats.Conn
	js   jetstream.JetStream

	mu      sync.Mutex
	asked   []string          // subjects and what was asked on them
	schemas map[string]string // by station, as producers are told
}

func newClerk(t testing.TB, address string) *clerk {
	t.Helper()
	c := &clerk{schemas: map[string]string{}}
	c.conn, c.js = client(t, address)
	t.Cleanup(c.conn.Close)
	for subject, answer := range map[string]func(map[string]any) string{
		"$memphis_station_creations": c.create, "$memphis_station_destructions": c.destroy,
		"$memphis_producer_creations": c.produce, "$memphis_producer_destructions": func(map[string]any) string { return "" },
		"$memphis_schema_attachments": c.attach, "$memphis_schema_detachments": c.detach,
	} {
		_, err := c.conn.QueueSubscribe(subject, subject+"_listeners_group", func(m *nats.Msg) {
			asked := map[string]any{}
			if err := json.Unmarshal(m.Data, &asked); err != nil {
				t.Errorf("on %s: %v", subject, err)
			}
			c.mu.Lock()
			c.asked = append(c.asked, subject+" "+string(m.Data))
			text := answer(asked)
			c.mu.Unlock()
			_ = m.Respond([]byte(text))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := c.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	return c
}

// heard are the requests that were made so far on a subject.
func (c *clerk) heard(subject string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []string
	for _, line := range c.asked {
		if rest, ok := strings.CutPrefix(line, subject+" "); ok {
			all = append(all, rest)
		}
	}
	return all
}

func (c *clerk) create(asked map[string]any) string {
	name := fmt.Sprint(asked["name"])
	switch {
	case strings.ContainsAny(name, " !"):
		return "Only alphanumeric and the '_', '-', '.' characters are allowed in Station"
	case asked["username"] == "stranger":
		return "" // and nothing is made
	}
	for n := 1; n <= int(asked["partitions_number"].(float64)); n++ {
		config := jetstream.StreamConfig{Name: stream(name, n), Subjects: []string{stream(name, n) + ".>"}}
		if _, err := c.js.CreateStream(context.Background(), config); err != nil {
			return err.Error()
		}
	}
	return ""
}

func (c *clerk) destroy(asked map[string]any) string {
	name := fmt.Sprint(asked["station_name"])
	n := 1
	for c.js.DeleteStream(context.Background(), stream(name, n)) == nil {
		n++
	}
	if n == 1 {
		return "Station  does not exist"
	}
	return ""
}

// noSchema is what a producer is told of the schema of a station that has none.
const noSchema = `{"schema_name":"","active_version":{"version_number":0,"descriptor":"","schema_content":"","message_struct_name":""},"type":""}`

// produce answers as a producer was answered whose station has three partitions, but for the schema.
func (c *clerk) produce(asked map[string]any) string {
	schema := c.schemas[fmt.Sprint(asked["station_name"])]
	if schema == "" {
		schema = noSchema
	}
	return `{"schema_update":` + schema + `,"partitions_update":{"partitions_list":[1,2,3]},"schemaverse_to_dls":true,"send_notification":false,"station_version":2,"station_partitions_first_functions":{},"error":""}`
}

// ballots is a schema as Memphis tells it.
const ballots = `{"schema_name":"ballots","active_version":{"version_number":1,"descriptor":"","schema_content":"{\"type\":\"object\",\"required\":[\"ballot_id\"],\"properties\":{\"rating\":{\"type\":\"integer\",\"maximum\":5}}}","message_struct_name":""},"type":"json"}`

func (c *clerk) attach(asked map[string]any) string {
	if asked["name"] != "ballots" {
		return fmt.Sprintf("Schema %v does not exist", asked["name"])
	}
	station := fmt.Sprint(asked["station_name"])
	c.schemas[station] = ballots
	_ = c.conn.Publish("$memphis_schema_updates_"+stream(station, 0), []byte(`{"UpdateType":1,"init":`+ballots+`}`))
	return ""
}

func (c *clerk) detach(asked map[string]any) string {
	station := fmt.Sprint(asked["station_name"])
	delete(c.schemas, station)
	_ = c.conn.Publish("$memphis_schema_updates_"+stream(station, 0), []byte(`{"UpdateType":2,"init":`+noSchema+`}`))
	return ""
}
