// Package fault tells the errors of Redis apart, whether go-redis or package resp returned them, and says what to do about
// them. Its functions are pure.
package fault

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

// ErrClosed is what calls on a closed bus return.
var ErrClosed = errors.New("the bus is closed")

// Answer is the text of an error that the server answered; "" for any other error.
func Answer(err error) string {
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

// Refused tells whether credentials or a permission are missing.
func Refused(err error) bool {
	text := Answer(err)
	for _, sign := range []string{"NOPERM", "NOAUTH", "WRONGPASS", "ERR invalid password", "ERR AUTH", "ERR Client sent AUTH", "DENIED"} {
		if strings.HasPrefix(text, sign) {
			return true
		}
	}
	return false
}

// Broken tells whether the connection failed, not the command.
func Broken(err error) bool {
	var network net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, resp.ErrTooLarge) || errors.As(err, &network) && !errors.Is(err, context.DeadlineExceeded)
}

// Explain makes an error wrap bus.ErrRefused or bus.ErrUnreachable where it is one of these, and says what to do about it
// where that is known.
func Explain(err error) error {
	text := Answer(err)
	switch {
	case err == nil, errors.Is(err, bus.ErrRefused), errors.Is(err, bus.ErrUnreachable), errors.Is(err, context.Canceled):
		return err
	case strings.HasPrefix(text, "WRONGPASS"), strings.HasPrefix(text, "ERR invalid password"):
		return fmt.Errorf("%w: wrong user or password", bus.ErrRefused)
	case strings.HasPrefix(text, "NOAUTH"):
		return fmt.Errorf("%w: the server wants a password; give it as redis://user:password@host", bus.ErrRefused)
	case strings.HasPrefix(text, "DENIED"):
		return fmt.Errorf("%w: the server is in protected mode, and has no password: it takes only clients of its own machine", bus.ErrRefused)
	case Refused(err):
		return fmt.Errorf("%w: %w", bus.ErrRefused, err)
	case Loading(err):
		var how LoadingError
		_ = errors.As(err, &how)
		return fmt.Errorf("%w: %w", bus.ErrUnreachable, how)
	case strings.HasPrefix(text, "ERR max number of clients"):
		return fmt.Errorf("%w: the server takes no more clients (maxclients); close some, or have it take more", bus.ErrUnreachable)
	case errors.Is(err, resp.ErrTooLarge):
		return err
	case errors.Is(err, resp.ErrProtocol):
		return fmt.Errorf("%w: %w; is it a Redis server, and is TLS (rediss://) right?", bus.ErrUnreachable, err)
	case Broken(err), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", bus.ErrUnreachable, bus.InWords(err))
	}
	return err
}

// Absent tells whether a key does not exist.
func Absent(err error) bool {
	return err != nil && (errors.Is(err, redis.Nil) || strings.Contains(Answer(err), "no such key"))
}

// WrongType tells whether a key is not of the type that the command is for.
func WrongType(err error) bool { return strings.HasPrefix(Answer(err), "WRONGTYPE") }

// Demoted tells whether the server refuses because it is a replica now, no longer the master.
func Demoted(err error) bool {
	text := Answer(err)
	return strings.HasPrefix(text, "UNBLOCKED") || strings.HasPrefix(text, "READONLY") || strings.HasPrefix(text, "MASTERDOWN")
}

// LoadingError is about a server that is still reading its data from disk. It says how far the server is, or nothing.
type LoadingError string

func (e LoadingError) Error() string { return "the server is still loading its data" + string(e) }

// Loading tells whether the server is still reading its data from disk.
func Loading(err error) bool {
	var loading LoadingError
	return errors.As(err, &loading) || strings.HasPrefix(Answer(err), "LOADING")
}

// Words says why a connection broke.
func Words(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
		return "the server closed it"
	}
	return bus.InWords(err).Error()
}
