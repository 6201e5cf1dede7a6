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

// starters start a goroutine whose panic nothing catches, by their package.
var starters = map[string][]string{
	"sync":                       {"WaitGroup"},
	"context":                    {"AfterFunc"},
	"time":                       {"AfterFunc"},
	"golang.org/x/sync/errgroup": {"Group", "WithContext"},
}

// callbacks are methods and functions whose last argument a library calls on a goroutine of its own.
var callbacks = []string{
	"DisconnectErrHandler", "ReconnectHandler", "ReconnectErrHandler", "ClosedHandler", "LameDuckModeHandler", "ErrorHandler",
	"DiscoveredServersHandler", "SetClosedHandler", "UserJWT", "Nkey", "Consume",
}

// ownStart are folders that start goroutines in their own way: the one way of all others, and what only tests run.
var ownStart = []string{"bus/goroutine", "bus/bustest", "bus/bustest/natstest", "bus/natsbus/bare", "bus/redisbus/bare"}

// A panic of any goroutine has to put the terminal and brokers back: all are started by package goroutine.
func TestGoroutinesStartOneWay(t *testing.T) {
	for _, file := range goFiles(t) {
		if file.test || slices.Contains(ownStart, file.folder) {
			continue
		}
		for at, what := range startedElsewhere(file.parsed) {
			t.Errorf("%s: %s: a panic there is not caught; see package goroutine", file.places.Position(at), what)
		}
	}
}

// The rule itself: without this, one that refuses nothing would go unnoticed.
func TestGoroutineRuleRefuses(t *testing.T) {
	for text, refused := range map[string]bool{
		`import "sync"; func f() { go g() }`:                                                             true,
		`import "sync"; func f() { var wg sync.WaitGroup; wg.Go(g) }`:                                    true,
		`import "sync"; var mu sync.Mutex`:                                                               false,
		`import "time"; var t = time.AfterFunc(1, g)`:                                                    true,
		`import late "time"; var t = late.AfterFunc(1, g)`:                                               true,
		`import "context"; func f() { defer context.AfterFunc(ctx, g)() }`:                               true,
		`import . "sync"; var wg WaitGroup`:                                                              true,
		`import "signalbox/bus/goroutine"; var t = goroutine.AfterFunc(ctx, "x", g)`:                     false,
		`import "github.com/nats-io/nats.go"; var o = nats.ReconnectHandler(g)`:                          true,
		`import "github.com/nats-io/nats.go"; var o = nats.ReconnectHandler(caught(g))`:                  false,
		`import "github.com/nats-io/nats.go"; func f() { c.Subscribe("a", func(m *nats.Msg) { g(m) }) }`: true,
		`import "github.com/nats-io/nats.go"; func f() { c.ChanSubscribe("a", ch); other.Subscribe(1) }`: false,
		`import "github.com/nats-io/nats.go"; func f() {
			c.Subscribe("a", func(m *nats.Msg) { goroutine.Call("x", func() { g(m) }) })
		}`: false,
	} {
		parsed, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n"+text, 0)
		if err != nil {
			t.Fatal(err)
		}
		if found := startedElsewhere(parsed); len(found) > 0 != refused {
			t.Errorf("%s: refused %v, want %t", text, found, refused)
		}
	}
}

// startedElsewhere finds what starts goroutines, or is called on those of libraries, and is not caught.
func startedElsewhere(file *ast.File) map[token.Pos]string {
	found := map[token.Pos]string{}
	names := map[string]string{} // of imports, as the file says them
	for _, spec := range file.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		if _, listed := starters[imported]; !listed {
			continue
		}
		name := path.Base(imported)
		if spec.Name != nil {
			if name = spec.Name.Name; name == "." {
				found[spec.Pos()] = "import of " + imported + " without a name"
			}
		}
		names[name] = imported
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found[n.Pos()] = "go"
		case *ast.SelectorExpr:
			if of, ok := n.X.(*ast.Ident); ok && slices.Contains(starters[names[of.Name]], n.Sel.Name) {
				found[n.Pos()] = of.Name + "." + n.Sel.Name
			}
		case *ast.CallExpr:
			if of, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) > 0 && calledBack(of.Sel.Name, n.Args) {
				found[n.Pos()] = of.Sel.Name
			}
		}
		return true
	})
	return found
}

// calledBack tells whether the last argument of a call is a function that a library calls, and whose panic is not caught.
func calledBack(name string, args []ast.Expr) bool {
	last := args[len(args)-1]
	function, literal := last.(*ast.FuncLit)
	switch {
	case name == "Subscribe" || name == "QueueSubscribe":
		if !literal || len(function.Type.Params.List) != 1 { // it is no handler of messages
			return false
		}
	case !slices.Contains(callbacks, name):
		return false
	}
	if !literal {
		_, wrapped := last.(*ast.CallExpr)
		return !wrapped
	}
	if len(function.Body.List) != 1 {
		return true
	}
	statement, ok := function.Body.List[0].(*ast.ExprStmt)
	if !ok {
		return true
	}
	call, ok := statement.X.(*ast.CallExpr)
	if !ok {
		return true
	}
	of, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return true
	}
	in, ok := of.X.(*ast.Ident)
	return !ok || in.Name != "goroutine" || of.Sel.Name != "Call"
}
