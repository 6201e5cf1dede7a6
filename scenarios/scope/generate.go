package scope

import (
	"crypto/md5" //nolint:gosec // a name, not secrecy
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/oklog/ulid/v2"

	"signalbox/scenarios/expression"
)

// Generators are the functions for what is sent: each call makes something new.
var Generators = map[string]expression.Function{
	"ulid":   func(args ...any) (any, error) { return ulid.Make().String(), none("ulid", args) },
	"uuid":   func(args ...any) (any, error) { return newUUID(), none("uuid", args) },
	"now":    func(args ...any) (any, error) { return time.Now().UTC().Format(TimeForm), none("now", args) },
	"random": func(args ...any) (any, error) { return between(args) },
	"pick":   func(args ...any) (any, error) { return pick(args) },
	"md5":    func(args ...any) (any, error) { return digest(args) },
	"hex":    func(args ...any) (any, error) { return fromHex(args) },
}

func none(name string, args []any) error {
	if len(args) > 0 {
		return fmt.Errorf("%s() takes nothing", name)
	}
	return nil
}

// between is a whole number from the first of two to the second.
func between(args []any) (any, error) {
	if len(args) == 2 {
		from, ok := args[0].(int)
		to, also := args[1].(int)
		if ok && also && from <= to && to-from >= 0 {
			return from + int(rand.Uint64N(uint64(to-from)+1)), nil //nolint:gosec // chance, not secrecy
		}
	}
	return nil, fmt.Errorf("random: want two whole numbers, the smaller first: random(1, 10)")
}

// pick is one of what it is given.
func pick(args []any) (any, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("pick: want values to pick from: pick('tea', 'milk')")
	}
	return args[rand.IntN(len(args))], nil //nolint:gosec // chance, not secrecy
}

// digest is the MD5 of a text, in hexadecimal digits: some systems name things by it.
func digest(args []any) (any, error) {
	if len(args) == 1 {
		if text, ok := args[0].(string); ok {
			sum := md5.Sum([]byte(text)) //nolint:gosec // a name, not secrecy
			return hex.EncodeToString(sum[:]), nil
		}
	}
	return nil, errors.New("md5: want a text: md5('ORDER_PLACED')")
}

// fromHex is the whole number that hexadecimal digits write.
func fromHex(args []any) (any, error) {
	if len(args) == 1 {
		if text, ok := args[0].(string); ok {
			if n, err := strconv.ParseInt(text, 16, 64); err == nil {
				return int(n), nil
			}
		}
	}
	return nil, errors.New("hex: want hexadecimal digits of a whole number: hex('7c0e8d57')")
}

// newUUID is a random UUID, version 4.
func newUUID() string {
	a, b := rand.Uint64(), rand.Uint64()
	a = a&^0xf000 | 0x4000
	b = b&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}
