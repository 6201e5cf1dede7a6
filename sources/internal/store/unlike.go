package store

import (
	"bytes"
	"fmt"

	"signalbox/sources/internal/event"
	"signalbox/sources/payload"
)

// What is looked at to tell how an event differs from others of its type: the newest events that are held, and among them the
// newest of the type.
const (
	likeLooked = 5000
	likeFound  = 50
	likeLeast  = 5   // of the type, before a text that is the same in all of them says anything
	likeText   = 200 // bytes of a text that is compared
)

// likeness is what the events of a type have alike.
type likeness struct {
	events  int
	members map[string]bool   // that any has
	texts   map[string]string // members of the whole payload that are the same text in all
}

// unlike says how an event differs from the newest of its type that are held: members that none of them has, and texts that are
// others than in all of them. A reader that knows the type may drop it for that. It says nothing where none of them is held.
func (st *Store) unlike(ev *event.Event) (said []string) {
	like := likeness{members: map[string]bool{}}
	var other event.Event
	next := st.Window.Next()
	for n := next; n > st.Window.First() && next-n < likeLooked && like.events < likeFound; n-- {
		held := st.Window.Get(n - 1)
		if st.Read(n-1, held, &other); other.Type == ev.Type && !other.Copy {
			like.add(&other)
		}
	}
	if like.events == 0 || ev.Type == "" {
		return nil
	}
	payload.Members(bodyOf(ev), payload.MostNesting, func(name, _ []byte) {
		if !like.members[string(name)] {
			said = append(said, fmt.Sprintf("%s: none of the events of this type that are held has it (%d looked at)", bytes.Trim(name, `"`), like.events))
		}
	})
	if like.events < likeLeast {
		return said
	}
	payload.Members(ev.Data, payload.MostNesting, func(name, value []byte) {
		if all := like.texts[string(name)]; all != "" && len(value) > 0 && value[0] == '"' && string(value) != all {
			said = append(said, fmt.Sprintf("%s: all events of this type that are held have %s (%d looked at)", bytes.Trim(name, `"`), all, like.events))
		}
	})
	return said
}

// add notes an event of the type.
func (l *likeness) add(ev *event.Event) {
	l.events++
	payload.Members(bodyOf(ev), payload.MostNesting, func(name, _ []byte) { l.members[string(name)] = true })
	first := l.texts == nil
	if first {
		l.texts = map[string]string{}
	}
	seen := map[string]bool{}
	payload.Members(ev.Data, payload.MostNesting, func(name, value []byte) {
		if len(value) > likeText || len(value) == 0 || value[0] != '"' {
			return
		}
		seen[string(name)] = true
		if was, there := l.texts[string(name)]; first {
			l.texts[string(name)] = string(value)
		} else if there && !bytes.Equal([]byte(was), value) {
			delete(l.texts, string(name))
		}
	})
	for name := range l.texts {
		if !seen[name] {
			delete(l.texts, name)
		}
	}
}

// bodyOf is what expressions call data.
func bodyOf(ev *event.Event) []byte {
	if ev.Body != nil {
		return ev.Body
	}
	return ev.Data
}
