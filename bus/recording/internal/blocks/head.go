// Package blocks is the file of a recording: a header, then blocks, each of which can be read by itself, then an index. A file
// that ends anywhere is read up to its last whole block; see docs/recordings.md for each byte.
//
// A Writer belongs to one goroutine. A File may be read by any number of them. Both wait for the disk.
package blocks

import (
	"encoding/binary"
	"errors"
	"hash/crc32"

	"signalbox/bus"
)

// Magic is what every recording begins with. No text has it, and what damages text on its way damages it.
const Magic = "\x89SBX\r\n\x1a\n"

// Version is that of the format which is written, and the only one that is read.
const Version = 1

// headerSize is how many bytes stand before the first block: magic, version, checksum.
const headerSize = len(Magic) + 8

// Kind is what a block holds.
type Kind byte

// Kinds of blocks.
const (
	Messages Kind = 1 + iota // messages, gaps and drops
	Notes                    // what else happened
	Stations                 // which buses and stations there are
	Index                    // the heads of all blocks before
)

// How the body of a block is written.
const (
	plain = byte(iota)
	zstandard
)

// Bounds of what is read: of what a block holds, and of what its head says of it.
const (
	MostPlain   = 256 << 20
	mostStored  = MostPlain + 1<<20
	mostSummary = 16 << 20
)

const (
	mark     = "SBXB" // each block begins with
	headSize = 28     // bytes, without the summary
)

// Head is what is known of a block without reading it.
type Head struct {
	Kind    Kind
	At      int64 // place of the block in its file
	Summary []Part

	method  byte
	summary int // bytes
	stored  int
	plain   int
	body    uint32 // checksum
}

// Part is what a block has of one station.
type Part struct {
	Station     int
	Messages    uint64
	Bytes       uint64 // of payloads, those that were not kept included
	First, Last int64  // the least and the greatest time of a message, in nanoseconds since 1970
	From, To    bus.Position
	Lost        uint64 // messages that are missing, as gaps and drops tell
	Gaps        uint64
}

// Size is how many bytes the block takes in the file.
func (h *Head) Size() int64 { return int64(headSize + h.summary + h.stored) }

// Plain is how many bytes the block holds.
func (h *Head) Plain() int { return h.plain }

// bodyAt is where the body begins.
func (h *Head) bodyAt() int64 { return h.At + int64(headSize+h.summary) }

var table = crc32.MakeTable(crc32.Castagnoli)

func sum(parts ...[]byte) (s uint32) {
	for _, p := range parts {
		s = crc32.Update(s, table, p)
	}
	return s
}

// append appends the head and the summary.
func (h *Head) append(to []byte) []byte {
	from := len(to)
	to = append(to, mark...)
	to = append(to, byte(h.Kind), h.method, 0, 0)
	at := len(to)
	to = append(to, make([]byte, headSize-8)...)
	begin := len(to)
	for i := range h.Summary {
		to = h.Summary[i].append(to)
	}
	h.summary = len(to) - begin
	le := binary.LittleEndian
	le.PutUint32(to[at:], uint32(h.summary))
	le.PutUint32(to[at+4:], uint32(h.stored))
	le.PutUint32(to[at+8:], uint32(h.plain))
	le.PutUint32(to[at+12:], h.body)
	le.PutUint32(to[at+16:], sum(to[from:from+headSize-4], to[begin:]))
	return to
}

// errHead is the error about bytes that are no head of a block.
var errHead = errors.New("no block begins here")

// parseFixed reads a head without its summary.
func parseFixed(from []byte, at int64) (h Head, err error) {
	if len(from) < headSize || string(from[:4]) != mark {
		return h, errHead
	}
	le := binary.LittleEndian
	summary, stored, size := le.Uint32(from[8:]), le.Uint32(from[12:]), le.Uint32(from[16:])
	if summary > mostSummary || stored > mostStored || size > MostPlain || from[5] > zstandard || from[5] == plain && stored != size {
		return h, errHead
	}
	return Head{Kind: Kind(from[4]), At: at, method: from[5], summary: int(summary), stored: int(stored), plain: int(size),
		body: le.Uint32(from[20:])}, nil
}

// parseHead reads a head with its summary, whose checksum it compares.
func parseHead(from []byte, at int64) (Head, error) {
	h, err := parseFixed(from, at)
	if err != nil {
		return h, err
	}
	if len(from) < headSize+h.summary {
		return h, errHead
	}
	summary := from[headSize : headSize+h.summary]
	if binary.LittleEndian.Uint32(from[headSize-4:]) != sum(from[:headSize-4], summary) {
		return h, errHead
	}
	for len(summary) > 0 {
		var p Part
		if summary, err = p.parse(summary); err != nil {
			return h, err
		}
		h.Summary = append(h.Summary, p)
	}
	return h, nil
}

func (p *Part) append(to []byte) []byte {
	to = binary.AppendUvarint(to, uint64(p.Station))
	to = binary.AppendUvarint(to, p.Messages)
	to = binary.AppendUvarint(to, p.Bytes)
	to = binary.AppendVarint(to, p.First)
	to = binary.AppendVarint(to, p.Last)
	for _, at := range []bus.Position{p.From, p.To} {
		to = binary.AppendUvarint(to, uint64(at.Partition))
		to = binary.AppendUvarint(to, at.Major)
		to = binary.AppendUvarint(to, at.Minor)
	}
	to = binary.AppendUvarint(to, p.Lost)
	return binary.AppendUvarint(to, p.Gaps)
}

func (p *Part) parse(from []byte) (rest []byte, err error) {
	unsigned := func(to *uint64) {
		n, size := binary.Uvarint(from)
		if size <= 0 {
			err = errHead
			return
		}
		*to, from = n, from[size:]
	}
	signed := func(to *int64) {
		n, size := binary.Varint(from)
		if size <= 0 {
			err = errHead
			return
		}
		*to, from = n, from[size:]
	}
	var station uint64
	unsigned(&station)
	unsigned(&p.Messages)
	unsigned(&p.Bytes)
	signed(&p.First)
	signed(&p.Last)
	for _, at := range []*bus.Position{&p.From, &p.To} {
		var partition uint64
		unsigned(&partition)
		unsigned(&at.Major)
		unsigned(&at.Minor)
		at.Partition = uint32(partition)
	}
	unsigned(&p.Lost)
	unsigned(&p.Gaps)
	if station > MostStations {
		return nil, errHead
	}
	p.Station = int(station)
	return from, err
}

// MostStations bounds the numbers of stations.
const MostStations = 1 << 20

// Checksum is that of bytes, as it is written.
func Checksum(of []byte) []byte { return binary.LittleEndian.AppendUint32(nil, sum(of)) }
