package packed

import (
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"
)

func TestReaderReadsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.String()).Draw(t, "texts")
		number := rapid.Uint64().Draw(t, "number")
		var to []byte
		for _, s := range texts {
			to = binary.AppendUvarint(AppendText(to, s), number)
		}
		r := Reader{Bytes: to}
		for _, want := range texts {
			if s, n := r.Text(), r.Uint(); s != want || n != number {
				t.Fatalf("%q and %d, want %q and %d", s, n, want, number)
			}
		}
		if r.Bad || len(r.Bytes) != 0 {
			t.Fatalf("%d bytes are left, bad: %v", len(r.Bytes), r.Bad)
		}
		if r.Uint(); !r.Bad {
			t.Fatal("it reads on behind the end")
		}
	})
}

// Whatever the bytes are, reading them ends.
func FuzzReader(f *testing.F) {
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 'x'})
	f.Fuzz(func(t *testing.T, in []byte) {
		r := Reader{Bytes: in}
		for read := 0; !r.Bad && len(r.Bytes) > 0; {
			if read += len(r.Text()); read > len(in) {
				t.Fatalf("%d bytes of text in %d bytes", read, len(in))
			}
		}
	})
}

func TestOffsetIsOfAPartAlone(t *testing.T) {
	data := []byte("a text with a part in it")
	if at := Offset(data, String(data[7:11])); at != 7 {
		t.Errorf("the part is at %d, want 7", at)
	}
	if at := Offset(data, Clone(String(data[7:11]))); at != -1 {
		t.Errorf("a copy is at %d", at)
	}
}
