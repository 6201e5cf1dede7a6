package cli

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/natsbus"
	"signalbox/bus/recording"
	"signalbox/ui/cli/internal/config"
)

// Variables by which a test has a goroutine of the program panic: the name it begins with, and a file; it waits for that.
const (
	panicVariable = "SIGNALBOX_TEST_PANIC"
	afterVariable = "SIGNALBOX_TEST_PANIC_AFTER"
)

// injectPanic has the goroutine that the environment names panic when it starts.
func injectPanic() {
	name := os.Getenv(panicVariable)
	if name == "" {
		return
	}
	goroutine.OnStart(func(started string) {
		if !strings.HasPrefix(started, name) {
			return
		}
		for {
			if _, err := os.Stat(os.Getenv(afterVariable)); err == nil {
				panic("injected")
			}
			time.Sleep(time.Millisecond)
		}
	})
}

// fault is how a goroutine of one kind is made to panic.
type fault struct {
	of      scene
	name    string          // that it has there, where that has more to it than the kind
	first   bool            // it panics at once: what is waited for otherwise depends on it
	has     func(*breaking) // has it start, where it does not by itself
	without string          // why there is no test
}

// scene is a program in which goroutines panic.
type scene int

const (
	onRedis    scene = iota // the deck on keys of Redis, with a setting that has to be put back
	onNATS                  // the deck on those and on NATS
	onMemphis               // the deck on the former and on Memphis
	tailing                 // tail on both
	playing                 // a script with stand-ins
	repeating               // a script that repeats steps
	manyAtOnce              // scripts side by side
	demoing                 // the demo
	asking                  // a question before something is sent
	completing
	typing       // lines, which are read
	counting     // tail on both, of one event
	recordingOne // record on both, of one message
	replayingOne // replay of a recording
	presenting   // a script that is presented, with notes
)

