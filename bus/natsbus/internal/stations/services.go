package stations

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/subjects"
)

// Services answer a question about themselves, each instance by itself. How many there are is not known: the answers are
// over when none comes for a while.
const (
	servicePrefix   = "$SRV."
	serviceQuestion = servicePrefix + "STATS"
	servicePause    = 100 * time.Millisecond
	serviceTimeout  = 500 * time.Millisecond
	maxServices     = 1000
	readService     = "core subscriptions to its endpoints, outside its queue group, while it answers; replies as far as inboxes may be listened to: all " +
		"of them where there is no JetStream, else those of whoever was seen to ask, from his second request on"
	readNoService = "not read: it has no endpoint that can be listened to"
)

// service is what one instance says of itself.
type service struct {
	Name      string     `json:"name"`
	ID        string     `json:"id"`
	Version   string     `json:"version"`
	Started   time.Time  `json:"started"`
	Endpoints []endpoint `json:"endpoints"`
}

type endpoint struct {
	Name      string        `json:"name"`
	Subject   string        `json:"subject"`
	Requests  uint64        `json:"num_requests"`
	Errors    uint64        `json:"num_errors"`
	LastError string        `json:"last_error"`
	Time      time.Duration `json:"processing_time"`
}

// Services lists the services that answer, instances of one name together.
func (l *Lister) Services(ctx context.Context) ([]bus.Station, error) {
	answers, err := l.askServices(ctx, serviceQuestion)
	byName := map[string][]service{}
	for _, s := range answers {
		if s.Name != "" {
			byName[s.Name] = append(byName[s.Name], s)
		}
	}
	stations := make([]bus.Station, 0, len(byName))
	for name, instances := range byName {
		stations = append(stations, describeService(name, instances))
	}
	slices.SortFunc(stations, func(a, b bus.Station) int { return strings.Compare(a.Name, b.Name) })
	return stations, err
}

// tell tells the feeds of services how those are that were listed, and that the others did not answer.
func (l *Lister) tell(listed []bus.Station) {
	answered := map[string]bool{}
	for _, s := range listed {
		if s.Kind == bus.Service {
			answered[s.Name] = true
			l.session.Serves(s)
		}
	}
	for _, name := range l.session.Services() {
		if !answered[name] {
			l.session.Silent(name)
		}
	}
}

// service is the service that a station's name means, if one answers to it. Who may not ask has none.
func (l *Lister) service(ctx context.Context, station string) (s bus.Station, found bool) {
	name := strings.TrimPrefix(station, servicePrefix)
	if strings.ContainsAny(name, ".*>") {
		return s, false
	}
	answers, err := l.askServices(ctx, serviceQuestion+"."+name)
	if err != nil || len(answers) == 0 || answers[0].Name != name {
		return s, false
	}
	s = describeService(name, answers)
	s.Name = station
	return s, true
}

// askServices asks unless that was refused since the connection is up.
func (l *Lister) askServices(ctx context.Context, question string) ([]service, error) {
	l.mu.Lock()
	refused := l.servicesRefused
	l.mu.Unlock()
	if refused != nil {
		return nil, refused
	}
	answers, err := l.collectServices(ctx, question)
	if errors.Is(err, bus.ErrRefused) {
		l.mu.Lock()
		l.servicesRefused = err
		l.mu.Unlock()
	}
	return answers, err
}

// collectServices collects answers. Where there is no service the server says so at once.
func (l *Lister) collectServices(ctx context.Context, question string) ([]service, error) {
	ctx, cancel := context.WithTimeout(ctx, serviceTimeout)
	defer cancel()
	ctx, done := l.core.Watch(ctx, question)
	defer done()
	inbox := l.core.Conn.NewInbox()
	sub, err := l.core.Conn.SubscribeSync(inbox)
	if err != nil {
		return nil, jsapi.Error(err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := l.core.Conn.PublishRequest(question, inbox, nil); err != nil {
		return nil, jsapi.Error(err)
	}
	var all []service
	for len(all) < maxServices {
		m, err := nextWithin(ctx, sub, servicePause, len(all) > 0)
		if refused := core.Refused(ctx, question); refused != nil {
			return nil, refused
		}
		if err != nil || m.Header.Get("Status") != "" {
			break
		}
		var s service
		if json.Unmarshal(m.Data, &s) == nil {
			all = append(all, s)
		}
	}
	if len(all) == maxServices {
		return all, fmt.Errorf("list services: more than %d answer; those beyond are left out: name the service that matters", maxServices)
	}
	return all, nil
}

// nextWithin waits for a message until ctx ends or, if short, for a pause at most.
func nextWithin(ctx context.Context, sub *nats.Subscription, pause time.Duration, short bool) (*nats.Msg, error) {
	if short {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, pause)
		defer cancel()
	}
	return sub.NextMsgWithContext(ctx)
}

func describeService(name string, instances []service) bus.Station {
	s := bus.Station{Name: name, Kind: bus.Service, Readable: true, Reading: readService, Consumers: -1}
	s.Separators, s.Exchanges = ".", true
	var versions []string
	var order []string
	sums := map[string]*endpoint{}
	for _, i := range instances {
		if s.Created.IsZero() || i.Started.Before(s.Created) {
			s.Created = i.Started
		}
		if !slices.Contains(versions, i.Version) {
			versions = append(versions, i.Version)
		}
		for _, e := range i.Endpoints {
			sum := sums[e.Subject]
			if sum == nil {
				sum = &endpoint{Name: e.Name, Subject: e.Subject}
				sums[e.Subject], order = sum, append(order, e.Subject)
			}
			sum.Requests += e.Requests
			sum.Errors += e.Errors
			sum.Time += e.Time
			sum.LastError = cmp.Or(e.LastError, sum.LastError)
		}
	}
	slices.Sort(versions)
	s.Details = []bus.Detail{
		{Name: "version", Value: strings.Join(versions, ", ")},
		{Name: "instances", Value: fmt.Sprint(len(instances))},
	}
	for _, subject := range order {
		e := sums[subject]
		s.Subjects = append(s.Subjects, subject)
		s.Messages += e.Requests
		s.Details = append(s.Details, bus.Detail{Name: "endpoint " + e.Name, Value: e.words()})
	}
	s.Subjects = slices.DeleteFunc(s.Subjects, subjects.TakesInboxes)
	if len(s.Subjects) == 0 {
		s.Readable, s.Reading = false, readNoService
	}
	return s
}

// words says how an endpoint does.
func (e *endpoint) words() string {
	text := fmt.Sprintf("%s: %d requests, %d errors", e.Subject, e.Requests, e.Errors)
	if e.Requests > 0 {
		text += ", " + (e.Time / time.Duration(e.Requests)).Round(time.Microsecond).String() + " each"
	}
	if e.LastError != "" {
		text += "; the last error: " + e.LastError
	}
	return text
}
