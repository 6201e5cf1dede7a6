// Package embedded is a NATS server with JetStream inside this process: the default bus. It opens no port unless asked
// to, installs no signal handlers and writes nothing to the terminal. What it stores is gone after Close unless it was
// given a directory.
package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// Options say what server to start.
type Options struct {
	Listen string // address such as 127.0.0.1:4222, port 0 for any; "" opens no port
	Name   string // what the server calls itself; "signalbox" when empty
	Dir    string // where streams are kept; "" is a temporary directory, removed by Close
}

// Bounds of what streams and messages may take.
const (
	maxMemory  = 256 << 20
	maxStore   = 4 << 30
	maxPayload = 8 << 20
)

// startTimeout bounds the wait for the server to be ready.
const startTimeout = 10 * time.Second

// Server is a running server. Its methods may be called from any goroutine.
type Server struct {
	server  *server.Server
	listens bool
	scratch string // directory to remove, or ""
	close   sync.Once
	err     error // of close
}

// Start starts a server and waits until it takes connections.
func Start(ctx context.Context, o Options) (*Server, error) {
	s := &Server{listens: o.Listen != ""}
	settings, err := settings(o)
	if err != nil {
		return nil, err
	}
	if s.listens {
		if err := tryListen(ctx, o.Listen); err != nil {
			return nil, err
		}
	}
	if settings.StoreDir == "" {
		if s.scratch, err = os.MkdirTemp("", "signalbox-"); err != nil {
			return nil, fmt.Errorf("start the embedded server: %w", err)
		}
		settings.StoreDir = s.scratch
	}
	if s.server, err = server.NewServer(settings); err != nil {
		return nil, errors.Join(fmt.Errorf("start the embedded server: %w", err), s.clean())
	}
	s.server.Start()
	if err := s.ready(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func settings(o Options) (*server.Options, error) {
	settings := &server.Options{
		ServerName: cmp.Or(o.Name, "signalbox"), NoLog: true, NoSigs: true, DontListen: o.Listen == "",
		JetStream: true, StoreDir: o.Dir, JetStreamMaxMemory: maxMemory, JetStreamMaxStore: maxStore,
		MaxPayload: maxPayload,
	}
	if o.Listen == "" {
		return settings, nil
	}
	host, text, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: want an address such as 127.0.0.1:4222: %w", o.Listen, err)
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: port %q is no number from 0 to 65535", o.Listen, text)
	}
	settings.Host, settings.Port = host, int(port)
	if port == 0 {
		settings.Port = server.RANDOM_PORT
	}
	return settings, nil
}

// ready waits until the server takes connections.
func (s *Server) ready(ctx context.Context) error {
	deadline := time.Now().Add(startTimeout)
	for !s.server.ReadyForConnections(20 * time.Millisecond) {
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("start the embedded server: %w", ctx.Err())
		case time.Now().After(deadline):
			return fmt.Errorf("start the embedded server: it is not ready after %s", startTimeout)
		}
	}
	return nil
}

// tryListen finds out whether an address is free: the server itself would only never get ready.
func tryListen(ctx context.Context, address string) error {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("start the embedded server: %w", err)
	}
	return l.Close()
}

// URL is where others can connect, or "" when the server does not listen.
func (s *Server) URL() string {
	if !s.listens {
		return ""
	}
	return s.server.ClientURL()
}

// Connect connects without a socket. The bus must be closed before the server.
func (s *Server) Connect(ctx context.Context, name string, how bus.Settings) (*natsbus.Bus, error) {
	return natsbus.Connect(ctx, natsbus.Options{
		Name: name, InProcess: s.server, AllowAll: how.AllowAll, Budget: how.Budget, Body: how.Body,
	})
}

// Close ends the server, waits for it, and removes what it stored unless it was given a directory.
func (s *Server) Close() error {
	s.close.Do(func() {
		s.server.Shutdown()
		s.server.WaitForShutdown()
		s.err = s.clean()
	})
	return s.err
}

func (s *Server) clean() error {
	if s.scratch == "" {
		return nil
	}
	if err := os.RemoveAll(s.scratch); err != nil {
		return fmt.Errorf("remove what the embedded server stored: %w", err)
	}
	return nil
}
