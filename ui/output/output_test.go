package output

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"signalbox/sources"
)

// What JSON holds comes out the same, and a terminal sees none of it as its own.
func TestJSONIsHarmless(t *testing.T) {
	const evil = "a\x1b[2J \u009b1m \u202egnp.exe \u200b \x7f < é 漢 \U000e0041 \n"
	var out bytes.Buffer
	if err := WriteJSON(&out, map[string]string{"text": evil}); err != nil {
		t.Fatal(err)
	}
	line := strings.TrimSuffix(out.String(), "\n")
	for _, r := range line {
		if !unicode.IsGraphic(r) {
			t.Errorf("%q holds %U", line, r)
		}
	}
	for _, kept := range []string{"<", "é", "漢"} {
		if !strings.Contains(line, kept) {
			t.Errorf("%q lost %s", line, kept)
		}
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(line), &back); err != nil || back["text"] != evil {
		t.Errorf("%q came back, want %q (%v)", back["text"], evil, err)
	}
}

// An event's own JSON comes out as readable as it came in.
func TestEventJSONIsReadable(t *testing.T) {
	var out bytes.Buffer
	if err := WriteJSON(&out, &sources.Event{Received: sources.Received{
		Subject: "a.>", Data: []byte(`{"cheaper":"<5 & more"}`),
	}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"subject":"a.>"`, `"data":{"cheaper":"<5 & more"}`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s does not have %s", out.String(), want)
		}
	}
}

// slow is a stream whose reader lets each write through by hand.
type slow struct {
	let     chan struct{}
	mu      sync.Mutex
	written [][]byte
}

func (s *slow) Write(b []byte) (int, error) {
	<-s.let
	s.mu.Lock()
	defer s.mu.Unlock()
	s.written = append(s.written, bytes.Clone(b))
	return len(b), nil
}

// subjectLine is a form that writes the subject alone.
func subjectLine(to []byte, e *sources.Event) []byte { return append(append(to, e.Subject...), '\n') }

func TestPrinterKeepsOrderInFewWrites(t *testing.T) {
	out := &slow{let: make(chan struct{})}
	p := NewEventPrinter(out, subjectLine)
	var want bytes.Buffer
	for i := range 1000 {
		subject := fmt.Sprintf("line %d", i)
		want.WriteString(subject + "\n")
		if err := p.Print(&sources.Event{Received: sources.Received{Subject: subject}}); err != nil {
			t.Fatal(err)
		}
	}
	close(out.let)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if have := bytes.Join(out.written, nil); !bytes.Equal(have, want.Bytes()) {
		t.Errorf("%d bytes came out, want %d", len(have), want.Len())
	}
	if len(out.written) > 3 {
		t.Errorf("%d writes for lines that all waited", len(out.written))
	}
}

// A single event is not held back.
func TestPrinterFlushes(t *testing.T) {
	out, let := io.Pipe()
	p := NewEventPrinter(let, subjectLine)
	lines := bufio.NewReader(out)
	for i := range 3 {
		if err := p.Print(&sources.Event{Received: sources.Received{Subject: fmt.Sprint(i)}}); err != nil {
			t.Fatal(err)
		}
		p.Flush()
		if line, err := lines.ReadString('\n'); err != nil || line != fmt.Sprintln(i) {
			t.Fatalf("%q is printed of %d: %v", line, i, err)
		}
	}
	p.Flush() // nothing is pending
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

type failing struct{}

var errFull = errors.New("no space left")

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestPrinterReportsTheStreamsError(t *testing.T) {
	p := NewEventPrinter(failing{}, subjectLine)
	for { // ends as soon as the first line could not be written
		if err := p.Print(&sources.Event{}); err != nil {
			break
		}
	}
	if err := p.Close(); !errors.Is(err, errFull) {
		t.Errorf("have %v, want %v", err, errFull)
	}
}

// A printer is full while Print would wait, and says when it has room again.
func TestPrinterTellsOfRoom(t *testing.T) {
	out := &slow{let: make(chan struct{})}
	p := NewEventPrinter(out, subjectLine)
	large := &sources.Event{Received: sources.Received{Subject: "s", Data: make([]byte, 64<<10)}}
	printed := 0
	for ; !p.Full(); printed++ {
		if err := p.Print(large); err != nil {
			t.Fatal(err)
		}
	}
	if size := printed * len(large.Data); size < mostPending || size > 3*mostPending {
		t.Errorf("it is full with %d bytes", size)
	}
	close(out.let)
	if <-p.Room(); p.Full() {
		t.Error("it has room, and is full")
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if have := bytes.Count(bytes.Join(out.written, nil), []byte("s\n")); have != printed {
		t.Errorf("%d lines of %d", have, printed)
	}
}

// stuck is a stream that takes nothing, until it is let.
type stuck struct{ let chan struct{} }

func (s stuck) Write(b []byte) (int, error) {
	<-s.let
	return len(b), nil
}

// Whoever writes to a stream that nobody reads waits as long as the program runs, and a short time when it is to end.
func TestNobodyIsHeldUpByAStreamThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		out := stuck{make(chan struct{})}
		defer close(out.let)
		w := Timely(ctx, out)
		p := NewEventPrinter(w, subjectLine)
		for range 3 {
			if err := p.Print(&sources.Event{Received: sources.Received{Subject: "x"}}); err != nil {
				t.Fatal(err)
			}
		}
		p.Flush()
		time.Sleep(time.Hour)
		began := time.Now()
		end()
		err := p.Close()
		if took := time.Since(began); took != unreadTime || !errors.Is(err, ErrUnread) || !strings.HasPrefix(err.Error(), "3 events not printed") {
			t.Errorf("after %s: %v", took, err)
		}
		if _, err := w.Write([]byte("more")); !errors.Is(err, ErrUnread) || time.Since(began) != unreadTime {
			t.Errorf("the next write: %v, after %s", err, time.Since(began))
		}
	})
}

// What is slow, and takes everything in time, is told everything.
func TestTheLastLinesAreWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		out := &slow{let: make(chan struct{})}
		w := Timely(ctx, out)
		end()
		go func() {
			for range 2 {
				time.Sleep(unreadTime / 3)
				out.let <- struct{}{}
			}
		}()
		for _, line := range []string{"one\n", "two\n"} {
			if n, err := w.Write([]byte(line)); n != len(line) || err != nil {
				t.Errorf("%d, %v", n, err)
			}
		}
		if have := string(bytes.Join(out.written, nil)); have != "one\ntwo\n" {
			t.Errorf("%q was written", have)
		}
	})
}
