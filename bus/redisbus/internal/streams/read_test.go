package streams

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/session"
)

// An answer comes to the same whether it arrives at once or byte by byte, and whether entries have the same field or others.
func TestAnswersAreReadAlikeHoweverTheyArrive(t *testing.T) {
	const entry = "*2\r\n$%d\r\n%s\r\n"
	var answer strings.Builder
	lists := [][]string{{"data", `{"n":1}`}, {"data", `{"n":2}`}, {"data", ""}, {"data", "[3]"}, {"other", `{"n":4}`}, {"data", "5"},
		{"type", "A", "data", `{"n":6}`}, {"data", `{"n":7}`}, {}, {"data", strings.Repeat("x", 120)}}
	fmt.Fprintf(&answer, "*1\r\n*2\r\n$1\r\ns\r\n*%d\r\n", len(lists))
	var want []string
	for i, list := range lists {
		id := fmt.Sprintf("1700000000000-%d", i)
		fmt.Fprintf(&answer, entry, len(id), id)
		answer.Write(resp.AppendCommand(nil, list...))
		var fields []any
		for _, text := range list {
			fields = append(fields, text)
		}
		m, err := entries.FromReply("s", []any{id, fields}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("%v %d %.100s %v", m.Position, m.Size, m.Data, m.Headers))
	}
	for how, src := range map[string]io.Reader{
		"at once": strings.NewReader(answer.String()), "byte by byte": iotest.OneByteReader(strings.NewReader(answer.String())),
	} {
		stream := newFeed(&Readers{session: &session.Session{Body: 100, Budget: bus.NewBudget(1 << 20)}}, "s", "s")
		r := newReader(stream.readers, "")
		n, err := r.readAnswer(resp.NewReader(src), step{feeds: []*feed{stream}, count: len(lists)})
		if err != nil || n != len(lists) {
			t.Fatalf("%s: %d entries, %v", how, n, err)
		}
		var got []string
		for len(got) < len(want) {
			batch, err := stream.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range batch.Messages() {
				got = append(got, fmt.Sprintf("%v %d %s %v", m.Position, m.Size, m.Data, m.Headers))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", how, got, want)
		}
	}
}

// The fields of an entry are kept up to one bound of them all; how large the entry is is known.
func TestTheFieldsOfAnEntryHaveABound(t *testing.T) {
	const fields, size, body = 1000, 50_000, 1 << 20
	var answer strings.Builder
	fmt.Fprintf(&answer, "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n5-1\r\n*%d\r\n", 2*fields)
	for n := range fields {
		name := fmt.Sprintf("field%03d", n)
		fmt.Fprintf(&answer, "$%d\r\n%s\r\n$%d\r\n%s\r\n", len(name), name, size, strings.Repeat("x", size))
	}
	stream := newFeed(&Readers{session: &session.Session{Body: body, Budget: bus.NewBudget(8 << 20)}}, "s", "s")
	r := newReader(stream.readers, "")
	if n, err := r.readAnswer(resp.NewReader(strings.NewReader(answer.String())), step{feeds: []*feed{stream}, count: 10}); n != 1 || err != nil {
		t.Fatalf("%d entries, %v", n, err)
	}
	batch, err := stream.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m := batch.Messages()[0]; len(m.Data) > body+10_000 || len(m.Data) < body*3/4 || m.Size < fields*size {
		t.Errorf("%d bytes of %d are kept", len(m.Data), m.Size)
	}
}

// FuzzRead reads answers out of any bytes: it must end with an error, and soon, and deliver nothing larger than what is kept.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n",
		"*1\r\n*2\r\n$1\r\ns\r\n*2\r\n*2\r\n$3\r\n1-1\r\n*4\r\n$4\r\ntype\r\n$1\r\nb\r\n$4\r\ndata\r\n$2\r\n{}\r\n*2\r\n$3\r\n1-2\r\n*-1\r\n",
		"*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$9223372036854775807\r\nb\r\n",
		"*1\r\n*2\r\n$1\r\ns\r\n*9223372036854775807\r\n*2\r\n$3\r\n1-1\r\n*9223372036854775807\r\n$1\r\na\r\n",
		"*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$41\r\n18446744073709551615-18446744073709551615\r\n*0\r\n",
		"-NOPERM no\r\n", "*-1\r\n", "*2147483647\r\n",
	} {
		f.Add([]byte(seed))
	}
	for _, n := range hostile.Lengths() {
		f.Add([]byte("*" + n + "\r\n*" + n + "\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n"))
		f.Add([]byte("*1\r\n*2\r\n$1\r\ns\r\n*" + n + "\r\n*2\r\n$3\r\n1-1\r\n*" + n + "\r\n$1\r\na\r\n$1\r\nb\r\n"))
		f.Add([]byte("*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$" + n + "\r\nb\r\n"))
		id := n + "-" + n
		f.Add(fmt.Appendf(nil, "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$%d\r\n%s\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n", len(id), id))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &session.Session{Body: 100, Budget: bus.NewBudget(1 << 20)}
		in, stream := resp.NewReader(strings.NewReader(string(data))), newFeed(&Readers{session: s}, "s", "s")
		r := newReader(stream.readers, "")
		for range 100 {
			stream.full = false
			if _, err := r.readAnswer(in, step{feeds: []*feed{stream}, count: 10}); err != nil {
				break
			}
		}
		for stream.Waiting() > 0 {
			batch, err := stream.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range batch.Messages() {
				if m.Size < len(m.Data) || m.Subject != "s" {
					t.Errorf("message %+v", m)
				}
			}
		}
	})
}
