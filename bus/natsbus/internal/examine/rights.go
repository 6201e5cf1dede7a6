package examine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/deadletters"
	"signalbox/bus/natsbus/internal/jsapi"
)

// may tells whether a request of the JetStream API may be sent. It is malformed and asks for no answer, so that the server
// does nothing. The error is nil, or wraps bus.ErrRefused, or says why it could not be found out.
func (e *examination) may(ctx context.Context, subject string) error {
	m := nats.NewMsg(subject)
	m.Data = []byte("?")
	return e.Core.Send(ctx, m)
}

// mayListen tells whether a subject may be subscribed to.
func (e *examination) mayListen(ctx context.Context, subject string) error {
	sub, err := e.Core.Subscribe(ctx, subject, func() (*nats.Subscription, error) { return e.Core.Conn.SubscribeSync(subject) })
	if err != nil {
		return err
	}
	return jsapi.Error(sub.Unsubscribe())
}

// rights tells what the user may do.
func (e *examination) rights(ctx context.Context, jetStream bool) {
	e.user(ctx)
	if jetStream {
		e.right(ctx, "list streams", e.Streams.Subject("STREAM.LIST"), "stations are found by their names alone")
		e.right(ctx, "create streams", e.Streams.Subject("STREAM.CREATE.signalbox-examines"), "")
		switch err := e.mayListen(ctx, deadletters.Advisories+deadletters.AdvisoryMax+".>"); {
		case err != nil:
			e.add(sectionRights, "dead letters", bus.Warn, "no: messages that are given up are not learnt of (%v)", err)
		case e.Streams.Imported():
			e.add(sectionRights, "dead letters", bus.Warn, "only if the account imports %s> as well", deadletters.Advisories)
		default:
			e.say(sectionRights, "dead letters", "yes")
		}
	}
	e.services(ctx)
}

func (e *examination) services(ctx context.Context) {
	found, err := e.Stations.Services(ctx)
	switch {
	case errors.Is(err, bus.ErrRefused):
		e.add(sectionRights, "find services", bus.Warn, "no: services are not listed")
	case err != nil:
		e.add(sectionRights, "find services", bus.Warn, "cannot be found out: %v", err)
	default:
		e.say(sectionRights, "find services", "yes: %d found", len(found))
	}
}

// right tells of one right; without it something is left out.
func (e *examination) right(ctx context.Context, name, subject, without string) {
	err := e.may(ctx, subject)
	switch {
	case err == nil:
		e.say(sectionRights, name, "yes")
	case errors.Is(err, bus.ErrRefused) && without == "":
		e.say(sectionRights, name, "no")
	case errors.Is(err, bus.ErrRefused):
		e.add(sectionRights, name, bus.Warn, "no: %s", without)
	default:
		e.add(sectionRights, name, bus.Warn, "cannot be found out: %v", err)
	}
}

// canTellUser is the version from which on a server tells who a session is.
const canTellUser = "2.10.0"

// user tells who the server takes the session for, and where it may send and listen.
func (e *examination) user(ctx context.Context) {
	type lists struct {
		Allow []string `json:"allow"`
		Deny  []string `json:"deny"`
	}
	var answer struct {
		Data struct {
			User        string `json:"user"`
			Account     string `json:"account"`
			AccountName string `json:"account_name"`
			Permissions *struct {
				Publish   *lists `json:"publish"`
				Subscribe *lists `json:"subscribe"`
			} `json:"permissions"`
		} `json:"data"`
	}
	m, err := e.Core.Request(ctx, nats.NewMsg("$SYS.REQ.USER.INFO"))
	if err == nil {
		err = json.Unmarshal(m.Data, &answer)
	}
	const untold = "not told, nor where it may send and listen: "
	switch {
	case err == nil:
	case !e.Core.ServerHas(canTellUser):
		e.add(sectionRights, "user", bus.Warn, untold+"that needs nats-server %s", canTellUser)
		return
	default:
		e.add(sectionRights, "user", bus.Warn, untold+"%v", err)
		return
	}
	// With a token, the token is the user.
	if user := answer.Data.User; user != "" && (user == e.User || isPublicKey(user)) {
		e.say(sectionRights, "user", "%s", user)
	}
	e.say(sectionRights, "account", "%s", cmp.Or(answer.Data.AccountName, answer.Data.Account))
	words := func(l *lists) string {
		switch {
		case l == nil || len(l.Allow) == 0 && len(l.Deny) == 0:
			return "all subjects"
		case len(l.Allow) == 0:
			return "all subjects but " + strings.Join(l.Deny, ", ")
		case len(l.Deny) == 0:
			return strings.Join(l.Allow, ", ")
		default:
			return fmt.Sprintf("%s, but not %s", strings.Join(l.Allow, ", "), strings.Join(l.Deny, ", "))
		}
	}
	var send, listen *lists
	if p := answer.Data.Permissions; p != nil {
		send, listen = p.Publish, p.Subscribe
	}
	e.say(sectionRights, "send", "%s", words(send))
	e.say(sectionRights, "listen", "%s", words(listen))
}

// isPublicKey tells whether a user is named by the public half of an NKey.
func isPublicKey(user string) bool {
	return len(user) == 56 && user[0] == 'U' && strings.Trim(user, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}
