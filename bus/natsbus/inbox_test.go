package natsbus_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// A user who may not listen where answers come is told so, and what is missing: nothing waits for answers in vain.
func TestAnswersThatAreRefused(t *testing.T) {
	t.Parallel()
	allowed := map[string][]string{"ann": {"_INBOX.*.*"}, "bob": {"orders.>"}, "cem": {"_INBOX_cem.>"}}
	var users []*server.User
	for name, subjects := range allowed {
		users = append(users, &server.User{Username: name, Password: "pw", Permissions: &server.Permissions{
			Subscribe: &server.SubjectPermission{Allow: subjects}}})
	}
	s := runServer(t, &server.Options{Users: users, JetStream: true, StoreDir: t.TempDir()})
	for name := range allowed {
		url := strings.Replace(s.ClientURL(), "://", "://"+name+":pw@", 1)
		b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = b.Close() }()
		for range 2 { // the second finds it known
			_, err = b.Stations(t.Context())
			if !errors.Is(err, bus.ErrRefused) || !strings.Contains(err.Error(), "it needs _INBOX.> (inbox=PREFIX in the URL") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: strings.Replace(s.ClientURL(), "://", "://cem:pw@", 1) + "?inbox=_INBOX_cem"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	if _, err := b.Stations(t.Context()); err != nil {
		t.Errorf("with inboxes of its own: %v", err)
	}
}
