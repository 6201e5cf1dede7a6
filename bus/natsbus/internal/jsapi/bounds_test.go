package jsapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"signalbox/bus/natsbus/internal/core"
)

// Of lists without an end the beginning is listed, and it is said of how many.
func TestListsWithoutEnd(t *testing.T) {
	c := connect(t, false, Where{Prefix: "fake"})
	_, err := c.core.Conn.Subscribe("fake.>", func(m *nats.Msg) {
		var from struct {
			Offset int `json:"offset"`
		}
		_ = json.Unmarshal(m.Data, &from)
		list, form := "streams", `{"config":{"name":"s%d","subjects":["a"]},"state":{"consumer_count":1}}`
		if strings.HasPrefix(m.Subject, "fake.CONSUMER.LIST") {
			list, form = "consumers", `{"name":"c%d"}`
		}
		all := make([]string, 1000)
		for i := range all {
			all[i] = fmt.Sprintf(form, from.Offset+i)
		}
		_ = m.Respond(fmt.Appendf(nil, `{"total":%d,"offset":%d,%q:[%s]}`, from.Offset+100_000, from.Offset, list, strings.Join(all, ",")))
	})
	if err != nil {
		t.Fatal(err)
	}
	streams, err := c.Streams(limited(t))
	if len(streams) != leastStreams || !errors.Is(err, errMany) || !strings.Contains(err.Error(), "the first 5000 of at least 104000 streams") {
		t.Errorf("%d streams, %v", len(streams), err)
	}
	if again, same := c.Streams(limited(t)); len(again) != leastStreams || same == nil || same.Error() != err.Error() {
		t.Errorf("again: %d streams, %v", len(again), same)
	}
	told, errs := c.askConsumers(limited(t), streams[:3])
	listed := 0
	for _, one := range told {
		listed += len(one.all)
	}
	if listed > mostConsumers+3*1000 || len(errs) == 0 || !errors.Is(errors.Join(errs...), errMany) {
		t.Errorf("%d consumers, %v", listed, errors.Join(errs...))
	}
}

// connectForbidden connects one who may not ask for one thing, and another who may do everything.
func connectForbidden(t *testing.T, subject string) (*Client, *nats.Conn) {
	t.Helper()
	limits := &server.Permissions{Publish: &server.SubjectPermission{Deny: []string{subject}}}
	s, err := server.NewServer(&server.Options{DontListen: true, NoLog: true, NoSigs: true, Users: []*server.User{
		{Username: "limited", Password: "x", Permissions: limits}, {Username: "other", Password: "x"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	as := func(user string) *nats.Conn {
		conn, err := nats.Connect("", nats.InProcessServer(s), nats.UserInfo(user, "x"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(conn.Close)
		return conn
	}
	c, err := New(core.New(as("limited")), Where{Prefix: "fake"}, 0)
	if err != nil {
		t.Fatal(err)
	}
	c.core.Conn.SetErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { c.core.Refuse(core.RefusedSubject(err), err) })
	return c, as("other")
}

// Where listing is forbidden, all pages of names are read, and of names without an end the beginning.
func TestNamesOfStreams(t *testing.T) {
	for _, total := range []int{0, 1, 1024, 2500, 100_000} {
		c, other := connectForbidden(t, "fake.STREAM.LIST")
		_, err := other.Subscribe("fake.>", func(m *nats.Msg) {
			switch m.Subject {
			case "fake.STREAM.NAMES":
				var from struct {
					Offset int `json:"offset"`
				}
				_ = json.Unmarshal(m.Data, &from)
				var names []string
				for n := from.Offset; n < min(total, from.Offset+1024); n++ {
					names = append(names, fmt.Sprintf(`"s%d"`, n))
				}
				_ = m.Respond(fmt.Appendf(nil, `{"total":%d,"streams":[%s]}`, total, strings.Join(names, ",")))
			default:
				name := strings.TrimPrefix(m.Subject, "fake.STREAM.INFO.")
				_ = m.Respond(fmt.Appendf(nil, `{"config":{"name":%q}}`, name))
			}
		})
		if err == nil {
			err = other.Flush()
		}
		if err != nil {
			t.Fatal(err)
		}
		streams, err := c.Streams(limited(t))
		if len(streams) != min(total, leastStreams) || (total > leastStreams) != errors.Is(err, errMany) || (total <= leastStreams) != (err == nil) {
			t.Errorf("%d of %d streams, %v", len(streams), total, err)
		}
		for i, s := range streams {
			if s.Config.Name != fmt.Sprint("s", i) {
				t.Fatalf("stream %d of %d is %s", i, total, s.Config.Name)
			}
		}
	}
}

// What takes a few bytes in an answer and much memory as a value is not made a value of without end.
func TestAnAnswerOfManyElements(t *testing.T) {
	var page struct {
		Streams part[struct {
			Name string
			_    [4096]byte
		}] `json:"streams"`
	}
	text := []byte(`{"streams":[null,{"name":"` + strings.Repeat("x", mostOfOne) + `"}` + strings.Repeat(",{}", 1_000_000) + `]}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := json.Unmarshal(text, &page)
	runtime.ReadMemStats(&after)
	if took := (after.TotalAlloc - before.TotalAlloc) >> 20; err != nil || len(page.Streams.list) != mostInAnswer-1 || page.Streams.all != mostInAnswer+1 || took > 100 {
		t.Errorf("%d of %d elements, %d MiB, %v", len(page.Streams.list), page.Streams.all, took, err)
	}
	for _, text := range []string{`null`, `[]`, `[{}]`} {
		if err := json.Unmarshal([]byte(text), &part[string]{}); (err != nil) != (text == `[{}]`) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
