package state

import (
	"strconv"
	"strings"
)

// Entity names one thing that events happen to.
type Entity struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// IsZero tells whether the name names nothing.
func (e Entity) IsZero() bool { return e == Entity{} }

// String is "delivery/01HX7Q".
func (e Entity) String() string { return e.Kind + "/" + e.ID }

// ParseAt reads "delivery/01HX7Q", "delivery/01HX7Q@4", or "@4" of another entity: the entity and its version, 0 for the newest.
func ParseAt(text string, other Entity) (of Entity, version uint64, ok bool) {
	name := text
	if i := strings.LastIndexByte(text, '@'); i >= 0 {
		if n, err := strconv.ParseUint(text[i+1:], 10, 64); err == nil && n > 0 {
			name, version = text[:i], n
		}
	}
	if name == "" && version != 0 && !other.IsZero() {
		return other, version, true
	}
	kind, id, ok := strings.Cut(name, "/")
	return Entity{Kind: kind, ID: id}, version, ok && kind != "" && id != ""
}
