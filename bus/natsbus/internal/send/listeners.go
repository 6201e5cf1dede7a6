package send

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Headers by which a server of version 2.11 or newer tells where a message would go, and does not deliver it.
const (
	traceTo   = "Nats-Trace-Dest"
	traceOnly = "Nats-Trace-Only"
)

// What a server delivers to, as its account of a message says.
const (
	toClient = 0
	toRouter = 1
	toLeaf   = 4
)

// traceTime bounds the wait for that account. A server that is older, or may not send it here, stays silent.
const traceTime = 500 * time.Millisecond

// mostNamed bounds the names of those who receive a message.
const mostNamed = 5

// listeners are who receives what is sent on a subject, besides this session.
type listeners struct {
	count int64 // -1 where nobody tells
	names []string
	more  bool // other servers deliver it further
}

// listeners asks the server who would receive a message on a subject. Nothing is delivered to anybody but the account, which
// comes on a subject of our own.
func (s *Sender) listeners(ctx context.Context, subject string) listeners {
	unknown := listeners{count: -1}
	if !s.core.Conn.HeadersSupported() || !s.core.ServerHas("2.11") {
		return unknown
	}
	inbox := s.core.Conn.NewInbox()
	sub, err := s.core.Subscribe(ctx, inbox, func() (*nats.Subscription, error) { return s.core.Conn.SubscribeSync(inbox) })
	if err != nil {
		return unknown
	}
	defer func() { _ = sub.Unsubscribe() }()
	ctx, cancel := context.WithTimeout(ctx, traceTime)
	defer cancel()
	ctx, done := s.core.Watch(ctx, inbox) // whom the server lets send no account here is not told so as news
	defer done()
	m := nats.NewMsg(subject)
	m.Header.Set(traceTo, inbox)
	m.Header.Set(traceOnly, "true")
	if s.core.Conn.PublishMsg(m) != nil {
		return unknown
	}
	account, err := sub.NextMsgWithContext(ctx)
	if err != nil {
		return unknown
	}
	ours, err := s.core.Conn.GetClientID()
	if err != nil {
		return unknown
	}
	return heard(account.Data, ours)
}

// heard reads the account of a server, in which one connection is our own.
func heard(data []byte, ours uint64) listeners {
	var account struct {
		Events []struct {
			Type  string `json:"type"`
			Kind  int    `json:"kind"`
			CID   uint64 `json:"cid"`
			Name  string `json:"name"`
			Error string `json:"error"`
		} `json:"events"`
	}
	if json.Unmarshal(data, &account) != nil || len(account.Events) == 0 {
		return listeners{count: -1}
	}
	var h listeners
	for _, e := range account.Events {
		switch {
		case e.Type != "eg" || e.Error != "":
		case e.Kind == toClient && e.CID != ours:
			h.count++
			if e.Name != "" && !slices.Contains(h.names, e.Name) {
				h.names = append(h.names, e.Name)
			}
		case e.Kind >= toRouter && e.Kind <= toLeaf && !h.more:
			h.count, h.more = h.count+1, true
		}
	}
	return h
}

// text says who received what was published on a subject.
func (h *listeners) text(subject string) string {
	if h.count < 0 {
		return "published on " + subject + "; no stream keeps it, and this server does not tell who received it"
	}
	text := fmt.Sprintf("received by %d on %s", h.count, subject)
	if h.more {
		text = fmt.Sprintf("received by at least %d on %s, of several servers", h.count, subject)
	}
	if names := h.names[:min(len(h.names), mostNamed)]; len(names) > 0 {
		text += " (" + strings.Join(names, ", ") + ")"
	}
	return text + ", which is not acceptance"
}
