package application

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/bus/bustest"
)

// post posts a message to a server that answers as told.
func post(t *testing.T, path string, answer http.HandlerFunc) (bus.Receipt, error) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	a, err := At(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if info := a.Info(); !info.Loopback || "http://"+info.Name != server.URL || info.Addresses[0] != info.Name {
		t.Errorf("info %+v", info)
	}
	return a.Publish(t.Context(), bus.Outgoing{Subject: server.URL + path, Data: []byte(`{"type":"START"}`)})
}

func TestWhatTheApplicationSays(t *testing.T) {
	for _, c := range []struct {
		status   int
		body     string
		want     string
		rejected bool
	}{
		{200, `{"id":"d-1"}`, `answered with 200 OK: {"id":"d-1"}`, false},
		{204, ``, "answered with 204 No Content", false},
		{400, `{"detail":"Delivery already started"}`, "400 Bad Request: Delivery already started", true},
		{422, `{"detail":[{"loc":["data"]}]}`, `422 Unprocessable Entity: {"detail":[{"loc":["data"]}]}`, true},
		{404, "no such thing\nand more", "404 Not Found: no such thing", true},
		{500, "Internal Server Error", "the application failed with 500 Internal Server Error: Internal Server Error", false},
		{200, strings.Repeat("x", 1<<20), "answered with 200 OK: " + strings.Repeat("x", mostReason) + "…", false},
	} {
		receipt, err := post(t, "/event", func(w http.ResponseWriter, r *http.Request) {
			body := make([]byte, max(r.ContentLength, 0))
			_, _ = io.ReadFull(r.Body, body)
			if r.Method != http.MethodPost || r.URL.Path != "/event" || r.Header.Get("Content-Type") != "application/json" || string(body) != `{"type":"START"}` {
				t.Errorf("asked %s %s %s", r.Method, r.URL, body)
			}
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		rejection, rejected := errors.AsType[*bus.RejectionError](err)
		got := receipt.Text
		switch {
		case rejected:
			got = rejection.Text
		case err != nil:
			got = err.Error()
		}
		if rejected != c.rejected || !strings.HasSuffix(got, c.want) {
			t.Errorf("%d: %q, rejected %v; want %q", c.status, got, rejected, c.want)
		}
	}
}

func TestRedirectsStayAtTheHost(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another host was asked") }))
	defer elsewhere.Close()
	for to, want := range map[string]string{elsewhere.URL + "/x": "leads elsewhere", "/seen": "", "/event": "leads elsewhere"} {
		for _, status := range []int{http.StatusTemporaryRedirect, http.StatusFound} {
			_, err := post(t, "/event", func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/event" {
					http.Redirect(w, r, to, status)
				}
			})
			wrong := want != "" || status == http.StatusFound // which would be asked by GET
			if wrong != (err != nil) || err != nil && !strings.Contains(err.Error(), "leads elsewhere") {
				t.Errorf("%d to %s: %v", status, to, err)
			}
		}
	}
}

func TestWhatCannotBeReached(t *testing.T) {
	address := fmt.Sprintf("http://me:secret@127.0.0.1:%d", bustest.FreePort(t))
	a, err := At(address)
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Publish(t.Context(), bus.Outgoing{Subject: address + "/event?token=secret"})
	if err == nil || !strings.Contains(err.Error(), "nothing listens there") || strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody listens: %v", err)
	}
	if _, err := a.Publish(t.Context(), bus.Outgoing{Subject: "http://example.com/event"}); err == nil {
		t.Error("it posts to another host")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Publish(ctx, bus.Outgoing{Subject: address + "/event"}); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
	for _, bad := range []string{"", "127.0.0.1:80", "ftp://a", "http://", "http://a b:secret@c", "/event"} {
		if _, err := At(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for address, here := range map[string]bool{"http://localhost:1": true, "http://[::1]:1": true, "https://shop.example": false, "http://127.0.0.1.nip.io": false} {
		if a, err := At(address); err != nil || a.Info().Loopback != here {
			t.Errorf("%s: %v, %v", address, a, err)
		}
	}
}
