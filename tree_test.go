package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// source is a file of Go in the tree. Of tests, the imports alone are read.
type source struct {
	name, folder string
	test         bool
	parsed       *ast.File
	places       *token.FileSet
}

// goFiles are all files of Go in the tree.
func goFiles(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") {
			return err
		}
		s := source{name: file, folder: path.Dir(filepath.ToSlash(file)), test: strings.HasSuffix(file, "_test.go"), places: token.NewFileSet()}
		mode := parser.SkipObjectResolution
		if s.test {
			mode |= parser.ImportsOnly
		}
		s.parsed, err = parser.ParseFile(s.places, file, nil, mode)
		out = append(out, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d files were looked at: is this the root of the repository?", len(out))
	}
	return out
}
