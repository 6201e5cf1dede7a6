package scenarios

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/scenarios/guess"
	"signalbox/sources"
	"signalbox/sources/state"
)

// guessed is what is guessed of messages, "STATION SUBJECT PAYLOAD [HEADER=VALUE]".
func guessed(messages []string) *guess.Guess {
	g, domains := guess.New(), (&Library{}).Domains()
	versions := map[sources.Entity]uint64{}
	for _, m := range messages {
		e := messageOf(m)
		domains.Understand(e)
		if e.Kind != nil {
			entity := e.Entity()
			entity.ID = strings.Clone(entity.ID)
			versions[entity]++
			e.Version = versions[entity]
		}
		g.Add(e)
	}
	return g
}

func messageOf(m string) *sources.Event {
	parts := strings.SplitN(m, " ", 4)
	e := &sources.Event{Received: sources.Received{Source: bus.Stream, Station: parts[0], Subject: parts[1], Position: bus.Position{Major: 1}, Data: []byte(parts[2])}}
	if len(parts) == 4 {
		name, value, _ := strings.Cut(parts[3], "=")
		e.Headers = bus.Headers{{Name: name, Value: value}}
	}
	if strings.HasPrefix(parts[0], "KV_") {
		e.Station, e.Source, e.Traits = parts[0][3:], bus.Bucket, &bus.Traits{Keyed: true, Bucket: parts[0][3:], Write: "PUT"}
	}
	return e
}

// With what was guessed, what was seen folds: nothing is refused or fails, and the states are these.
func TestGuess(t *testing.T) {
	for name, c := range map[string]struct {
		kind     string
		messages []string
		has      []string
		states   map[string]string
	}{
		"type and id in the payload": {"order", []string{
			`orders orders.o-1 {"type":"OrderPlaced","order_id":"o-1","total":5,"in":1}`,
			`orders orders.o-2 {"type":"OrderPlaced","order_id":"o-2","total":7}`,
			`orders orders.o-1 {"type":"OrderPaid","order_id":"o-1","by":"card"}`,
			`orders orders.x {"type":"Ping"}`,
			`KV_copies o-1 {"total":5}`,
		}, []string{
			"domain: orders", "type: data.type", "id: data.order_id", "OrderPaid: # 1 seen: 1 after placed", "states: [placed, paid]",
			"# Without an id: 1 event of the type Ping at orders.", `nats: "copies/{id}"`, "orders: { kind: stream }",
		}, map[string]string{"o-1": `{"by":"card","status":"paid","total":5}`, "o-2": `{"status":"placed","total":7}`}},
		"type in a header, what happened nested": {"parcel", []string{
			`p p.7 {"parcel_id":7,"data":{"weight":3,"status":"made"}} Event-Type=parcel.made`,
			`p p.7 {"parcel_id":7,"data":{"status":"sent"}} Event-Type=parcel.moved`,
			`p p.7 {"parcel_id":7,"data":{"status":"there"}} Event-Type=parcel.moved`,
		}, []string{
			`type: 'headers["Event-Type"]'`, "data: [data.data, data]", "states: [made, sent, there]", "1 after made, 1 after sent",
		}, map[string]string{"7": `{"status":"there","weight":3}`}},
		"type and id in the subject": {"trip", []string{
			`trips trips.17.started {"km":0}`, `trips trips.17.ended {"km":12}`, `trips trips.18.started {"km":0}`,
		}, []string{`id: 'split(subject, ".")[1]'`, `type: 'split(subject, ".")[-1]'`}, map[string]string{
			"17": `{"km":12,"status":"ended"}`, "18": `{"km":0,"status":"started"}`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			g := guessed(c.messages)
			if kinds := g.Kinds(); len(kinds) == 0 || kinds[0] != c.kind {
				t.Fatalf("kinds %v", kinds)
			}
			text := g.File(c.kind)
			l := &Library{}
			if _, found := l.Check("x", text); len(found) > 0 {
				t.Fatalf("%s\nin\n%s", problems(found), text)
			}
			if err := valid(validator(t), text); err != nil {
				t.Errorf("by the schema: %v", err)
			}
			for _, has := range c.has {
				if !strings.Contains(string(text), has) {
					t.Errorf("it lacks %q:\n%s", has, text)
				}
			}
			w := &world{t: t, domains: l.Domains(), states: map[sources.Entity]*state.State{}, names: map[string]sources.Entity{}}
			for _, m := range c.messages {
				if e := w.take(messageOf(m)); e.Failed != "" || e.Rejected != "" {
					t.Errorf("%s: %s%s\n%s", m, e.Failed, e.Rejected, text)
				}
			}
			for id, want := range c.states {
				s := w.states[sources.Entity{Kind: c.kind, ID: id}]
				if s == nil {
					t.Errorf("no %s/%s with\n%s", c.kind, id, text)
				} else if got, _ := json.Marshal(s.Map()); string(got) != want {
					t.Errorf("%s is %s, want %s, with\n%s", id, got, want, text)
				}
			}
		})
	}
}

// Whatever is sent, what is guessed passes check, and is bounded.
func TestGuessOfOddThings(t *testing.T) {
	messages := []string{`a a.b {"type":"x: y # z","a_id":"\n"}`, `a a.b {"type":"\u0000","a_id":"1","status":"\"'{}"}`, `a a.b {"type":"true","a_id":"null"}`}
	for i := range 300 {
		messages = append(messages, fmt.Sprintf(`a a.b {"type":"T%d","a_id":"i%d","f%d":1,"status":"s%d"}`, i, i, i, i))
	}
	g := guessed(messages)
	for _, kind := range g.Kinds() {
		text := g.File(kind)
		if _, found := (&Library{}).Check("x", text); len(found) > 0 {
			t.Errorf("%s\nin\n%s", problems(found), text)
		}
		if len(text) > 64<<10 {
			t.Errorf("%d bytes", len(text))
		}
	}
}
