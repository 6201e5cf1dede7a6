package revisit

import "github.com/klauspost/compress/zstd"

// packer compresses. It may be used by any goroutine.
type packer struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
}

// mostPlain bounds what is unpacked at once.
const mostPlain = 1 << 30

func newPacker() *packer {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err) // the options are right
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostPlain))
	if err != nil {
		panic(err)
	}
	return &packer{encoder, decoder}
}

// pack compresses, into memory of its own.
func (p *packer) pack(plain []byte) []byte {
	packed := p.encoder.EncodeAll(plain, nil)
	return append(make([]byte, 0, len(packed)), packed...)
}

// unpack gives back what was packed.
func (p *packer) unpack(packed []byte, size int) []byte {
	plain, err := p.decoder.DecodeAll(packed, make([]byte, 0, size))
	if err != nil {
		panic("what was packed a moment ago cannot be unpacked: " + err.Error())
	}
	return plain
}
