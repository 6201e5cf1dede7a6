package redisbus

import (
	"bytes"
	"errors"
	"fmt"
	"signalbox/bus/redisbus/internal/resp"
	"strings"
)

// loadingError is a server that has not read its data from disk yet: how far it is, in words, where it tells.
type loadingError string

func (e loadingError) Error() string { return "the server is still loading its data" + string(e) }

func isLoading(err error) bool {
	var loading loadingError
	return errors.As(err, &loading) || strings.HasPrefix(answered(err), "LOADING")
}

// loading asks the server how far it is.
func loading(c *resp.Conn) error {
	if err := c.Send("INFO", "persistence"); err != nil {
		return loadingError("")
	}
	t, err := c.In.Next()
	if err != nil || t.Kind != '$' {
		return loadingError("")
	}
	text, _, err := c.In.Bulk(t.N, resp.BufferSize)
	if err != nil {
		return loadingError("")
	}
	done, left := infoField(text, "loading_loaded_perc"), infoField(text, "loading_eta_seconds")
	if done == "" || left == "" {
		return loadingError("")
	}
	return loadingError(fmt.Sprintf(" (%s %%, about %s s left)", done, left))
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
