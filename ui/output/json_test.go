package output

import (
	"bytes"
	"testing"
)

// What is not plain ASCII is found wherever it lies, and nothing else.
func TestFirstUnusual(t *testing.T) {
	for length := range 100 {
		line := bytes.Repeat([]byte{'a'}, length)
		if at := firstUnusual(line); at != length {
			t.Fatalf("of %d plain bytes the one at %d is unusual", length, at)
		}
		for i := range line {
			for _, c := range []byte{0x7f, 0x80, 0xff} {
				line[i] = c
				if at := firstUnusual(line); at != i {
					t.Fatalf("%#x at %d of %d is found at %d", c, i, length, at)
				}
				if i > 0 { // the first of two
					line[i-1] = 0xc3
					if at := firstUnusual(line); at != i-1 {
						t.Fatalf("of two the one at %d is found, want %d", at, i-1)
					}
					line[i-1] = '~'
				}
			}
			line[i] = '\x00'
		}
	}
}
