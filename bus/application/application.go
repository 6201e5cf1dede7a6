// Package application is a bus around an application that takes events in by HTTP: what is published on it is posted. It has no
// stations, and nothing is read from it.
//
// Its methods may be called from any goroutine. Publish waits for the answer, Timeout at most; the others never block. Nothing
// runs between calls. A redirect to another host is not followed, and of an answer only its beginning is read.
package application

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"signalbox/bus"
)

// Timeout is how long an answer may take, redirects included.
const Timeout = 15 * time.Second

// mostAnswer is how much of an answer is read, mostReason how much of it is said, in bytes; mostRedirects how often it may lead to
// another place of the same host.
const (
	mostAnswer    = 64 << 10
	mostReason    = 300
	mostRedirects = 3
)

// Application is where messages are posted.
type Application struct {
	info   bus.Info
	origin string // scheme and host
	client http.Client
	notice chan bus.Notice
}

var _ bus.Publisher = (*Application)(nil)

// At is the application that a URL belongs to. Nothing is connected to yet.
func At(address string) (*Application, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("the address of the application: want a URL such as http://127.0.0.1:8000, have %s", bus.Redact(address))
	}
	port := cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	a := &Application{origin: origin(u), notice: make(chan bus.Notice)}
	a.info = bus.Info{Name: u.Host, Scheme: u.Scheme, URL: a.origin, Server: "HTTP", Link: bus.Live, Addresses: []string{net.JoinHostPort(u.Hostname(), port)},
		Loopback: isLoopback(u.Hostname())}
	a.client = http.Client{Timeout: Timeout, CheckRedirect: a.mayFollow, Transport: &http.Transport{DisableKeepAlives: true,
		Proxy: nil, MaxResponseHeaderBytes: mostAnswer}}
	close(a.notice)
	return a, nil
}

func origin(u *url.URL) string { return u.Scheme + "://" + strings.ToLower(u.Host) }

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Info implements bus.Bus.
func (a *Application) Info() bus.Info { return a.info }

// Stations implements bus.Bus: there are none.
func (a *Application) Stations(context.Context, ...string) ([]bus.Station, error) { return nil, nil }

// Open implements bus.Bus: nothing can be read.
func (a *Application) Open(_ context.Context, s bus.Station, _ bus.From) (bus.Feed, error) {
	return nil, fmt.Errorf("open %s: an application cannot be read", s.Name)
}

// Notices implements bus.Bus: there are none.
func (a *Application) Notices() <-chan bus.Notice { return a.notice }

// Close implements bus.Bus.
func (a *Application) Close() error { return nil }

// Publish implements bus.Publisher: it posts the message as JSON to the URL that its subject is. What the application refuses is
// a bus.RejectionError.
func (a *Application) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	u, err := url.Parse(out.Subject)
	if err != nil || origin(u) != a.origin {
		return bus.Receipt{}, fmt.Errorf("POST %s: want a URL of %s", bus.Redact(out.Subject), a.origin)
	}
	what := "POST " + bus.Redact(out.Subject)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, out.Subject, bytes.NewReader(out.Data))
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("POST to %s: the URL cannot be used", a.origin)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	answer, err := a.client.Do(request)
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("%s: %w", what, inWords(err))
	}
	defer func() { _ = answer.Body.Close() }()
	body := make([]byte, mostAnswer)
	n, _ := io.ReadFull(answer.Body, body) // what was not read of the answer is not said
	body = body[:n]
	status := answer.Status
	if why := reason(body); why != "" {
		status += ": " + why
	}
	switch {
	case answer.StatusCode >= 300 && answer.StatusCode < 400:
		return bus.Receipt{}, fmt.Errorf("%s: %s; it leads elsewhere, where nothing is posted", what, answer.Status)
	case answer.StatusCode >= 500 || answer.StatusCode < 200:
		return bus.Receipt{}, fmt.Errorf("%s: the application failed with %s", what, status)
	case answer.StatusCode >= 400:
		return bus.Receipt{}, &bus.RejectionError{By: a.info.Name, Text: status}
	}
	return bus.Receipt{Receivers: 1, Text: "answered with " + status}, nil
}

// mayFollow follows redirects within the host, as long as they are posts still.
func (a *Application) mayFollow(next *http.Request, before []*http.Request) error {
	if origin(next.URL) != a.origin || next.Method != http.MethodPost || len(before) > mostRedirects {
		return http.ErrUseLastResponse
	}
	return nil
}

// inWords is an error of the network without the URL, which may hold a secret.
func inWords(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
		if outer.Timeout() {
			return fmt.Errorf("the application does not answer in time, and may have taken the event: %w", bus.ErrUnreachable)
		}
	}
	return bus.InWords(err)
}

// reason is what an answer says: by the member where frameworks put it, else its first line.
func reason(body []byte) string {
	text := strings.TrimSpace(string(body))
	if gjson.Valid(text) {
		for _, name := range []string{"detail", "reason", "message", "error", "title"} {
			if v := gjson.Get(text, name); v.Type == gjson.String && v.Str != "" {
				text = v.Str
				break
			}
		}
	}
	text, _, _ = strings.Cut(text, "\n")
	if len(text) > mostReason {
		text = strings.ToValidUTF8(text[:mostReason], "") + "…"
	}
	return strings.ToValidUTF8(text, "?")
}
