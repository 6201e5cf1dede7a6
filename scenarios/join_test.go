package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"signalbox/sources"
	"signalbox/sources/state"
)

const joins = `domain: shop
entity: order
events:
  stations: [place, create, notify]
  type: station
  id: data.id
  names: { number: data.order_id }
  correlation: data.flow
  join: { by: domain }
fold:
  place: { creates: true, set: { items: data.items }, to: placed }
  create: { set: { order_id: data.order_id }, to: created }
  notify: { set: { message: data.message }, to: notified }
`

func joinWorld(t *testing.T, text string) *world {
	t.Helper()
	l := &Library{}
	if err := l.Add("x", []byte(text)); err != nil {
		t.Fatal(err)
	}
	return &world{t: t, domains: l.Domains(), states: map[sources.Entity]*state.State{}, names: map[string]sources.Entity{}}
}

// whose says to which entity each message went.
func whose(w *world, messages ...string) string {
	var all []string
	for _, m := range messages {
		station, payload, _ := strings.Cut(m, " ")
		all = append(all, w.send(station, payload).ID)
	}
	return strings.Join(all, " ")
}

func TestJoin(t *testing.T) {
	for _, c := range []struct {
		name, change string
		messages     []string
		want         string
	}{
		{
			"the event before it", "by: domain",
			[]string{`place {"id":"a"}`, `create {"order_id":7}`, `notify {"message":"x"}`, `place {"id":"b"}`, `notify {}`, `create {"order_id":7}`, `notify {}`},
			"a a a b b a a", // of what leads to it, an id and a name of its own go first
		},
		{
			"at its station", "by: station",
			[]string{`place {"id":"a"}`, `create {"id":"b"}`, `place {}`, `create {}`, `notify {}`},
			"a b a b ",
		},
		{
			"by correlation", "by: correlation",
			[]string{`place {"id":"a","flow":"1"}`, `place {"id":"b","flow":"2"}`, `create {"flow":"1"}`, `create {"flow":"2"}`, `notify {}`, `notify {"flow":"3"}`},
			"a b a b  ",
		},
		{
			"by a field", "by: data.session",
			[]string{`place {"id":"a","session":5}`, `place {"id":"b","session":6}`, `notify {"session":5}`, `notify {"session":6}`, `notify {"session":7}`},
			"a b a b ",
		},
		{
			"some types", "by: domain, types: [create], after: [place]",
			[]string{`create {}`, `place {"id":"a"}`, `create {"id":"b"}`, `create {}`, `notify {}`},
			" a b a ",
		},
	} {
		w := joinWorld(t, strings.Replace(joins, "by: domain", c.change, 1))
		if got := whose(w, c.messages...); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMistakesInJoin(t *testing.T) {
	for change, want := range map[string]string{
		"types: [create]":                 "5:9: join: want by, what an event has in common with the one before it: station, correlation, domain or an expression such as data.session",
		"by: statoin":                     "9:15: unknown name statoin; did you mean station?",
		"by: station, after: [plce]":      "9:32: shop has no rule that folds the type plce; did you mean place?",
		"by: station, tpes: [place]":      `9:24: unknown key "tpes"; did you mean types?`,
		"by: station, types: [[a]]":       "9:32: want a text, have a list; an expression that begins with [ or { is written in quotes",
		"by: 'data.a + ', types: [place]": "9:24: the expression is not finished",
	} {
		_, found := (&Library{}).Check("x", []byte(strings.Replace(joins, "by: domain", change, 1)))
		if len(found) != 1 || fmt.Sprintf("%d:%d: %s", found[0].Line, found[0].Column, found[0].Text) != want {
			t.Errorf("%s: %s, want %s", change, problems(found), want)
		}
	}
}
