package bus

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// InWords says an error of the network as people do, where it is one, and wraps it: what the libraries of Go say of it names
// their functions, and addresses that nobody wrote.
func InWords(err error) error {
	if text := networkText(err); text != "" {
		return &worded{text, err}
	}
	return err
}

type worded struct {
	text string
	err  error
}

func (w *worded) Error() string { return w.text }

func (w *worded) Unwrap() error { return w.err }

// networkText is what went wrong with the network; "" for what is no error of it.
func networkText(err error) string {
	var host *net.DNSError
	var address *net.AddrError
	var number syscall.Errno
	var network net.Error
	switch {
	case errors.As(err, &host) && host.IsNotFound:
		return "there is no host named " + host.Name
	case errors.As(err, &host):
		return "the host " + host.Name + " cannot be looked up; does the name server answer?"
	case errors.As(err, &address):
		return address.Addr + " is no address: " + address.Err
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there; is the server running?"
	case errors.As(err, &network) && errors.Is(err, syscall.ENOENT):
		return "there is no socket of that name; is the server running?"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to that host from here"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the server closed the connection"
	case errors.Is(err, net.ErrClosed):
		return "the connection was closed"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "the server does not answer in time"
	case errors.As(err, &network) && errors.As(err, &number):
		return number.Error()
	}
	return ""
}
