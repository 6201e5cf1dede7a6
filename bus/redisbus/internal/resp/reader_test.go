package resp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"signalbox/bus/bustest/hostile"
)

func TestReaderTakesWhatComesInPieces(t *testing.T) {
	long := strings.Repeat("x", 3*BufferSize)
	text := fmt.Sprintf("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$%d\r\n", len(long)) + long + "\r\n:-42\r\n$-1\r\n+OK\r\n-ERR no\r\n$0\r\n\r\n"
	r := NewReader(iotest.HalfReader(strings.NewReader(text)))
	if n, err := r.Array(); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	for _, want := range []string{"message", "c"} {
		if got, err := r.Word(); string(got) != want || err != nil {
			t.Fatalf("%q, %v, want %q", got, err, want)
		}
	}
	head, err := r.Next()
	if err != nil || head.N != int64(len(long)) {
		t.Fatal(head, err)
	}
	if data, own, err := r.Bulk(head.N, 10); string(data) != long[:10] || !own || err != nil {
		t.Fatalf("%q, %t, %v", data, own, err)
	}
	for _, want := range []string{"-42", "", "OK", "ERR no", ""} {
		if got, err := r.Text(); got != want || err != nil {
			t.Fatalf("%q, %v, want %q", got, err, want)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestReaderRefusesWhatIsNoRedis(t *testing.T) {
	for _, text := range []string{"HTTP/1.1 200 OK\r\n", "\r\n", "$x\r\n", "*-2\r\n", "$\r\n", strings.Repeat("+", 2*BufferSize)} {
		r := NewReader(strings.NewReader(text))
		if _, err := r.Next(); !errors.Is(err, ErrProtocol) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	r := NewReader(strings.NewReader(strings.Repeat("*1\r\n", 1000)))
	head, _ := r.Next()
	if err := r.Skip(head); !errors.Is(err, ErrProtocol) {
		t.Errorf("nested deeply: %v", err)
	}
}

// A length near the end of what a number holds is read until the connection ends, as any other.
func TestReaderTakesAnyLength(t *testing.T) {
	for _, n := range []int64{BufferSize - 3, BufferSize - 2, BufferSize - 1, BufferSize, math.MaxInt32, math.MaxInt64 - 2, math.MaxInt64 - 1, math.MaxInt64} {
		r := NewReader(strings.NewReader(fmt.Sprintf("+OK\r\n$%d\r\nabc", n)))
		if _, err := r.Text(); err != nil {
			t.Fatal(err)
		}
		head, err := r.Next()
		if head.N != n || err != nil {
			t.Fatal(head, err)
		}
		if data, _, err := r.Bulk(head.N, 2); !errors.Is(err, io.EOF) {
			t.Errorf("%d bytes, of which 3 came: %q, %v", n, data, err)
		}
	}
	for _, text := range []string{"$9223372036854775808\r\n", "*-9223372036854775808\r\n", "$-2\r\n"} {
		r := NewReader(strings.NewReader(text))
		if head, err := r.Next(); !errors.Is(err, ErrProtocol) {
			t.Errorf("%q: %+v, %v", text, head, err)
		}
	}
}

// FuzzReader reads values out of any bytes. It must end with an error, soon, and hold no more than has come.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		"*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n", "*2\r\n*1\r\n:1\r\n$-1\r\n+OK\r\n-ERR no\r\n", "$0\r\n\r\n",
		"$262141\r\nabc", "$262142\r\nabc", "$262143\r\nabc", "$2147483647\r\nabc", "$4294967296\r\nabc",
		"+OK\r\n$9223372036854775805\r\nabc", "+OK\r\n$9223372036854775807\r\nabc", "$9223372036854775808\r\nabc",
		"*9223372036854775807\r\n:9223372036854775807\r\n:-9223372036854775808\r\n:9223372036854775808\r\n",
		"$-1\r\n$-2\r\n", "*-9223372036854775808\r\n", "$1\r\na\r\n$1\r\nb\r\n$99999999999999999999\r\n",
	} {
		f.Add([]byte(seed), int64(100))
		f.Add([]byte(seed), int64(math.MaxInt64))
	}
	for _, n := range hostile.Lengths() {
		f.Add([]byte("$"+n+"\r\nabc\r\n*"+n+"\r\n:"+n+"\r\n"), int64(2))
		f.Add([]byte("*"+n+"\r\n:"+n+"\r\n$1\r\na\r\n"), int64(2))
		f.Add([]byte("$1\r\na\r\n$"+n+"\r\nb\r\n"), int64(2))
	}
	f.Add([]byte(strings.Repeat("*1\r\n", hostile.Deep)), int64(1))
	f.Add([]byte(strings.Repeat("+", hostile.Deep)+"\r\n"), int64(1))
	f.Fuzz(func(t *testing.T, data []byte, keep int64) {
		keep = max(keep, 0)
		for _, read := range []func(*Reader) (int, error){
			func(r *Reader) (int, error) { text, err := r.Text(); return len(text), err },
			func(r *Reader) (int, error) { word, err := r.Word(); return len(word), err },
			func(r *Reader) (int, error) { _, err := r.Integer(); return 0, err },
			func(r *Reader) (int, error) { return 0, r.SkipNext() },
			func(r *Reader) (int, error) {
				head, err := r.Next()
				if err != nil || head.Kind != '$' {
					return 0, err
				}
				body, _, err := r.Bulk(head.N, keep)
				return len(body), err
			},
			func(r *Reader) (int, error) {
				if body, ok := r.BulkAfter([]byte("$1\r\na\r\n$")); ok {
					return len(body), nil
				}
				return 0, r.SkipNext()
			},
		} {
			r := NewReader(iotest.HalfReader(bytes.NewReader(data)))
			for {
				n, err := read(r)
				if n > len(data) {
					t.Fatalf("a value of %d bytes in %d", n, len(data))
				}
				var answered Error
				if err != nil && !errors.As(err, &answered) {
					break
				}
			}
		}
	})
}
