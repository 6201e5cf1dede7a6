package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"pgregory.net/rapid"
)

const answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

// inFrame is a frame as a server sends it.
func inFrame(kind byte, payload []byte) []byte {
	switch n := len(payload); {
	case n <= maxShort:
		return append([]byte{kind, byte(n)}, payload...)
	case n < 1<<16:
		return append(binary.BigEndian.AppendUint16([]byte{kind, 126}, uint16(n)), payload...)
	default:
		return append(binary.BigEndian.AppendUint64([]byte{kind, 127}, uint64(n)), payload...)
	}
}

// framesOf has a stream be in frames of any sizes, with frames of control among them.
func framesOf(t *rapid.T, stream []byte) (all []byte, control [][]byte) {
	whole := true
	for _, part := range split(t, stream) {
		kind := byte(continues)
		if whole {
			kind = binaryData
		}
		if whole = rapid.Bool().Draw(t, "ends"); whole {
			kind |= final
		}
		all = append(all, inFrame(kind, part)...)
		if rapid.IntRange(0, 3).Draw(t, "control") == 0 {
			c := inFrame(rapid.SampledFrom([]byte{0x89, 0x8a}).Draw(t, "kind"), rapid.SliceOfN(rapid.Byte(), 0, maxControl).Draw(t, "payload"))
			all, control = append(all, c...), append(control, c)
		}
	}
	return all, control
}

// What comes in the frames of a WebSocket is divided as what comes without. What passes is in whole frames, of which each read
// brings one, and frames of control pass as they are.
func TestSockets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		greeting := "INFO {}\r\n"
		stream, pass, taken := []byte(greeting), []byte(greeting), 0
		for _, o := range rapid.SliceOfN(rapid.Custom(anyOp), 1, 20).Draw(t, "ops") {
			stream = append(stream, o.text...)
			if o.sid == 2 {
				taken++
			} else {
				pass = append(pass, o.text...)
			}
		}
		all, control := framesOf(t, stream)
		got := &collector{}
		routes := &Routes{open: map[int64]*route{2: {to: got}}, waiting: map[int64]*route{}}
		w := routes.WrapSocket(&pieces{left: split(t, append([]byte(answer), all...))})
		p := make([]byte, 32<<10)
		for said := 0; said < len(answer); {
			n, err := w.Read(p)
			if err != nil || string(p[:n]) != answer[said:said+n] {
				t.Fatalf("%q, %v instead of the answer", p[:n], err)
			}
			said += n
		}
		var passed []byte
		for {
			n, err := w.Read(p)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || n < 2 {
				t.Fatalf("%d bytes, %v", n, err)
			}
			f := p[:n]
			switch {
			case f[0] != final|binaryData:
				if len(control) == 0 || !bytes.Equal(f, control[0]) {
					t.Fatalf("a frame of control %q, want the first of %q", f, control)
				}
				control = control[1:]
			case f[1] <= maxShort && int(f[1]) == n-2:
				passed = append(passed, f[2:]...)
			case f[1] == twoBytes && int(binary.BigEndian.Uint16(f[2:])) == n-maxHeader && n-maxHeader > maxShort:
				passed = append(passed, f[maxHeader:]...)
			default:
				t.Fatalf("%d bytes are no frame: % x", n, f[:2])
			}
		}
		if !bytes.Equal(passed, pass) || len(control) > 0 || len(got.all()) != taken {
			t.Fatalf("passed %q, want %q; %d frames of control did not pass; %d messages of %d were taken", passed, pass, len(control), len(got.all()), taken)
		}
	})
}

// What is no frame, or compressed, ends the connection; a length alone takes no memory.
func TestHostileFrames(t *testing.T) {
	for name, c := range map[string]struct {
		bytes string
		want  error
	}{
		"compressed":                 {"\xc2\x02hi", errFrame},
		"masked":                     {"\x82\x82abcdhi", errFrame},
		"a frame of no known kind":   {"\x83\x02hi", errFrame},
		"control of no known kind":   {"\x8b\x02hi", errFrame},
		"control in parts":           {"\x09\x02hi", errFrame},
		"control that is too large":  {"\x89\x7e\x01\x00hi", errFrame},
		"more of no message":         {"\x80\x02hi", errFrame},
		"a message in another":       {"\x02\x09INFO {}\r\n\x82\x02hi", errFrame},
		"a length that has not come": {"\x82\x09INFO {}\r\n\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xffPING\r\n", io.EOF},
	} {
		w := new(Routes).WrapSocket(&pieces{left: [][]byte{[]byte(answer + c.bytes)}})
		var err error
		for p := make([]byte, 32<<10); err == nil; {
			_, err = w.Read(p)
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// The answer ends where the client library takes it to end, and has a bound.
func TestTheAnswerOfASocketEnds(t *testing.T) {
	for _, end := range []string{"\r\n\r\n", "\n\n", "\n\r\n", "\r\n\n"} {
		said := "HTTP/1.1 101 x\r\na: \r b" + end
		w := new(Routes).WrapSocket(&pieces{left: inPieces([]byte(said+"\x82\x09INFO {}\r\n"), 7)})
		var got []byte
		p := make([]byte, 4096)
		for range len(said) + 9 {
			n, _ := w.Read(p)
			got = append(got, p[:n]...)
		}
		if rest, found := bytes.CutPrefix(got, []byte(said)); !found || rest[0] != final|binaryData || !bytes.HasSuffix(rest, []byte("}\r\n")) {
			t.Errorf("passed %q after %q", got, said)
		}
	}
	w := new(Routes).WrapSocket(&pieces{left: [][]byte{bytes.Repeat([]byte("a: b\r\n"), maxAnswer)}})
	sum := 0
	for p := make([]byte, 4096); ; {
		n, err := w.Read(p)
		if sum += n; errors.Is(err, io.EOF) || sum > 2*maxAnswer {
			t.Fatalf("%d bytes passed, then %v", sum, err)
		} else if err != nil {
			return
		}
	}
}

// Whatever comes, it ends.
func FuzzSocket(f *testing.F) {
	f.Add([]byte(answer+"\x82\x09INFO {}\r\n\x89\x02hi\x02\x02PI\x80\x04NG\r\n"), uint8(3))
	f.Add([]byte(answer+"\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xffPING\r\n"), uint8(3))
	f.Fuzz(func(_ *testing.T, stream []byte, size uint8) {
		w := new(Routes).WrapSocket(&pieces{left: inPieces(stream, size)})
		for p := make([]byte, 32<<10); ; {
			if _, err := w.Read(p); err != nil {
				return
			}
		}
	})
}
