package scope

import (
	"crypto/md5" //nolint:gosec // a name, not secrecy
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"signalbox/scenarios/chance"
	"signalbox/scenarios/expression"
)

// Generator has the functions for what is sent: each call makes something new, of the chance that is set. It is for one goroutine at a
// time.
type Generator struct{ Chance *chance.Chance }

// NewGenerator makes one that has a chance for what is tried as a file is read.
func NewGenerator() *Generator { return &Generator{chance.New(0, "")} }

// Functions are those that expressions may call.
func (g *Generator) Functions() map[string]expression.Function {
	return map[string]expression.Function{
		"ulid":   func(args ...any) (any, error) { return g.Chance.ULID(), none("ulid", args) },
		"uuid":   func(args ...any) (any, error) { return g.Chance.UUID(), none("uuid", args) },
		"now":    func(args ...any) (any, error) { return time.Now().UTC().Format(TimeForm), none("now", args) },
		"random": g.between,
		"pick":   g.pick,
		"fake":   g.fake,
		"md5":    digest,
		"hex":    fromHex,
	}
}

func none(name string, args []any) error {
	if len(args) > 0 {
		return fmt.Errorf("%s() takes nothing", name)
	}
	return nil
}

// between is a whole number from the first of two to the second.
func (g *Generator) between(args ...any) (any, error) {
	if len(args) == 2 {
		from, ok := args[0].(int)
		to, also := args[1].(int)
		if ok && also && from <= to && to-from >= 0 {
			return from + int(g.Chance.Uint64N(uint64(to-from)+1)), nil
		}
	}
	return nil, fmt.Errorf("random: want two whole numbers, the smaller first: random(1, 10)")
}

// pick is one of what it is given.
func (g *Generator) pick(args ...any) (any, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("pick: want values to pick from: pick('tea', 'milk')")
	}
	return args[g.Chance.IntN(len(args))], nil
}

// fake is something made up that looks real.
func (g *Generator) fake(args ...any) (any, error) {
	if len(args) == 1 {
		if name, ok := args[0].(string); ok {
			return g.Chance.Fake(name)
		}
	}
	return nil, errors.New("fake: want the name of a generator: fake('city')")
}

// digest is the MD5 of a text, in hexadecimal digits: some systems name things by it.
func digest(args ...any) (any, error) {
	if len(args) == 1 {
		if text, ok := args[0].(string); ok {
			sum := md5.Sum([]byte(text)) //nolint:gosec // a name, not secrecy
			return hex.EncodeToString(sum[:]), nil
		}
	}
	return nil, errors.New("md5: want a text: md5('ORDER_PLACED')")
}

// fromHex is the whole number that hexadecimal digits write.
func fromHex(args ...any) (any, error) {
	if len(args) == 1 {
		if text, ok := args[0].(string); ok {
			if n, err := strconv.ParseInt(text, 16, 64); err == nil {
				return int(n), nil
			}
		}
	}
	return nil, errors.New("hex: want hexadecimal digits of a whole number: hex('7c0e8d57')")
}
