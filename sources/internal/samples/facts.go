package samples

import (
	"encoding/binary"

	"signalbox/sources/internal/packed"
)

// Facts are written as their lengths and, of the numbers and then of the texts, how many are the same as before, and what
// the next one is; until the end.

// appendFacts writes what of f is other than before.
func appendFacts(to []byte, before, f *Facts) []byte {
	to = binary.AppendUvarint(to, uint64(len(f.Ints)))
	same := uint64(0)
	for i, v := range f.Ints {
		was := int64(0)
		if i < len(before.Ints) {
			was = before.Ints[i]
		}
		if v == was {
			same++
			continue
		}
		to = binary.AppendVarint(binary.AppendUvarint(to, same), v-was)
		same = 0
	}
	if same > 0 {
		to = binary.AppendUvarint(to, same)
	}
	to = binary.AppendUvarint(to, uint64(len(f.Texts)))
	same = 0
	for i, v := range f.Texts {
		if i < len(before.Texts) && v == before.Texts[i] || i >= len(before.Texts) && v == "" {
			same++
			continue
		}
		to = packed.AppendText(binary.AppendUvarint(to, same), v)
		same = 0
	}
	if same > 0 {
		to = binary.AppendUvarint(to, same)
	}
	return to
}

// readFacts makes the facts before those that were written.
func readFacts(from []byte, f *Facts) {
	r := packed.Reader{Bytes: from}
	n := int(r.Uint())
	for len(f.Ints) < n {
		f.Ints = append(f.Ints, 0)
	}
	f.Ints = f.Ints[:n]
	for i := 0; i < n; i++ {
		if i += int(r.Uint()); i < n {
			v, size := binary.Varint(r.Bytes)
			r.Raw(uint64(max(size, 0)))
			f.Ints[i] += v
		}
	}
	n = int(r.Uint())
	for len(f.Texts) < n {
		f.Texts = append(f.Texts, "")
	}
	f.Texts = f.Texts[:n]
	for i := 0; i < n; i++ {
		if i += int(r.Uint()); i < n {
			f.Texts[i] = packed.Clone(r.Text())
		}
	}
}
