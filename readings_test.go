package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// unbounded read whatever there is, by their package.
var unbounded = map[string][]string{
	"os":         {"ReadFile"},
	"io":         {"ReadAll"},
	"io/fs":      {"ReadFile"},
	"io/ioutil":  {"ReadFile", "ReadAll"},
	"crypto/tls": {"LoadX509KeyPair"},
}

// ownReading is the folder that reads files for all others, with a bound.
const ownReading = "bus/disk"

// Whoever made a file need not mean well: all are read by package disk, with a bound.
func TestFilesAreReadWithABound(t *testing.T) {
	for _, file := range goFiles(t) {
		if file.test || file.folder == ownReading || strings.HasPrefix(file.folder, "bus/bustest") {
			continue
		}
		for at, what := range readUnbounded(file.parsed) {
			t.Errorf("%s: %s has no bound; see package disk", file.places.Position(at), what)
		}
	}
}

// The rule itself: without this, one that refuses nothing would go unnoticed.
func TestReadingRuleRefuses(t *testing.T) {
	for text, refused := range map[string]bool{
		`import "os"; var a, b = os.ReadFile("x")`:                            true,
		`import late "os"; var a, b = late.ReadFile("x")`:                     true,
		`import "io"; var a, b = io.ReadAll(x)`:                               true,
		`import "crypto/tls"; var a, b = tls.LoadX509KeyPair(x, y)`:           true,
		`import "os"; var a, b = os.Open("x")`:                                false,
		`import "signalbox/bus/disk"; var a, b = disk.ReadAll(x, disk.Small)`: false,
		`import "signalbox/bus/disk"; var a, b = disk.Read("x", disk.Small)`:  false,
	} {
		parsed, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n"+text, 0)
		if err != nil {
			t.Fatal(err)
		}
		if found := readUnbounded(parsed); len(found) > 0 != refused {
			t.Errorf("%s: refused %v, want %t", text, found, refused)
		}
	}
}

// readUnbounded finds what reads all there is.
func readUnbounded(file *ast.File) map[token.Pos]string {
	found, names := map[token.Pos]string{}, map[string]string{}
	for _, spec := range file.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := n.X.(*ast.Ident); ok && slices.Contains(unbounded[names[of.Name]], n.Sel.Name) {
				found[n.Pos()] = of.Name + "." + n.Sel.Name
			}
		}
		return true
	})
	return found
}
