package recording

import (
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

// clock is when a message of batch came, to the second.
func clock(i int) string { return time.Unix(0, at(i)).Format("15:04:05") }

// part reads a part of a recording.
func part(t *testing.T, name, text string) (*Bus, []got) {
	t.Helper()
	p, err := ParsePart(text)
	if err != nil {
		t.Fatal(err)
	}
	b := openFile(t, name, Reading{Part: p})
	return b, readAll(t, b, "orders", bus.From{Start: bus.FromAll}).Messages
}

// A part of a recording is what passed between two times, however many blocks it takes.
func TestPart(t *testing.T) {
	r, name := recordTo(t, Options{})
	station := r.station(about, &orders, bus.From{Start: bus.FromAll})
	const all = 60_000
	for from := 0; from < all; from += 100 {
		if !r.take(t.Context(), station, batch(from, from+100), true) {
			t.Fatal("there was no room")
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	whole, messages := part(t, name, "..2100-01-01")
	if len(messages) != all || whole.byName["orders"].row.Removed {
		t.Errorf("%d messages of %d", len(messages), all)
	}
	if n := len(whole.byName["orders"].heads); n < 3 {
		t.Fatalf("a part of %d blocks shows little", n)
	}
	exact := func(i int) string { return time.Unix(0, at(i)).UTC().Format(time.RFC3339Nano) }
	for _, x := range []struct {
		text     string
		from, to int
	}{
		{exact(7000) + ".." + exact(7004), 7000, 7005},
		{exact(15_000) + "..", 15_000, all},
		{".." + exact(99), 0, 100},
		{exact(9990) + ".." + exact(10_010), 9990, 10_011},
	} {
		b, messages := part(t, name, x.text)
		if len(messages) != x.to-x.from || messages[0].UnixNano != at(x.from) || messages[len(messages)-1].UnixNano != at(x.to-1) {
			t.Errorf("%s: %d messages, want %d", x.text, len(messages), x.to-x.from)
		}
		if b.byName["orders"].row.Removed != (x.from > 0) {
			t.Errorf("%s: what was before is told: %v", x.text, b.byName["orders"].row.Removed)
		}
	}
	// A time of day is one of the recording.
	_, messages = part(t, name, clock(5)+"..")
	if want := time.Unix(0, at(5)).Truncate(time.Second).UnixNano(); messages[0].UnixNano < want || messages[0].UnixNano > want+int64(time.Second) {
		t.Errorf("%s begins at %s", clock(5), time.Unix(0, messages[0].UnixNano))
	}
	p, _ := ParsePart("1980-01-01..1981-01-01")
	if _, err := Open(name, Reading{Part: p}); err == nil || !strings.Contains(err.Error(), "it has nothing of that part: it is from ") {
		t.Errorf("%v", err)
	}
	for _, text := range []string{"", "..", "14:03", "x..", "14:03..x", "2026-01-02..2026-01-01"} {
		if _, err := ParsePart(text); err == nil {
			t.Errorf("%q is taken for a part", text)
		}
	}
}

// What went on after midnight is of the next day.
func TestPartAfterMidnight(t *testing.T) {
	begin := time.Date(2026, 11, 22, 23, 50, 0, 0, time.UTC)
	p, err := ParsePart("23:55..00:10")
	if err != nil {
		t.Fatal(err)
	}
	if from, to := time.Unix(0, p.from.after(begin)).UTC(), time.Unix(0, p.to.after(begin)).UTC(); from.Sub(begin) != 5*time.Minute || to.Sub(begin) != 20*time.Minute {
		t.Errorf("from %s to %s", from, to)
	}
}
