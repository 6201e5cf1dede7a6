package blocks

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// ErrNotOne is the error about a file that is no recording.
var ErrNotOne = errors.New("is no recording of signalbox")

// VersionError says that a recording is of another version than is read.
type VersionError struct{ Has uint32 }

func (e *VersionError) Error() string {
	return fmt.Sprintf("is a recording of version %d, and this signalbox reads version %d: open it with the signalbox that wrote it, or a newer one", e.Has, Version)
}

// File is a recording that is read.
type File struct {
	Heads []Head // of all blocks but the index, in their order

	// Damage says what of the file is not read, in words; "" when all of it is.
	Damage string

	from    io.ReaderAt
	decoder *zstd.Decoder
}

// Is tells whether what begins so is a recording.
func Is(beginning []byte) bool { return bytes.HasPrefix(beginning, []byte(Magic)) }

// Read finds the blocks of a recording of so many bytes: by its index, or by going from block to block where it has none.
func Read(from io.ReaderAt, size int64) (*File, error) {
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(MostPlain))
	if err != nil {
		return nil, err
	}
	f := &File{from: from, decoder: decoder}
	if err := f.readHeader(); err != nil {
		return nil, err
	}
	if !f.readIndex(size) {
		f.Heads = nil
		if err := f.scan(size); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *File) readHeader() error {
	have := make([]byte, headerSize)
	n, err := f.from.ReadAt(have, 0)
	if n < headerSize {
		if err == nil || errors.Is(err, io.EOF) {
			err = ErrNotOne
		}
		return err
	}
	if !Is(have) {
		return ErrNotOne
	}
	version := binary.LittleEndian.Uint32(have[len(Magic):])
	switch {
	case !bytes.Equal(have, header(version)):
		f.Damage = "its header is damaged"
	case version != Version:
		return &VersionError{version}
	}
	return nil
}

// readIndex reads the index at the end, and tells whether there is one.
func (f *File) readIndex(size int64) bool {
	end := make([]byte, trailerSize)
	if f.Damage != "" || size < int64(headerSize+trailerSize) {
		return false
	}
	if _, err := f.from.ReadAt(end, size-trailerSize); err != nil || string(end[12:]) != endMark || binary.LittleEndian.Uint32(end[8:]) != sum(end[:8]) {
		return false
	}
	at := binary.LittleEndian.Uint64(end)
	if at > uint64(size) {
		return false
	}
	h, err := f.headAt(int64(at), size)
	if err != nil || h.Kind != Index || h.At+h.Size()+trailerSize != size {
		return false
	}
	body, err := f.Body(&h)
	if err != nil {
		return false
	}
	for place := int64(0); len(body) > 0; {
		since, n := binary.Uvarint(body)
		if n <= 0 || since > uint64(size) {
			return false
		}
		place += int64(since)
		head, err := parseHead(body[n:], place)
		if err != nil || place+head.Size() > h.At {
			return false
		}
		f.Heads = append(f.Heads, head)
		body = body[n+headSize+head.summary:]
	}
	return true
}

// headAt reads the head of the block at a place; the whole block is within the file.
func (f *File) headAt(at, size int64) (Head, error) {
	fixed := make([]byte, headSize)
	if _, err := f.from.ReadAt(fixed, at); err != nil {
		return Head{}, readError(err)
	}
	h, err := parseFixed(fixed, at)
	if err != nil {
		return h, err
	}
	if h.Size() > size-at {
		return h, errHead
	}
	whole := make([]byte, headSize+h.summary)
	if _, err := f.from.ReadAt(whole, at); err != nil {
		return h, readError(err)
	}
	return parseHead(whole, at)
}

// readError is an error of the disk, or that no block begins where the file ends.
func readError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errHead
	}
	return err
}

// Body is what a block holds. It is an error when the block is damaged.
func (f *File) Body(h *Head) ([]byte, error) {
	stored := make([]byte, h.stored)
	if _, err := f.from.ReadAt(stored, h.bodyAt()); err != nil {
		return nil, err
	}
	if sum(stored) != h.body {
		return nil, errors.New("its checksum is another")
	}
	if h.method == plain {
		return stored, nil
	}
	body, err := f.decoder.DecodeAll(stored, make([]byte, 0, h.plain))
	if err == nil && len(body) != h.plain {
		err = fmt.Errorf("it holds %d bytes instead of %d", len(body), h.plain)
	}
	return body, err
}