// faults are those of each kind of goroutine, by its name in the source.
var faults = map[string]fault{
	"the reader of ":                    {of: onRedis, name: "the reader of keys:*.Event:*", first: true},
	"the reader of channels":            {of: onRedis, first: true},
	"the reader of streams":             {of: onRedis},
	"the watch on the link":             {of: onRedis},
	"what connects to Redis":            {of: onRedis, first: true},
	"what guards a connection to Redis": {of: onRedis, first: true},
	"what closes a connection":          {of: onRedis, has: (*breaking).quits},
	"what closes a queue":               {of: onRedis, has: (*breaking).quits},
	"what ends a reader of streams":     {of: onRedis, has: (*breaking).quits},
	"what ends a question":              {without: "it starts only where the end comes while a server is asked"},

	"the reader of NATS":                      {of: onNATS, first: true},
	"what connects to NATS":                   {of: onNATS, first: true},
	"a handler of NATS events":                {of: onNATS, has: (*breaking).quits},
	"the reader of a stream":                  {of: onNATS},
	"the reader of a queue":                   {of: onNATS},
	"the reader of a service":                 {of: onNATS},
	"the reader of a subject":                 {of: onNATS, has: (*breaking).sends},
	"the end of a subscription":               {of: onNATS, has: (*breaking).quits},
	"what gets messages":                      {of: onNATS},
	"what closes a feed":                      {without: "it starts only where a feed is left open at the end"},
	"what waits for the removal of consumers": {without: "it runs only where a server does not answer"},

	"the reader of a partition":             {of: onMemphis},
	"what passes the notices of Memphis on": {of: onMemphis},

	"the engine":                              {of: onRedis, first: true},
	"the reader of a feed":                    {of: onRedis},
	"the reader of notices":                   {of: onRedis},
	"what opens a station":                    {of: onRedis, first: true},
	"what closes a station":                   {of: onRedis, has: (*breaking).makesStream},
	"what lists stations":                     {of: onRedis},
	"what completes entities for breakpoints": {without: "it starts only where a breakpoint asks for the state of a partial entity"},
	"what lists consumers":                    {of: onRedis},
	"what lists dead letters":                 {of: onNATS},
	"what compresses a checkpoint":            {without: "it starts only where a recording has more events than lie between two checkpoints"},
	"what unpacks checkpoints":                {without: "it starts only where a recording has more events than are held"},
	"what reads a station again":              {without: "it starts only where a recording has more events than are held"},
	"what frees memory":                       {without: "it starts only where 64 MiB became free at once"},

	"a stand-in":                {of: playing, first: true},
	"a message that is handled": {of: playing, first: true},
	"what plays a stand-in":     {without: "it starts where somebody has a stand-in play in the deck"},
	"an answer of a stand-in":   {of: playing, first: true},
	"the time of a repeat":      {of: repeating, first: true},
	"a branch of a script":      {of: repeating, first: true},
	"what runs scripts":         {of: manyAtOnce, first: true},
	"an iteration of a load":    {of: repeating, first: true},
	"the demo":                  {of: demoing},
	"a story of the demo":       {of: demoing},
	"a run of a story":          {of: demoing},
	"what calms the demo":       {of: demoing},
	"attaching to the demo":     {of: demoing},

	"the deck":                         {of: onRedis, first: true},
	"the deck's update":                {of: onRedis},
	"the deck's view":                  {of: onRedis, first: true},
	"the deck's way to the shell":      {without: "TestPanicOnTheWayToTheShell"},
	"a command of the deck":            {of: onRedis},
	"what serves notes":                {of: presenting, first: true},
	"a reader of notes":                {of: presenting, has: (*breaking).readsNotes},
	"a script":                         {of: onNATS, has: (*breaking).plays},
	"what hands snapshots to the deck": {of: onRedis},
	"what compares with copies":        {of: onRedis},
	"what reads a copy":                {without: "it starts only where a bucket has copies of what is shown"},
	"what watches domain files":        {of: onRedis},
	"what hears the terminal":          {of: onRedis},
	"what hears the job":               {of: onRedis},
	"what quits the deck":              {of: onRedis, has: (*breaking).isTerminated},

	"what prints events":                      {of: tailing},
	"what passes notices on":                  {of: tailing, first: true},
	"what writes the recording":               {of: recordingOne, first: true},
	"what waits for the end of the recording": {of: replayingOne, first: true},
	"a message that is sent again":            {of: replayingOne, first: true},
	"what ends the wait for answers":          {without: "it runs only where a bus does not answer"},
	"what ends the recording":                 {of: recordingOne, first: true},
	"what tells of progress":                  {of: tailing},
	"what writes the output":                  {of: tailing, first: true},
	"what ends the count":                     {of: counting, first: true},
	"what ends the command early":             {without: "it starts only where the engine ends by an error"},
	"what hears the answer":                   {of: asking, first: true},
	"what completes names":                    {of: completing, first: true},
	"what reads lines":                        {of: typing},

	"the command":                          {of: onRedis, first: true},
	"what hears signals":                   {of: onRedis, has: (*breaking).isTerminated},
	"what hears SIGQUIT":                   {of: onRedis, first: true},
	"what hears the shell":                 {of: onRedis},
	"what waits for the terminal's end":    {of: onRedis},
	"what writes to the terminal":          {of: onRedis, first: true},
	"what ends the wait for the terminal":  {without: "it starts only where the terminal takes nothing for a second at the end"},
	"what tells that attaching takes long": {of: onRedis},
	"the forced end":                       {without: "it starts only where an end in good order hangs"},
	"what puts things back":                {without: "it is what is done after a panic"},
	"what is waited for at the end":        {without: "it is what is done after a panic"},
}

// breaking is a program one of whose goroutines is to panic.
type breaking struct {
	*console
	redis *redisServer
	nats  *natsbus.Bus
}

func (b *breaking) quits() { b.press("q") }

func (b *breaking) isTerminated() {
	if err := b.process.Process.Signal(syscall.SIGTERM); err != nil {
		b.t.Fatal(err)
	}
}

