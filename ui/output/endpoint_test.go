package output

import (
	"testing"
	"time"

	"signalbox/sources"
)

func TestEndpointText(t *testing.T) {
	e := sources.Endpoint{Requests: 1200, Replies: 1199, Failures: 60,
		Took: sources.Took{P50: 1234567, P95: 23456789, P99: 1200 * time.Millisecond}}
	if got, want := EndpointText(&e), "1,200 requests, p50 1.23ms, p95 23.5ms, p99 1.2s, 60 of 1,199 failed (5.0 %), 1 reply not seen"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := EndpointText(&sources.Endpoint{Requests: 1}), "1 request, and no reply was seen"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
