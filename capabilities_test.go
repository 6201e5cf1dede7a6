package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// A bus around another has what the inner one can do only where bus.As is asked: nobody asserts a bus's type.
func TestCapabilitiesAreFoundByAs(t *testing.T) {
	capabilities := interfacesOf(t, "bus")
	for _, name := range []string{"Publisher", "Requester", "Getter", "Worker", "Maker", "Keeper", "ConsumerLister", "Tracker",
		"DeadLetterLister", "Operator", "Examiner", "Waiter"} {
		if !capabilities[name] {
			t.Errorf("package bus has no %s: what is looked for?", name)
		}
	}
	for _, folder := range []string{"bus/bustest", "sources", "scenarios", "ui"} {
		err := filepath.WalkDir(folder, func(file string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(file, ".go") {
				return err
			}
			set := token.NewFileSet()
			parsed, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				if a, ok := n.(*ast.TypeAssertExpr); ok && a.Type != nil {
					if s, ok := a.Type.(*ast.SelectorExpr); ok && capabilities[s.Sel.Name] && isBus(s.X) {
						t.Errorf("%s: a bus around a bus is no %s by assertion; ask bus.As", set.Position(a.Pos()), s.Sel.Name)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func isBus(x ast.Expr) bool {
	name, ok := x.(*ast.Ident)
	return ok && name.Name == "bus"
}

// interfacesOf are the names of the interfaces that the files of a folder declare.
func interfacesOf(t *testing.T, folder string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if _, ok := spec.Type.(*ast.InterfaceType); ok {
					names[spec.Name.Name] = true
				}
			}
			return true
		})
	}
	return names
}
