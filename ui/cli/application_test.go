package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/rogpeppe/go-internal/testscript"
)

// startApplication starts what takes events of deliveries in by HTTP, and keeps each as a hash before it judges it, as the
// application of redis_om does. Its address is $APP.
func startApplication(ts *testscript.TestScript, _ bool, _ []string) {
	var mu sync.Mutex
	started, socket := map[string]bool{}, ts.Getenv("SOCKET")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var event struct {
			Type       string          `json:"type"`
			DeliveryID string          `json:"delivery_id"`
			Data       json.RawMessage `json:"data"`
		}
		if json.NewDecoder(r.Body).Decode(&event) != nil || r.Method != http.MethodPost {
			http.Error(w, "no event", http.StatusUnprocessableEntity)
			return
		}
		key := ulid.MustNew(ulid.Timestamp(time.Now()), ulid.DefaultEntropy()).String()
		if r.URL.Path == "/deliveries/create" {
			event.DeliveryID = key
		}
		answer, err := redisSays(socket, "HSET", ":main.Event:"+key, "pk", key, "delivery_id", event.DeliveryID, "type", event.Type, "data", string(event.Data))
		if err != nil || strings.HasPrefix(answer, "-") {
			http.Error(w, "no event is kept: "+answer, http.StatusBadGateway)
			return
		}
		switch {
		case event.Type == "START_DELIVERY" && started[event.DeliveryID]:
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"detail":"Delivery already started"}`)
		case event.Type == "DELIVER_PRODUCTS":
			http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		default:
			started[event.DeliveryID] = event.Type == "START_DELIVERY"
			fmt.Fprintf(w, `{"id":%q}`, event.DeliveryID)
		}
	}))
	ts.Defer(server.Close)
	ts.Setenv("APP", server.URL)
}
