package sources

import "encoding/binary"

// Branch is one branch of a station's subjects that a View wants to see what is under.
type Branch struct {
	Station string // its key
	Path    string // as in SubjectRow; "" is all of the station, without which nothing of it is shown
	Most    int    // how many rows under it; what is beyond is one row
}

// Unfolded is a list of branches, each of which is there once. Lists that are the same compare equal with ==.
type Unfolded struct{ encoded string }

// Unfold makes the list of some branches.
func Unfold(branches ...Branch) Unfolded {
	var to []byte
	for _, b := range branches {
		to = binary.AppendUvarint(appendText(appendText(to, b.Station), b.Path), uint64(max(b.Most, 0)))
	}
	return Unfolded{string(to)}
}

// Branches are those in the list.
func (u Unfolded) Branches() []Branch {
	var list []Branch
	for d := (decoder{bytes: []byte(u.encoded)}); len(d.bytes) > 0; {
		list = append(list, Branch{Station: d.text(), Path: d.text(), Most: int(d.uint())})
	}
	return list
}
