package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A bus around another has what the inner one can do only where bus.As is asked: nobody asserts a bus's type.
func TestCapabilitiesAreFoundByAs(t *testing.T) {
	capabilities := interfacesOf(t, "bus")
	for _, name := range []string{"Publisher", "Requester", "Getter", "Worker", "Maker", "Keeper", "ConsumerLister", "Tracker",
		"DeadLetterLister", "Operator", "Examiner", "Waiter", "Historian"} {
		if !capabilities[name] {
			t.Errorf("package bus has no %s: what is looked for?", name)
		}
	}
	eachFile(t, []string{"bus/bustest", "sources", "scenarios", "ui"}, func(file *ast.File, at func(ast.Node) token.Position) {
		ast.Inspect(file, func(n ast.Node) bool {
			if a, ok := n.(*ast.TypeAssertExpr); ok && a.Type != nil {
				if s, ok := a.Type.(*ast.SelectorExpr); ok && capabilities[s.Sel.Name] && isBus(s.X) {
					t.Errorf("%s: a bus around a bus is no %s by assertion; ask bus.As", at(a), s.Sel.Name)
				}
			}
			return true
		})
	})
}

// What is above bus asks a station for its traits: it knows no kinds, no scheme and no prefix of any broker. Help texts may
// name brokers.
func TestNoBrokerIsSpelledAboveBus(t *testing.T) {
	kinds := []string{"Stream", "Subject", "Bucket", "ObjectStore", "Service", "Channel", "Pattern", "Sharded", "Log", "Keys"}
	eachFile(t, []string{"sources", "scenarios", "ui"}, func(file *ast.File, at func(ast.Node) token.Position) {
		if strings.HasSuffix(at(file).Filename, "_test.go") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if isBus(n.X) && slices.Contains(kinds, n.Sel.Name) || n.Sel.Name == "Scheme" {
					t.Errorf("%s: %s is a broker's; ask the station for its traits", at(n), n.Sel.Name)
				}
			case *ast.BasicLit:
				for _, spelling := range []string{"KV_", "$KV", "$JS", "OBJ_", "KV-Operation", "__keyspace"} {
					if n.Kind == token.STRING && strings.Contains(n.Value, spelling) {
						t.Errorf("%s: %s is a broker's spelling", at(n), n.Value)
					}
				}
			}
			return true
		})
	})
}

// eachFile parses each Go file in folders and below.
func eachFile(t *testing.T, folders []string, look func(file *ast.File, at func(ast.Node) token.Position)) {
	t.Helper()
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(file string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(file, ".go") {
				return err
			}
			set := token.NewFileSet()
			parsed, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
			if err == nil {
				look(parsed, func(n ast.Node) token.Position { return set.Position(n.Pos()) })
			}
			return err
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

// The contract names every capability, so that nobody has to find them by reading all of the package.
func TestContractNamesCapabilities(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "bus/bus.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	said := file.Doc.Text()
	for name := range interfacesOf(t, "bus") {
		if !strings.Contains(said, "\n  - "+name+" ") && !strings.Contains(said, "\n  - "+name+",") && name != "Bus" && name != "Feed" {
			t.Errorf("the doc of package bus does not say what a %s is", name)
		}
	}
}
