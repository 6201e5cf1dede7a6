package redisbus

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

func TestConnectSaysWhereItIs(t *testing.T) {
	path := socket(t)
	s := start(t, "--unixsocket", path, "--requirepass", "s3cret")
	for url, want := range map[string]bus.Info{
		"redis://:s3cret@" + s.addr() + "/3":    {Name: s.addr() + "/3", URL: "redis://" + s.addr() + "/3"},
		"redis://localhost:" + s.port + "?x=":   {},
		"unix://default:s3cret@" + path:         {Name: path, URL: "unix://" + path},
		"redis://default:s3cret@" + s.addr():    {Name: s.addr(), URL: "redis://" + s.addr()},
		"redis://:s3cret@localhost:" + s.port:   {Name: "localhost:" + s.port, URL: "redis://localhost:" + s.port},
		"redis://:s3cret@" + s.addr() + "?db=2": {Name: s.addr() + "/2", URL: "redis://" + s.addr() + "?db=2"},
	} {
		b, err := Connect(limited(t), Options{URL: url})
		if want.Name == "" {
			if err == nil {
				t.Errorf("%s: connected", url)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		got := b.Info()
		if got.Name != want.Name || got.URL != want.URL || !got.Loopback || got.Link != bus.Live || !strings.HasPrefix(got.Server, "redis ") {
			t.Errorf("%s: info %+v, want %+v", url, got, want)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestDatabaseAndClientName(t *testing.T) {
	s := start(t)
	b, app := connect(t, s.URL()+"/3"), client(t, s.URL()+"/3")
	if err := b.Put(limited(t), "state", "o-1", []byte("ready")); err != nil {
		t.Fatal(err)
	}
	if got := app.Get(limited(t), "state:o-1").Val(); got != "ready" {
		t.Errorf("database 3 has %q", got)
	}
	f := openOne(t, b, "stream:log", bus.From{})
	if _, err := f.Next(limited(t)); err != nil {
		t.Fatal(err)
	}
	if list := app.ClientList(limited(t)).Val(); strings.Count(list, "name=signalbox ") < 3 {
		t.Errorf("clients:\n%s", list)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "no client is left", func() bool { return !strings.Contains(app.ClientList(limited(t)).Val(), "name=signalbox") })
}

func TestConnectRefusals(t *testing.T) {
	s, open := start(t, "--requirepass", "s3cret"), start(t)
	nobody := "redis://127.0.0.1:" + freePort(t)
	silent := listen(t, func(net.Conn) {})
	babbling := listen(t, func(c net.Conn) { _, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) })
	for _, c := range []struct {
		url  string
		kind error
		text string
	}{
		{"redis://:wr0ng@" + s.addr(), bus.ErrRefused, "wrong user or password"},
		{s.URL(), bus.ErrRefused, "wants a password"},
		{nobody, bus.ErrUnreachable, "is the server running?"},
		{"unix:///nowhere/redis.sock", bus.ErrUnreachable, "there is no socket of that name"},
		{"redis://" + babbling, bus.ErrUnreachable, "is it a Redis server"},
		{"redis://" + silent, bus.ErrUnreachable, "does not answer in time"},
		{"redis://127.0.0.1:99999", bus.ErrUnreachable, "99999 is no address"},
		{"redis+cluster://:s3cret@" + s.addr(), nil, "it belongs to no cluster; write redis:// for redis+cluster://"},
		{"redis+sentinel://" + open.addr() + "/shop", nil, "is no Sentinel; write redis:// for redis+sentinel://"},
		{"redis://:s3cret@" + s.addr() + "/99", nil, "no database of that number"},
		{"redis://u:wr0ng#x@host", nil, "%2F %3F %23"},
		{"redis://u:wr0ng/x@host:1", nil, "%2F %3F %23"},
		{"redis://host:port", nil, "want redis://"},
		{"redis://host/one", nil, "invalid database number"},
		{"http://host", nil, "invalid URL scheme"},
		{"", nil, "want redis://"},
	} {
		ctx := limited(t)
		if strings.HasSuffix(c.url, silent) { // only the time ends it
			short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
			defer cancel()
			ctx = short
		}
		b, err := Connect(ctx, Options{URL: c.url})
		if err == nil {
			_ = b.Close()
			t.Errorf("%s: connected", c.url)
			continue
		}
		if c.kind != nil && !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want it to wrap %v", c.url, err, c.kind)
		}
		for _, word := range []string{"dial tcp", "i/o", "EOF", "deadline", "redis: "} {
			if strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v: that is the library's", c.url, err)
			}
		}
		if strings.Contains(err.Error(), "wr0ng") || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %q and no password", c.url, err, c.text)
		}
	}
}

// listen is a server that is no Redis.
func listen(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var open []net.Conn
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open = append(open, c)
			answer(c)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
		for _, c := range open {
			_ = c.Close()
		}
	})
	return l.Addr().String()
}
