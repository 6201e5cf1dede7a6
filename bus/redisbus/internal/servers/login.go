package servers

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// greet logs in and chooses the database. Servers before Redis 6 do not know HELLO.
func greet(c *resp.Conn, user, password, name string, db int) (resp.Greeting, error) {
	args := []string{"2"} // of the protocol
	if password != "" {
		if user == "" {
			user = "default"
		}
		args = append(args, "AUTH", user, password)
	}
	said, err := c.Hello(append(args, "SETNAME", name)...)
	var refused resp.Error
	if errors.As(err, &refused) && (strings.HasPrefix(string(refused), "ERR unknown command") || strings.HasPrefix(string(refused), "NOPROTO")) {
		said, err = resp.Greeting{Product: "redis"}, nil
		if password != "" {
			err = c.Do("AUTH", password)
		}
		if err == nil {
			_ = c.Do("CLIENT", "SETNAME", name)
		}
	}
	if err == nil && db != 0 {
		err = c.Do("SELECT", strconv.Itoa(db))
	}
	if err != nil {
		return resp.Greeting{}, err
	}
	// A server that still loads its data greets, but answers hardly anything else.
	if err := c.Do("PING"); fault.Loading(err) {
		return resp.Greeting{}, loading(c)
	} else if err != nil && !fault.Refused(err) {
		return resp.Greeting{}, err
	}
	return said, nil
}

// loading asks a server that still loads its data how far it is.
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