func (b *breaking) sends() {
	if _, err := bus.Publish(b.t.Context(), b.nats, bus.Outgoing{Station: "work", Kind: bus.Stream, Data: []byte("{}")}); err != nil {
		b.t.Fatal(err)
	}
}

// makesStream makes a stream of a name that was taken for a channel.
func (b *breaking) makesStream() {
	if out, err := exec.Command("redis-cli", "-s", b.redis.socket, "XADD", "news", "*", "a", "1").CombinedOutput(); err != nil {
		b.t.Fatalf("%v: %s", err, out)
	}
}

// plays plays a script in the deck.
func (b *breaking) plays() {
	b.press("s")
	b.sees("votes/happy-path")
	b.press("deliveries/happy-path\r")
	b.sees("with what is there")
	b.press("\r")
}

// readsNotes reads the notes of what is presented.
func (b *breaking) readsNotes() {
	b.sees("curl -N 127.0.0.1:")
	answer, err := http.Get("http://" + b.notesAt())
	if err == nil {
		_ = answer.Body.Close()
	} // else the program ended before it answered
}

// A panic of any kind of goroutine leaves the terminal and the broker's setting as they were, is told, and ends the program with a
// code of its own.
func TestPanicsPutBack(t *testing.T) {
	t.Parallel()
	if !haveRedis() {
		t.Skip("redis-server is not installed")
	}
	url, nats := serverWithStreams(t)
	for kind, f := range faults {
		if f.without != "" {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			f.panics(t, kind, url, nats)
		})
	}
}

// serverWithStreams is a server with a stream that is read in each way.
func serverWithStreams(t *testing.T) (string, *natsbus.Bus) {
	url, b := serverWithBus(t)
	for name, more := range map[string]string{"orders": "", "work": `,"retention":"workqueue"`, "limited": `,"max_consumers":1`} {
		form := `{"name":%q,"subjects":[%q],"num_replicas":1,"storage":"memory"` + more + `}`
		out := bus.Outgoing{Station: "$JS.API.STREAM.CREATE." + name, Data: fmt.Appendf(nil, form, name, name)}
		if answer, _, err := b.Request(t.Context(), out); err != nil || strings.Contains(string(answer.Data), `"error"`) {
			t.Fatalf("%v: %s", err, answer.Data)
		}
		if _, err := bus.Publish(t.Context(), b, bus.Outgoing{Station: name, Kind: bus.Stream, Data: []byte(`{"type":"A"}`)}); err != nil {
			t.Fatal(err)
		}
	}
	form := `{"name":"fares$1","subjects":["fares$1.>"],"num_replicas":1,"storage":"memory"}`
	if answer, _, err := b.Request(t.Context(), bus.Outgoing{Station: "$JS.API.STREAM.CREATE.fares$1", Data: []byte(form)}); err != nil ||
		strings.Contains(string(answer.Data), `"error"`) {
		t.Fatalf("%v: %s", err, answer.Data)
	}
	playService(t, url)
	return url, b
}

