package scenarios

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
)

// span is a time, or one between two that differs each time.
type span struct{ least, most time.Duration }

// readSpan reads "200ms" or "200ms..1s".
func readSpan(node ast.Node) (span, error) {
	text, _ := file.Scalar(node)
	first, second, isRange := strings.Cut(text, "..")
	if !isRange {
		second = first
	}
	least, err := time.ParseDuration(first)
	most, err2 := time.ParseDuration(second)
	if err != nil || err2 != nil || least < 0 || most < least {
		return span{}, file.At(node, "%q is no time: want 500ms, 2s, 1m30s or a range such as 200ms..1s", text)
	}
	return span{least, most}, nil
}

func (s span) pick(random *rand.Rand) time.Duration {
	if s.most == s.least {
		return s.least
	}
	return s.least + time.Duration(random.Int64N(int64(s.most-s.least)+1))
}

func (s span) String() string {
	if s.most == s.least {
		return s.least.String()
	}
	return fmt.Sprintf("%s..%s", s.least, s.most)
}

// readShare reads "2%" as 0.02.
func readShare(node ast.Node) (float64, error) {
	text, _ := file.Scalar(node)
	share, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !strings.HasSuffix(text, "%") || !(share >= 0 && share <= 100) {
		return 0, file.At(node, "%q is no share: want a percentage such as 2%%", text)
	}
	return share / 100, nil
}
