package blocks

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/dustin/go-humanize"
)

// window is how many bytes are looked through at once for the next block.
const window = 1 << 20

// scan goes from block to block. What lies between them and is none is looked through for the next, and told.
func (f *File) scan(size int64) error {
	var lost int64
	for at := int64(headerSize); at < size; {
		h, err := f.headAt(at, size)
		if err == nil && f.isLastDamaged(&h, size) {
			err = errHead
		}
		if errors.Is(err, errHead) {
			next, err := f.find(at+1, size)
			if err != nil {
				return err
			}
			lost += next - at
			at = next
			continue
		}
		if err != nil {
			return err
		}
		if h.Kind != Index {
			f.Heads = append(f.Heads, h)
		}
		at += h.Size()
	}
	if lost > trailerSize {
		f.tell(fmt.Sprintf("%s are no whole block, and are left out", humanize.IBytes(uint64(lost))))
	}
	return nil
}

// tell adds to what is said of the damage.
func (f *File) tell(what string) {
	if f.Damage != "" {
		what = f.Damage + "; " + what
	}
	f.Damage = what
}

// isLastDamaged tells whether the block is the last and was not written to its end, though the file was made as long.
func (f *File) isLastDamaged(h *Head, size int64) bool {
	if h.At+h.Size() < size {
		return false
	}
	_, err := f.Body(h)
	return err != nil
}

// find is the place of the next block from a place on, or the end of the file.
func (f *File) find(from, size int64) (int64, error) {
	buffer := make([]byte, window)
	for from < size {
		n, err := f.from.ReadAt(buffer, from)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		if n < len(mark) {
			return size, nil
		}
		for at := 0; ; at++ {
			i := bytes.Index(buffer[at:n], []byte(mark))
			if i < 0 {
				break
			}
			at += i
			h, err := f.headAt(from+int64(at), size)
			switch {
			case err == nil && !f.isLastDamaged(&h, size):
				return h.At, nil
			case err != nil && !errors.Is(err, errHead):
				return 0, err
			}
		}
		from += int64(n - len(mark) + 1)
	}
	return size, nil
}
