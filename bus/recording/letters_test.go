package recording

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"signalbox/bus"
)

// failing is a bus with dead letters.
type failing struct {
	fake
	letters []bus.DeadLetter
}

func (f *failing) DeadLetters(context.Context) ([]bus.DeadLetter, error) { return f.letters, nil }

func letter(position uint64, deliveries int64) bus.DeadLetter {
	return bus.DeadLetter{Standing: bus.GivenUp, Station: "orders", Consumer: "mailer", Position: bus.Position{Major: position}, Deliveries: deliveries,
		Why: "max deliveries", UnixNano: at(int(position)), Message: &bus.Message{Subject: "orders.1", Data: []byte(`{"pin":1234}`), Position: bus.Position{Major: position}}}
}

// Dead letters are in a recording as their bus listed them last, with their messages, masked; those that it listed no more are not.
func TestDeadLettersAreRecorded(t *testing.T) {
	inner := &failing{fake: fake{notices: bus.NewNoticeBuffer(), stations: []bus.Station{orders}, feed: &fakeFeed{make(chan *bus.Batch, 8)}}}
	tap := &Tap{}
	b := tap.Around(inner)
	without := tap.Around(&fake{notices: bus.NewNoticeBuffer()})
	defer without.Close()
	if lacks[bus.DeadLetterLister](b) || !lacks[bus.DeadLetterLister](without) {
		t.Error("what is listed is another than what the bus inside lists")
	}
	r, name := recordTo(t, Options{Mask: []string{"data.pin"}})
	tap.Record(r)
	f, err := b.Open(t.Context(), orders, bus.From{Start: bus.FromAll})
	if err != nil {
		t.Fatal(err)
	}
	lister, _ := bus.As[bus.DeadLetterLister](b)
	for _, list := range [][]bus.DeadLetter{nil, {letter(5, 3)}, {letter(5, 3), letter(6, 2)}, {letter(5, 3), letter(6, 2)}, {letter(6, 4)}} {
		inner.letters = list
		if _, err := lister.DeadLetters(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(f.Close(), b.Close(), r.Close()); err != nil {
		t.Fatal(err)
	}

	opened := openFile(t, name, Reading{})
	lister, ok := bus.As[bus.DeadLetterLister](opened)
	if !ok {
		t.Fatal("it lists no dead letters")
	}
	got, err := lister.DeadLetters(t.Context())
	if err != nil || len(got) != 1 || got[0].Deliveries != 4 || got[0].Message == nil || string(got[0].Message.Data) != `{"pin":"***"}` {
		t.Errorf("%+v, %v", got, err)
	}
	told := 0
	for _, n := range opened.lettersTold() {
		told += len(n.Letters.Listed) + len(n.Letters.Gone)
	}
	if told != 4 {
		t.Errorf("what was the same is written again: %d", told)
	}
	text, err := os.ReadFile(name)
	if err != nil || bytes.Contains(text, []byte("1234")) {
		t.Error("what is masked came to the disk", err)
	}

	other, name := recordTo(t, Options{})
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if !lacks[bus.DeadLetterLister](openFile(t, name, Reading{})) {
		t.Error("dead letters are listed of a bus that told of none")
	}
}

// What people were told is told again when a recording is played, at its time; else it is among the marks.
func TestNoticesArePlayed(t *testing.T) {
	r, name := recordTo(t, Options{})
	station := r.station(about, &orders, bus.From{Start: bus.FromAll})
	if !r.take(t.Context(), station, batch(1, 5), true) {
		t.Fatal("there was no room")
	}
	inner := &fake{notices: bus.NewNoticeBuffer()}
	tap := &Tap{}
	b := tap.Around(inner)
	tap.Record(r)
	inner.notices.Add(bus.Warn, "orders", "the link is cut")
	<-b.Notices()
	tap.Record(nil)
	if err := errors.Join(b.Close(), r.Close()); err != nil {
		t.Fatal(err)
	}

	still := openFile(t, name, Reading{})
	readAll(t, still, "orders", bus.From{Start: bus.FromAll})
	select {
	case n := <-still.Notices():
		t.Errorf("%+v is told of what is not played", n)
	default:
	}
	marks, err := still.Marks(t.Context())
	if err != nil || len(marks) != 1 || !marks[0].Told || marks[0].Name != "the link is cut" {
		t.Errorf("%+v, %v", marks, err)
	}

	const fast = 1e12 // it is years between what passed and what was told of it
	plays := openFile(t, name, Reading{Speed: fast})
	f, err := plays.Open(t.Context(), bus.Station{Name: "orders"}, bus.From{Start: bus.FromAll})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for end := time.Now().Add(time.Minute); ; {
		if batch, err := f.Next(t.Context()); err == nil {
			batch.Release()
		}
		select {
		case n := <-plays.Notices():
			if n.Text != "the link is cut" || n.Station != "orders" || n.Level != bus.Warn {
				t.Errorf("%+v", n)
			}
			return
		default:
			if time.Now().After(end) {
				t.Fatal("nothing is told")
			}
		}
	}
}
