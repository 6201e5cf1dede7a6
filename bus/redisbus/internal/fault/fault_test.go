package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
)

func TestExplain(t *testing.T) {
	for _, c := range []struct {
		err  error
		kind error // nil: neither of the two
		text string
	}{
		{resp.Error("NOPERM this user has no permissions to run the 'xadd' command"), bus.ErrRefused, "xadd"},
		{resp.Error("WRONGPASS invalid username-password pair"), bus.ErrRefused, "wrong user or password"},
		{resp.Error("NOAUTH Authentication required."), bus.ErrRefused, "redis://user:password@host"},
		{resp.Error("LOADING Redis is loading the dataset in memory"), bus.ErrUnreachable, "still loading its data"},
		{LoadingError(" (4 %)"), bus.ErrUnreachable, "still loading its data (4 %)"},
		{resp.Error("ERR max number of clients reached"), bus.ErrUnreachable, "no more clients"},
		{fmt.Errorf("dial: %w", syscall.ECONNREFUSED), bus.ErrUnreachable, "is the server running?"},
		{fmt.Errorf("%w: a value that begins with \"H\"", resp.ErrProtocol), bus.ErrUnreachable, "is it a Redis server"},
		{io.EOF, bus.ErrUnreachable, "the server closed the connection"},
		{context.DeadlineExceeded, bus.ErrUnreachable, "does not answer in time"},
		{resp.Error("WRONGTYPE Operation against a key"), nil, "WRONGTYPE"},
		{context.Canceled, nil, "canceled"},
	} {
		got := Explain(fmt.Errorf("read: %w", c.err))
		for _, kind := range []error{bus.ErrRefused, bus.ErrUnreachable} {
			if wanted := c.kind != nil && errors.Is(kind, c.kind); errors.Is(got, kind) != wanted {
				t.Errorf("%v is explained as %v, want it to wrap %v", c.err, got, c.kind)
			}
		}
		if !strings.Contains(got.Error(), c.text) {
			t.Errorf("%v is explained as %v, want %q in it", c.err, got, c.text)
		}
		if again := Explain(got); again.Error() != got.Error() {
			t.Errorf("%v explained again is %v", got, again)
		}
	}
	if err := Explain(nil); err != nil {
		t.Errorf("no error is explained as %v", err)
	}
}

func TestRedirected(t *testing.T) {
	for text, want := range map[string]Redirect{
		"MOVED 3999 10.0.0.2:6381": {Addr: "10.0.0.2:6381"},
		"ASK 3999 10.0.0.2:6381":   {Addr: "10.0.0.2:6381", Ask: true},
		"MOVED 3999 :6381":         {Addr: "10.0.0.1:6381"},
		"MOVED 3999 ?:6381":        {Addr: "10.0.0.1:6381"},
		"MOVED 3999":               {},
		"ERR MOVED 3999 host:1":    {},
	} {
		if got, sent := Redirected(resp.Error(text), "10.0.0.1:6379"); got != want || sent != (want.Addr != "") {
			t.Errorf("%q sends to %+v, %t, want %+v", text, got, sent, want)
		}
	}
}
