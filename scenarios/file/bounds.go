package file

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"signalbox/bus/disk"
)

// What a file may have. The YAML parser takes time and memory that grow with the square of each of them.
const (
	maxSize   = 128 << 10 // bytes
	maxTokens = 20_000    // words and signs
	maxDepth  = 64        // mappings and lists inside each other
	maxNodes  = 100_000   // values, each alias counting as all that it stands for
)

// Read reads a file that Parse may parse: one that is too large is refused before all of it is read.
func Read(name string) ([]byte, error) {
	text, err := disk.ReadAny(name, maxSize)
	if errors.Is(err, disk.ErrTooLarge) {
		return nil, InFile(name, tooLarge())
	}
	if err != nil {
		return nil, err
	}
	return text, nil
}

func checkSize(text []byte) error {
	if len(text) > maxSize {
		return tooLarge()
	}
	return nil
}

func tooLarge() error { return AtStart("the file is larger than %d KiB", maxSize>>10) }

// checkTokens refuses what the parser would take too long for.
func checkTokens(tokens token.Tokens) error {
	if len(tokens) > maxTokens {
		return atToken(tokens[maxTokens], "the file has more than %d words and signs", maxTokens)
	}
	var deep depth
	for i, t := range tokens {
		if deep.next(tokens, i); deep.is() > maxDepth {
			return atToken(t, "more than %d lists and mappings are inside each other", maxDepth)
		}
	}
	return nil
}

// depth counts how many lists and mappings are open.
type depth struct {
	flow    int   // those in brackets
	columns []int // where the others begin
}

func (d *depth) is() int { return d.flow + len(d.columns) }

func (d *depth) next(tokens token.Tokens, i int) {
	switch t := tokens[i]; t.Type {
	case token.SequenceStartType, token.MappingStartType:
		d.flow++
	case token.SequenceEndType, token.MappingEndType:
		d.flow = max(0, d.flow-1)
	case token.SequenceEntryType, token.MappingKeyType:
		d.at(t.Position.Column)
	case token.MappingValueType:
		if i > 0 {
			d.at(tokens[i-1].Position.Column)
		}
	}
}

// at goes on in the list or mapping that begins at a column.
func (d *depth) at(column int) {
	if d.flow > 0 {
		return
	}
	for len(d.columns) > 0 && d.columns[len(d.columns)-1] > column {
		d.columns = d.columns[:len(d.columns)-1]
	}
	if len(d.columns) == 0 || d.columns[len(d.columns)-1] < column {
		d.columns = append(d.columns, column)
	}
}

func atToken(t *token.Token, format string, args ...any) *Error {
	return &Error{Line: t.Position.Line, Column: t.Position.Column, Text: fmt.Sprintf(format, args...)}
}

// nodes counts what a tree holds in which aliases have been replaced by what they stand for.
type nodes struct {
	counted map[ast.Node]int
	place   ast.Node // of the alias or value with which there were too many
}

// of is how many values a node holds, up to one more than there may be.
func (n *nodes) of(node ast.Node) int {
	if sum, known := n.counted[node]; known {
		return sum
	}
	sum := 1
	add := func(child ast.Node) {
		if sum <= maxNodes && child != nil {
			if sum += n.of(child); sum > maxNodes && n.place == nil {
				n.place = child
			}
		}
	}
	switch v := plain(node).(type) {
	case *ast.MappingNode:
		for _, value := range v.Values {
			add(value.Value)
		}
	case *ast.MappingValueNode:
		add(v.Value)
	case *ast.SequenceNode:
		for _, value := range v.Values {
			add(value)
		}
	}
	sum = min(sum, maxNodes+1)
	n.counted[node] = sum
	return sum
}

// checkNodes refuses a few lines of aliases of aliases that stand for millions of values.
func checkNodes(root ast.Node) error {
	n := nodes{counted: map[ast.Node]int{}}
	if n.of(root) > maxNodes {
		return At(n.place, "with what its aliases stand for the file has more than %d values", maxNodes)
	}
	return nil
}
