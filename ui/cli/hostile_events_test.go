package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
)

// printed runs a command to its end and wants what it prints to be fit for its reader: with --json an object of JSON in
// UTF-8 on each line, else no byte that a terminal obeys. It returns how many lines there are.
func printed(t *testing.T, args ...string) int {
	t.Helper()
	var out, errs bytes.Buffer
	if code := Main(args, strings.NewReader(""), &out, &errs); code != exitDone {
		t.Errorf("%q ended with %d: %s", args, code, errs.String())
	}
	for _, line := range append(strings.Split(errs.String(), "\n"), people(args, out.String())...) {
		if at := strings.IndexFunc(line, unicode.IsControl); at >= 0 || !utf8.ValidString(line) {
			t.Errorf("%q prints for people: %.200q", args, line)
		}
	}
	lines := strings.SplitAfter(out.String(), "\n")
	if last := len(lines) - 1; lines[last] != "" {
		t.Errorf("%q ends in the middle of a line: %.200q", args, lines[last])
	}
	lines = lines[:len(lines)-1]
	if people(args, "") == nil {
		for _, line := range lines {
			var object map[string]any
			reader := json.NewDecoder(strings.NewReader(line))
			reader.UseNumber() // numbers are printed as they were written, and 1e400 is one
			err := reader.Decode(&object)
			if rest := len(line) - int(reader.InputOffset()); err != nil || rest != 1 || !utf8.ValidString(line) {
				t.Errorf("%q prints what is no JSON in UTF-8 (%v): %.200q", args, err, line)
			}
		}
	}
	return len(lines)
}

// people are the lines that are for people: all, or none with --json.
func people(args []string, out string) []string {
	if args[len(args)-1] == "--json" {
		return nil
	}
	return strings.Split(out, "\n")
}

// printsAll wants every command to print what a station holds of hostile events, none left out.
func printsAll(t *testing.T, url, station, kind string, events, consumers int) {
	t.Helper()
	tail := []string{"tail", url, station, "--from", "all", "--no-follow"}
	if n := printed(t, append(tail, "--json")...); n != events {
		t.Errorf("tail --json prints %d of %d events of %q", n, events, station)
	}
	if n := printed(t, tail...); n != events {
		t.Errorf("tail prints %d of %d events of %q", n, events, station)
	}
	if kind != "" {
		for _, json := range [][]string{{"--json"}, {"--from", "all"}} {
			if printed(t, append([]string{"state", url, station, kind}, json...)...) == 0 {
				t.Errorf("no state of a %s is printed", kind)
			}
		}
	}
	for _, list := range []string{"stations", "consumers"} {
		for _, args := range [][]string{{list, url, "--json"}, {list, url}} {
			if n := printed(t, args...); n < consumers && list == "consumers" || n == 0 && list == "stations" {
				t.Errorf("%q prints %d lines", args, n)
			}
		}
	}
}

func TestHostileEventsOnNATS(t *testing.T) {
	url, b := serverWithBus(t)
	if err := b.Make(t.Context(), bus.NewStation{Name: "parcels", Subjects: []string{"parcels.>"}}); err != nil {
		t.Fatal(err)
	}
	sent := 0
	send := func(out bus.Outgoing) {
		out.Kind = bus.Stream
		if _, err := bus.Publish(t.Context(), b, out); err == nil { // what NATS cannot hold is refused before it is sent
			sent++
		}
	}
	for _, s := range hostile.Payloads() {
		send(bus.Outgoing{Station: "parcels", Subject: "parcels.new", Data: []byte(s.Text)})
	}
	payloads := sent
	for _, s := range hostile.Texts() {
		send(bus.Outgoing{Station: "parcels", Subject: "parcels." + s.Text, Data: []byte(`{"type":"A","id":1}`)})
		send(bus.Outgoing{Station: "parcels", Subject: "parcels.new", Data: []byte("{}"), Headers: bus.Headers{{Name: "Event-Type", Value: s.Text}, {Name: "X", Value: s.Text}}})
	}
	if payloads != len(hostile.Payloads()) || sent < payloads+len(hostile.Texts()) {
		t.Errorf("only %d events were sent, %d of them for their payloads", sent, payloads)
	}
	printsAll(t, url, "parcels", "parcel", sent, 0)
}

func TestHostileEventsOnRedis(t *testing.T) {
	r := ownRedis(t)
	var commands [][]string
	sent := 0
	add := func(fields ...string) {
		commands = append(commands, append([]string{"XADD", "parcels", "*"}, fields...))
		sent++
	}
	for _, s := range hostile.Payloads() {
		add("data", s.Text)
		add("type", "A", "id", "7", "data", s.Text)
	}
	for _, s := range hostile.Texts() {
		add(s.Text, s.Text)
		add("type", s.Text, "id", s.Text)
		commands = append(commands, []string{"XADD", s.Text, "*", "data", "{}"}, []string{"XADD", "of:" + s.Text, "*", "data", "{}"})
	}
	group := func(i int) string { return "of" + strconv.Itoa(i) + hostile.Texts()[i].Text }
	for i := range hostile.Texts() { // one that is behind would be looked at for longer
		commands = append(commands, []string{"XGROUP", "CREATE", "parcels", group(i), "$"})
	}
	add("data", "{}")
	for i, s := range hostile.Texts() {
		commands = append(commands, []string{"XREADGROUP", "GROUP", group(i), "by" + s.Text, "COUNT", "1", "STREAMS", "parcels", ">"})
	}
	r.do(t, commands)
	url := "unix://" + r.socket
	printsAll(t, url, "parcels", "parcel", sent, len(hostile.Texts()))
}

// do has the server execute commands, which hold any bytes.
func (r *redisServer) do(t *testing.T, commands [][]string) {
	t.Helper()
	conn, err := net.Dial("unix", r.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(deadline)); err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	commands = append(commands, []string{"ECHO", "everything was done"})
	for _, words := range commands {
		fmt.Fprintf(&all, "*%d\r\n", len(words))
		for _, word := range words {
			fmt.Fprintf(&all, "$%d\r\n%s\r\n", len(word), word)
		}
	}
	go func() { _, _ = conn.Write(all.Bytes()) }() // it reads while we write; the deadline ends it
	for in := bufio.NewReader(conn); ; {
		line, err := in.ReadString('\n')
		if err != nil || strings.HasPrefix(line, "-") {
			t.Fatalf("redis says %q, %v", line, err)
		}
		if line == "everything was done\r\n" {
			return
		}
	}
}
