package keys

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"signalbox/bus"
)

// CommandHeader of an Outgoing says whether its key is written with HSET or SET. Without it an object is a hash, unless
// the key is a string already.
const CommandHeader = "Redis-Command"

// Write sets a key: a hash when it is sent an object, else a string.
func (k *Keys) Write(ctx context.Context, key string, out bus.Outgoing) (bus.Receipt, error) {
	verb := out.Headers.Get(CommandHeader)
	fields, isObject := hashFields(out.Data)
	if verb == "" {
		verb = "SET"
		if kind, err := k.session.Servers.TypeOf(ctx, key); isObject && (err != nil || kind != "string") {
			verb = "HSET"
		}
	}
	switch {
	case verb == "SET":
		if err := k.session.Servers.Client.Set(ctx, key, out.Data, 0).Err(); err != nil {
			return bus.Receipt{}, err
		}
	case verb != "HSET":
		return bus.Receipt{}, fmt.Errorf("the header %s is %q; want HSET or SET", CommandHeader, verb)
	case len(fields) == 0:
		return bus.Receipt{}, fmt.Errorf("a hash is written from a JSON object with at least one field")
	default:
		if err := k.session.Servers.Client.HSet(ctx, key, fields...).Err(); err != nil {
			return bus.Receipt{}, err
		}
	}
	return bus.Receipt{Station: out.Station, Receivers: -1, Text: fmt.Sprintf("written with %s %s; whether anybody reads it Redis does not tell", verb, key)}, nil
}

// hashFields are the fields of a JSON object in order, as Redis keeps them: texts as they are, all else as JSON.
func hashFields(data []byte) ([]any, bool) {
	in := json.NewDecoder(bytes.NewReader(data))
	if t, err := in.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	var fields []any
	for in.More() {
		name, err := in.Token()
		if err != nil {
			return nil, false
		}
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			return nil, false
		}
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		fields = append(fields, name, text)
	}
	return fields, true
}
