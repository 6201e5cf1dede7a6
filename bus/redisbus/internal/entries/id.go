package entries

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
)

// ParseID reads the ID of an entry, "1700000000000-0".
func ParseID(id []byte) (bus.Position, error) {
	dash := bytes.IndexByte(id, '-')
	if dash < 1 {
		return bus.Position{}, fmt.Errorf("%w: %.40q where an ID belongs", resp.ErrProtocol, id)
	}
	major, ok := digits(id[:dash])
	minor, fine := digits(id[dash+1:])
	if !ok || !fine {
		return bus.Position{}, fmt.Errorf("%w: %.40q where an ID belongs", resp.ErrProtocol, id)
	}
	return bus.Position{Major: major, Minor: minor}, nil
}

func digits(text []byte) (uint64, bool) {
	if len(text) == 0 || len(text) > 19 {
		n, err := strconv.ParseUint(string(text), 10, 64)
		return n, err == nil
	}
	var n uint64
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// ID writes a position as Redis does, 0-0 included.
func ID(p bus.Position) string {
	return strconv.FormatUint(p.Major, 10) + "-" + strconv.FormatUint(p.Minor, 10)
}

// Position reads an ID that go-redis returned; the zero position when it is none.
func Position(id string) bus.Position {
	p, err := ParseID([]byte(id))
	if err != nil {
		return bus.Position{}
	}
	return p
}

// Before is the position just before p: reading after it reads p.
func Before(p bus.Position) bus.Position {
	switch {
	case p.Minor > 0:
		return bus.Position{Major: p.Major, Minor: p.Minor - 1}
	case p.Major > 0:
		return bus.Position{Major: p.Major - 1, Minor: math.MaxUint64}
	}
	return p
}

// After is the position just after p.
func After(p bus.Position) bus.Position {
	if p.Minor == math.MaxUint64 {
		return bus.Position{Major: p.Major + 1}
	}
	return bus.Position{Major: p.Major, Minor: p.Minor + 1}
}