// recordOne writes a recording of one message.
func recordOne(t *testing.T, file, url string) {
	r, err := recording.Create(file, recording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	connected, err := natsbus.Connect(t.Context(), natsbus.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	tap := &recording.Tap{}
	tap.Record(r)
	b := tap.Around(connected)
	rows, err := b.Stations(t.Context(), "orders")
	if err != nil {
		t.Fatal(err)
	}
	f, err := b.Open(t.Context(), rows[0], bus.From{Start: bus.FromLast, Last: 1})
	if err != nil {
		t.Fatal(err)
	}
	for {
		batch, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if batch.Len() > 0 {
			break
		}
	}
	if err := errors.Join(f.Close(), b.Close(), r.Close()); err != nil {
		t.Fatal(err)
	}
}

func (f *fault) panics(t *testing.T, kind, url string, nats *natsbus.Bus) {
	r, err := newRedis("--notify-keyspace-events", "lx")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.stop)
	name, folder := kind, t.TempDir()
	if f.name != "" {
		name = f.name
	}
	after := filepath.Join(folder, "now")
	begin := func() {
		if err := os.WriteFile(after, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if f.first {
		begin()
	}
	b := &breaking{f.of.start(t, folder, r, url, panicVariable+"="+name, afterVariable+"="+after), r, nats}
	if !f.first {
		b.until("what it is to show", func(screen string) bool { return b.altScreen() || strings.Contains(screen, "attached") })
		if f.of.changes() {
			b.hasChanged()
		}
		begin()
		if f.has != nil {
			f.has(b)
		}
	}
	b.fails(name)
	if have, err := readSetting(r.socket); err != nil || have != "lx" {
		t.Errorf("the setting is %q, %v; want lx", have, err)
	}
}

// fails waits for the end that a panic leads to.
func (b *breaking) fails(name string) {
	b.t.Helper()
	b.ends(exitFault)
	b.sees("a fault of its own ended it: panic in "+name, "injected", "goroutine ")
}

// hasChanged waits until the setting of Redis is changed.
func (b *breaking) hasChanged() {
	b.t.Helper()
	b.until("that the setting is changed", b.redis.isSet)
}

// changes tells whether the program changes a setting of Redis.
func (s scene) changes() bool { return s == onRedis || s == onNATS || s == onMemphis || s == tailing }

// start starts the program of a scene.
func (s scene) start(t *testing.T, folder string, r *redisServer, url string, environment ...string) *console {
	domain, repeats := filepath.Join(folder, "loans.yaml"), filepath.Join(folder, "repeats.yaml")
	for name, text := range map[string]string{domain: loansFile, repeats: "s: [{ repeat: { rate: 10/s, for: 1s, steps: [{ wait: 1ms }] } }, { parallel: { a: [{ repeat: { for: 1m, steps: [{ wait: 1s }] } }] } }]\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	onKeys := []string{"unix://" + r.socket, "keys:*.Event:*", "--allow-config", "--wait", "--domain", domain}
	kept := []string{"--from", "all", url, "orders", "work", "limited", "prices"}
	args := map[scene][]string{
		onRedis:      append(onKeys, "news", "stream:letters"),
		onNATS:       append(onKeys, kept...),
		onMemphis:    append(onKeys, "--from", "all", strings.Replace(url, "nats://", "memphis://", 1), "fares"),
		tailing:      append(append([]string{"tail", "--count", "1000"}, onKeys...), kept...),
		playing:      {"run", "orders/happy-path"},
		repeating:    {"run", repeats},
		manyAtOnce:   {"run", repeats, "orders/happy-path", "--jobs", "2"},
		demoing:      nil,
		asking:       {"send", "--context", "shop", "--write", "orders", "{}"},
		completing:   {"__complete", "tail", url, ""},
		typing:       {"tail", "-"},
		counting:     append(append([]string{"tail", "--count", "1"}, onKeys...), kept...),
		recordingOne: append(append([]string{"record", "--count", "1", "--output", "one.sbx"}, onKeys...), kept...),
		presenting:   {"present", "deliveries/happy-path", "--notes", "0"},
		replayingOne: {"replay", "one.sbx", url, "--rate", "max"},
	}[s]
	if s == replayingOne {
		recordOne(t, filepath.Join(folder, "one.sbx"), url)
	}
	if s == asking {
		text := fmt.Sprintf("contexts: { shop: { url: %q, production: true } }\n", url)
		if err := os.WriteFile(filepath.Join(folder, config.File), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return startConsoleWith(t, append(environment, "TERM=xterm-256color", "LC_ALL=C.UTF-8"), folder, 200, 200, args...) // so that a whole stack is seen
}

// Each place that starts a goroutine has its fault above, and each of those a place.
func TestEveryKindOfGoroutineIsBroken(t *testing.T) {
	t.Parallel()
	kinds := map[string]string{}
	err := filepath.WalkDir(filepath.Join("..", ".."), func(name string, _ fs.DirEntry, err error) error {
		tests := strings.HasSuffix(name, "_test.go") || strings.Contains(filepath.ToSlash(name), "bus/bustest/") ||
			strings.Contains(filepath.ToSlash(name), "bus/goroutine/")
		if err != nil || !strings.HasSuffix(name, ".go") || tests {
			return err
		}
		return kindsIn(name, kinds)
	})
	if err != nil {
		t.Fatal(err)
	}
	for kind, where := range kinds {
		if _, listed := faults[kind]; !listed {
			t.Errorf("%s: %q is not among the goroutines that are made to panic", where, kind)
		}
	}
	for kind := range faults {
		if _, starts := kinds[kind]; !starts {
			t.Errorf("nothing starts %q", kind)
		}
	}
}

// named are functions that start goroutines, and where the name stands among their arguments.
var named = map[string]int{"Go": 0, "Call": 0, "run": 0, "AfterFunc": 1, "After": 1}

// passedOn are the variables that hold a name which a caller gave.
var passedOn = []string{"name", "what", "handlers"}

// kindsIn notes the names of the goroutines that a file starts.
func kindsIn(file string, kinds map[string]string) error {
	places := token.NewFileSet()
	parsed, err := parser.ParseFile(places, file, nil, 0)
	if err != nil {
		return err
	}
	constants := map[string]ast.Expr{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i := range n.Values {
				constants[n.Names[i].Name] = n.Values[i]
			}
		case *ast.CallExpr:
			of, ok := n.Fun.(*ast.SelectorExpr)
			at, starts := 0, false
			if ok {
				at, starts = named[of.Sel.Name]
			}
			if !starts || len(n.Args) < at+2 {
				return true
			}
			name := n.Args[at]
			if sum, ok := name.(*ast.BinaryExpr); ok {
				name = sum.X
			}
			if variable, ok := name.(*ast.Ident); ok {
				if name = constants[variable.Name]; name == nil && of.Sel.Name != "run" && !slices.Contains(passedOn, variable.Name) {
					kinds["named by "+variable.Name] = places.Position(n.Pos()).String()
				}
			}
			if literal, ok := name.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				kind, _ := strconv.Unquote(literal.Value)
				kinds[kind] = places.Position(n.Pos()).String()
			}
		}
		return true
	})
	return nil
}

// A panic while the deck gives the terminal to its shell leaves the shell as it was.
func TestPanicOnTheWayToTheShell(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	after := filepath.Join(folder, "now")
	if err := os.WriteFile(after, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c, _ := startShell(t, panicVariable+"=the deck's way to the shell", afterVariable+"="+after)
	c.press("\x1a")
	c.sees("fang/v2.Execute") // of the stack
	c.prompts()
	if c.altScreen() {
		t.Error("the deck's screen is still there")
	}
	c.press("echo code: $?; stty -a | tr ' ;' '\\n' | grep -c -x -e icanon -e echo -e icrnl -e opost | sed 's/^/set: /'\r")
	c.sees("code: "+strconv.Itoa(exitFault), "set: 4")
}

// SIGQUIT puts back before it tells where all goroutines are.
func TestQuitPutsBack(t *testing.T) {
	t.Parallel()
	c := startConsole(t, 120, 36)
	c.sees("signalbox", "deliveries")
	if err := c.process.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	c.ends(128 + int(syscall.SIGQUIT))
	c.sees("goroutine ")
}

// Keys work on a terminal that takes nothing: it ends in good order.
func TestKeysLeaveAHungTerminal(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"q", "\x03"} {
		c := startConsole(t, 200, 60)
		c.sees("signalbox", "deliveries")
		c.hang()
		c.press(key)
		c.ended()
		c.restored()
		if code := c.process.ProcessState.ExitCode(); code != exitDone {
			t.Errorf("exit code %d", code)
		}
	}
}
