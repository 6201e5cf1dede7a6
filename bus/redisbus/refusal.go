package redisbus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
)

// errClosed is what calls on a closed bus return.
var errClosed = errors.New("the bus is closed")

// answered is the text of an error that the server answered, or "".
func answered(err error) string {
	var reply resp.Error
	var other redis.Error
	switch {
	case errors.Is(err, redis.Nil):
		return ""
	case errors.As(err, &reply):
		return string(reply)
	case errors.As(err, &other):
		return other.Error()
	}
	return ""
}

// isRefusal tells whether the server refused for want of credentials or permission.
func isRefusal(err error) bool {
	text := answered(err)
	for _, sign := range []string{"NOPERM", "NOAUTH", "WRONGPASS", "ERR invalid password", "ERR AUTH", "ERR Client sent AUTH", "DENIED"} {
		if strings.HasPrefix(text, sign) {
			return true
		}
	}
	return false
}

// isBroken tells whether the connection, not the command, is the trouble.
func isBroken(err error) bool {
	var network net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.Is(err, net.ErrClosed) || errors.As(err, &network) && !errors.Is(err, context.DeadlineExceeded)
}

// graded wraps an error as refused or unreachable where it is, with what to do about it where that is known.
func graded(err error) error {
	text := answered(err)
	switch {
	case err == nil, errors.Is(err, bus.ErrRefused), errors.Is(err, bus.ErrUnreachable), errors.Is(err, context.Canceled):
		return err
	case strings.HasPrefix(text, "WRONGPASS"), strings.HasPrefix(text, "ERR invalid password"):
		return fmt.Errorf("%w: wrong user or password", bus.ErrRefused)
	case strings.HasPrefix(text, "NOAUTH"):
		return fmt.Errorf("%w: the server wants a password; give it as redis://user:password@host", bus.ErrRefused)
	case isRefusal(err):
		return fmt.Errorf("%w: %w", bus.ErrRefused, err)
	case isLoading(err):
		var how loadingError
		_ = errors.As(err, &how)
		return fmt.Errorf("%w: %w", bus.ErrUnreachable, how)
	case strings.HasPrefix(text, "ERR max number of clients"):
		return fmt.Errorf("%w: the server takes no more clients", bus.ErrUnreachable)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%w: nothing listens there; is the server running?", bus.ErrUnreachable)
	case errors.Is(err, resp.ErrProtocol):
		return fmt.Errorf("%w: %w; is it a Redis server, and is TLS (rediss://) right?", bus.ErrUnreachable, err)
	case isBroken(err), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", bus.ErrUnreachable, err)
	}
	return err
}

// redirect is where a server of a cluster sends us for a key.
type redirect struct {
	addr string
	ask  bool // for this once: the slot is still on its way
}

// redirected reads a refusal that names another server. from is the address that answered, for one without a host.
func redirected(err error, from string) (redirect, bool) {
	words := strings.Fields(answered(err))
	if len(words) < 3 || words[0] != "MOVED" && words[0] != "ASK" {
		return redirect{}, false
	}
	to := redirect{addr: words[2], ask: words[0] == "ASK"}
	if host, port, err := net.SplitHostPort(to.addr); err == nil && (host == "" || host == "?") {
		host, _, _ = net.SplitHostPort(from)
		to.addr = net.JoinHostPort(host, port)
	}
	return to, true
}

// demoted tells whether a server refuses because it is a replica now.
func demoted(err error) bool {
	text := answered(err)
	return strings.HasPrefix(text, "UNBLOCKED") || strings.HasPrefix(text, "READONLY") || strings.HasPrefix(text, "MASTERDOWN")
}
