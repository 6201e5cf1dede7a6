package subjects

import (
	"encoding/binary"

	"signalbox/sources/internal/packed"
)

// Branch is a branch of a station's tree whose children are wanted.
type Branch struct {
	Station string // its key
	Path    string // as in Row; "" is the whole station: without it nothing of the station is shown
	Most    int    // how many rows under it; what is beyond is one row
}

// Unfolded is a list of branches, each of which is there once. Lists that are the same compare equal with ==.
type Unfolded struct{ encoded string }

// Unfold makes the list of some branches.
func Unfold(branches ...Branch) Unfolded {
	var to []byte
	for _, b := range branches {
		to = binary.AppendUvarint(packed.AppendText(packed.AppendText(to, b.Station), b.Path), uint64(max(b.Most, 0)))
	}
	return Unfolded{string(to)}
}

// Branches are those in the list.
func (u Unfolded) Branches() []Branch {
	var list []Branch
	for r := (packed.Reader{Bytes: []byte(u.encoded)}); len(r.Bytes) > 0; {
		list = append(list, Branch{Station: r.Text(), Path: r.Text(), Most: int(r.Uint())})
	}
	return list
}
