package notes

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"signalbox/bus"
	"signalbox/bus/bustest/leaks"
	"signalbox/ui/deck"
)

// reader reads pages as they come.
func reader(t *testing.T, s *Server) (body io.ReadCloser, status int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Address(), nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Body, answer.StatusCode
}

// until reads until a line with a text has come.
func until(t *testing.T, from *bufio.Reader, text string) {
	t.Helper()
	for {
		line, err := from.ReadString('\n')
		if err != nil {
			t.Fatalf("%v before %q; the last line is %q", err, text, line)
		}
		if strings.Contains(line, text) {
			return
		}
	}
}

func TestReadersSeeEachPage(t *testing.T) {
	defer leaks.None(t, goleak.IgnoreCurrent())
	s, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Show(deck.Page{Script: "deliveries/happy-path", Line: "The first line."})
	body, _ := reader(t, s)
	defer func() { _ = body.Close() }()
	from := bufio.NewReader(body)
	until(t, from, "The first line.")
	for range 1000 { // none waits for the reader
		s.Show(deck.Page{Line: "A line between."})
	}
	s.Show(deck.Page{Line: "The last line.", Notes: "one\x1b[2J\ntwo"})
	until(t, from, "The last line.")
	until(t, from, "two")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	_, _ = io.Copy(io.Discard, from) // it ends
}

// One that takes nothing is dropped, and holds up neither whoever shows pages nor those who read them.
func TestASlowReaderIsDropped(t *testing.T) {
	s, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	s.patience = 100 * time.Millisecond
	slow, err := net.Dial("tcp", s.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Close() }()
	if err := slow.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(slow, "GET / HTTP/1.1\r\nHost: notes\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	readers := func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.readers
	}
	for end := time.Now().Add(time.Minute); readers() == 0; <-time.After(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the reader is not there")
		}
	}
	body, _ := reader(t, s)
	defer func() { _ = body.Close() }()
	from := bufio.NewReader(body)
	much := strings.Repeat(strings.Repeat("long note ", 7)+"\n", 4_000)
	for n, end := 0, time.Now().Add(time.Minute); readers() == 2; n++ {
		line := fmt.Sprintf("Line number %d.", n)
		s.Show(deck.Page{Notes: much, Next: line})
		until(t, from, line)
		if time.Now().After(end) {
			t.Fatal("the slow reader stays")
		}
	}
	s.Show(deck.Page{Line: "The last line."})
	until(t, from, "The last line.")
	if n := readers(); n != 1 {
		t.Errorf("%d readers, want the one that reads", n)
	}
}

func TestThereAreOnlySoManyReaders(t *testing.T) {
	s, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for range mostReaders {
		body, status := reader(t, s)
		defer func() { _ = body.Close() }()
		if status != http.StatusOK {
			t.Fatalf("a reader gets %d", status)
		}
	}
	body, status := reader(t, s)
	if _ = body.Close(); status != http.StatusServiceUnavailable {
		t.Errorf("one reader too many gets %d", status)
	}
}

func TestAPageIsDrawn(t *testing.T) {
	now := time.Date(2026, 11, 20, 14, 3, 22, 0, time.UTC)
	text := draw(deck.Page{Script: "talk", Began: now.Add(-75 * time.Second), Line: "It \x1b[31mbegins.", Notes: "say hello\nand who we are", Next: "It ends.",
		At: 1, Of: 2, Waits: true}, now)
	for _, want := range []string{"talk   1:15   line 1 of 2", "say hello", "and who we are", "It ends.", "waits for a key"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not have %q:\n%q", want, text)
		}
	}
	if strings.Contains(text, "\x1b[31m") {
		t.Errorf("what a script says reaches the terminal raw: %q", text)
	}
	if text = draw(deck.Page{Ended: "✗ failed at step 2", Level: bus.Fail}, now); !strings.Contains(text, "failed at step 2") || !strings.Contains(text, "0:00") {
		t.Errorf("the end is not drawn:\n%q", text)
	}
}

func TestAnAddressThatIsTakenIsSaid(t *testing.T) {
	s, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if _, err := Listen(s.Address()); err == nil || !strings.Contains(err.Error(), "listening on "+s.Address()+" for notes") {
		t.Errorf("taken twice: %v", err)
	}
}
