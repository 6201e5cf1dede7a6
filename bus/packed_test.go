package bus

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// packed are messages that have all that one may have.
func packed() *Batch {
	b := NewBatch(0)
	for _, m := range []Message{
		{Subject: "orders.eu", Data: []byte("{}"), Position: Position{Major: 7}, UnixNano: 1_700_000_000_000_000_000, Size: 2},
		{Subject: "orders.eu", Data: nil, Position: Position{Major: 5, Minor: 3, Partition: 2}, UnixNano: 1_600_000_000_000_000_000},
		{Subject: "x", Headers: Headers{{"a", "1"}, {"", ""}}, Data: []byte("abc"), Position: Position{Major: 7}, Size: 900},
	} {
		b.Add(&m)
	}
	return b
}

// Files hold messages as they are packed: what is written today is read by every later program.
func TestPackedStaysAsItIs(t *testing.T) {
	p := packed().Packed()
	if have := hex.EncodeToString(p.Memory); p.Count != 3 || p.Major != 7 || p.Nano != 1_700_000_000_000_000_000 || have != wantPacked {
		t.Errorf("%d messages from %d, %d: %s, want %s", p.Count, p.Major, p.Nano, have, wantPacked)
	}
}

const wantPacked = "01" + "00" + "096f72646572732e6575" + "027b7d" +
	"0e" + "ffffcfd88bdea2e302" + "0d" + "03" + "03" + "02" + "00" +
	"31" + "ffffcfe2c6bfce972f" + "0178" + "8107" + "02" + "0161" + "0131" + "00" + "00" + "03616263"

// What was packed is read as it was.
func TestPackedIsRead(t *testing.T) {
	before := packed()
	after, err := before.Packed().Batch()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before.Messages(), after.Messages()); diff != "" {
		t.Error(diff)
	}
}

// What is cut anywhere, or is of another count, is refused.
func TestPackedIsChecked(t *testing.T) {
	whole := packed().Packed()
	for n := range whole.Memory {
		cut := whole
		cut.Memory = whole.Memory[:n]
		if _, err := cut.Batch(); !errors.Is(err, ErrPacked) {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
	for _, count := range []int{2, 4} {
		other := whole
		other.Count = count
		if _, err := other.Batch(); !errors.Is(err, ErrPacked) {
			t.Errorf("said to be %d: %v", count, err)
		}
	}
}

// Whatever bytes are said to be messages: they are refused, or can be read.
func FuzzPacked(f *testing.F) {
	p := packed().Packed()
	f.Add(p.Memory, p.Count)
	f.Add(bytes.Repeat([]byte{0xff}, 40), 1)
	f.Fuzz(func(t *testing.T, memory []byte, count int) {
		b, err := Packed{Count: count, Memory: memory}.Batch()
		if err != nil {
			return
		}
		bytes := 0
		for _, m := range b.Messages() {
			bytes += len(m.Data) + len(m.Headers)
		}
		if bytes > len(memory) {
			t.Errorf("%d bytes of %d", bytes, len(memory))
		}
	})
}
