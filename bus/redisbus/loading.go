package redisbus

import (
	"bytes"
	"fmt"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// loading asks the server how far it is.
func loading(c *resp.Conn) error {
	if err := c.Send("INFO", "persistence"); err != nil {
		return fault.LoadingError("")
	}
	t, err := c.In.Next()
	if err != nil || t.Kind != '$' {
		return fault.LoadingError("")
	}
	text, _, err := c.In.Bulk(t.N, resp.BufferSize)
	if err != nil {
		return fault.LoadingError("")
	}
	done, left := infoField(text, "loading_loaded_perc"), infoField(text, "loading_eta_seconds")
	if done == "" || left == "" {
		return fault.LoadingError("")
	}
	return fault.LoadingError(fmt.Sprintf(" (%s %%, about %s s left)", done, left))
}

// infoField finds a field in the answer to INFO.
func infoField(info []byte, name string) string {
	for line := range bytes.Lines(info) {
		if key, value, ok := bytes.Cut(bytes.TrimSpace(line), []byte(":")); ok && string(key) == name {
			return string(value)
		}
	}
	return ""
}
