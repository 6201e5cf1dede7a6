package blocks

import (
	"encoding/binary"
	"fmt"
	"os"

	"github.com/klauspost/compress/zstd"
)

// Sink is where a recording is written to: a file.
type Sink interface {
	Write(bytes []byte) (int, error)
	Truncate(size int64) error
	Seek(offset int64, whence int) (int64, error)
	Sync() error
	Close() error
}

// Writer writes a recording.
type Writer struct {
	to    Sink
	size  int64 // of all that is whole
	heads []byte
	last  int64 // place of the last block in heads

	encoder *zstd.Encoder
	quick   *zstd.Encoder // takes three quarters of the time, for blocks that are a little larger
	buffer  []byte        // of the block at hand
	stored  []byte
}

// Create makes a file, which must not be there yet, and begins a recording in it.
func Create(name string) (*Writer, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	w, err := NewWriter(f)
	if err != nil {
		_ = f.Close()
		_ = os.Remove(name) // nothing is in it
	}
	return w, err
}

// NewWriter begins a recording.
func NewWriter(to Sink) (*Writer, error) {
	encoder, err := newEncoder(false)
	if err != nil {
		return nil, err
	}
	quick, err := newEncoder(true)
	if err != nil {
		return nil, err
	}
	w := &Writer{to: to, encoder: encoder, quick: quick}
	return w, w.write(header(Version))
}

// newEncoder makes what compresses. One that is quick leaves letters as they are that it finds nowhere before.
func newEncoder(quick bool) (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false),
		zstd.WithWindowSize(lookBack), zstd.WithNoEntropyCompression(quick))
}

// lookBack is how far back a block finds what it repeats: about as much as blocks have.
const lookBack = 1 << 20

// header is what a file of a version begins with.
func header(version uint32) []byte {
	h := binary.LittleEndian.AppendUint32([]byte(Magic), version)
	return binary.LittleEndian.AppendUint32(h, sum(h))
}

// Append writes a block, quickly where that is wanted more than a small file. After an error the file is as it was before, as far
// as the disk lets it be, and what would have been written is not in it.
func (w *Writer) Append(kind Kind, summary []Part, body []byte, quickly bool) error {
	if len(body) > MostPlain {
		return fmt.Errorf("a block of %d bytes is too large", len(body))
	}
	h := Head{Kind: kind, At: w.size, Summary: summary, method: zstandard, plain: len(body)}
	encoder := w.encoder
	if quickly {
		encoder = w.quick
	}
	w.stored = encoder.EncodeAll(body, w.stored[:0])
	stored := w.stored
	if len(stored) >= len(body) {
		stored, h.method = body, plain
	}
	h.stored, h.body = len(stored), sum(stored)
	w.buffer = h.append(w.buffer[:0])
	head := len(w.buffer)
	w.buffer = append(w.buffer, stored...)
	if err := w.write(w.buffer); err != nil {
		return err
	}
	w.heads = binary.AppendUvarint(w.heads, uint64(h.At-w.last))
	w.heads, w.last = append(w.heads, w.buffer[:head]...), h.At
	return nil
}

// Size is how many bytes are written.
func (w *Writer) Size() int64 { return w.size }

func (w *Writer) write(bytes []byte) error {
	_, err := w.to.Write(bytes)
	if err == nil {
		w.size += int64(len(bytes))
		return nil
	}
	if w.to.Truncate(w.size) == nil { // else the reader finds where it ends
		_, _ = w.to.Seek(w.size, 0) // likewise
	}
	return err
}

// trailer is what an index is found by, at the end of the file: its place, a checksum and a mark.
const (
	trailerSize = 16
	endMark     = "SBXE"
)

// Close writes the index and closes the file. Without an index it can be read as well, in more time.
func (w *Writer) Close(index bool) error {
	var err error
	if at := w.size; index {
		if err = w.Append(Index, nil, w.heads, false); err == nil {
			end := binary.LittleEndian.AppendUint64(nil, uint64(at))
			end = binary.LittleEndian.AppendUint32(end, sum(end))
			err = w.write(append(end, endMark...))
		}
		if err == nil {
			err = w.to.Sync()
		}
	}
	_, _ = w.encoder.Close(), w.quick.Close() // they never fail without a stream
	if closed := w.to.Close(); err == nil {
		err = closed
	}
	return err
}
