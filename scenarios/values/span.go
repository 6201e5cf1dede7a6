package values

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
)

// Span is a time, or one between two that differs each time.
type Span struct{ Least, Most time.Duration }

// ReadSpan reads "200ms" or "200ms..1s".
func ReadSpan(node ast.Node) (Span, error) {
	text, _ := file.Scalar(node)
	first, second, isRange := strings.Cut(text, "..")
	if !isRange {
		second = first
	}
	least, err := time.ParseDuration(first)
	most, err2 := time.ParseDuration(second)
	if err != nil || err2 != nil || least < 0 || most < least {
		return Span{}, file.At(node, "%q is no time: want 500ms, 2s, 1m30s or a range such as 200ms..1s", text)
	}
	return Span{least, most}, nil
}

// Pick is a time within the span, by chance.
func (s Span) Pick(random interface{ Int64N(int64) int64 }) time.Duration {
	if s.Most == s.Least {
		return s.Least
	}
	return s.Least + time.Duration(random.Int64N(int64(s.Most-s.Least)+1))
}

func (s Span) String() string {
	if s.Most == s.Least {
		return s.Least.String()
	}
	return fmt.Sprintf("%s..%s", s.Least, s.Most)
}

// ReadShare reads "2%" as 0.02.
func ReadShare(node ast.Node) (float64, error) {
	text, _ := file.Scalar(node)
	share, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !strings.HasSuffix(text, "%") || !(share >= 0 && share <= 100) {
		return 0, file.At(node, "%q is no share: want a percentage such as 2%%", text)
	}
	return share / 100, nil
}
