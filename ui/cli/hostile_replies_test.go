package cli

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
)

// hostileServer answers as a Redis server does until it is asked the wanted command; then, and from then on, with that reply.
func hostileServer(t *testing.T, command, reply string) (address string) {
	t.Helper()
	return answering(t, listening(t), func(conn net.Conn) { answer(conn, command, reply) })
}

// answer reads commands, and answers each in the way that most servers do, up to the one that is answered otherwise.
func answer(conn net.Conn, command, reply string) {
	defer func() { _ = conn.Close() }()
	in, hostile := bufio.NewReader(conn), false
	for {
		words, err := readCommand(in)
		if err != nil {
			return
		}
		name := strings.ToUpper(words[0])
		text := "+OK\r\n"
		switch {
		case hostile || command == "" || name == command:
			hostile, text = true, reply
		case name == "HELLO":
			text = "%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3\r\n"
		case name == "INFO":
			info := "redis_version:7.4.0\r\nredis_mode:standalone\r\nrun_id:abc\r\n"
			text = fmt.Sprintf("$%d\r\n%s\r\n", len(info), info)
		case name == "PING":
			text = "+PONG\r\n"
		case name == "GET":
			text = "_\r\n"
		}
		if _, err := conn.Write([]byte(text)); err != nil {
			return
		}
	}
}

// readCommand reads a command as clients send it.
func readCommand(in *bufio.Reader) ([]string, error) {
	count, err := readLength(in)
	if err != nil || count < 1 {
		return nil, fmt.Errorf("%d words: %w", count, err)
	}
	words := make([]string, count)
	for i := range words {
		n, err := readLength(in)
		if err != nil {
			return nil, err
		}
		text := make([]byte, n+2)
		for have := 0; have < len(text); {
			more, err := in.Read(text[have:])
			if err != nil {
				return nil, err
			}
			have += more
		}
		words[i] = string(text[:n])
	}
	return words, nil
}

func readLength(in *bufio.Reader) (int, error) {
	line, err := in.ReadString('\n')
	if err != nil || len(line) < 3 {
		return 0, fmt.Errorf("%q: %w", line, err)
	}
	return strconv.Atoi(strings.TrimSpace(line[1:]))
}

// Whatever a Redis server answers, a command ends with a sentence, and not by a fault of the program.
func TestHostileRedisReplies(t *testing.T) {
	t.Parallel()
	replies := []string{
		"$9223372036854775807\r\n", "*9223372036854775807\r\n", "%9223372036854775807\r\n", "$9223372036854775808\r\n", "*2147483647\r\n", "$-2\r\n", ":\r\n", "(-\r\n",
		strings.Repeat("*1\r\n", 100_000), "\x00\xff\r\n", strings.Repeat("x", 1<<20), "-" + strings.Repeat("E", 200_000) + "\r\n",
		"*2\r\n$1\r\na\r\n:9223372036854775808\r\n",
	}
	for _, command := range []string{"", "INFO", "SCAN", "CLIENT"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			for i, reply := range replies {
				at := hostileServer(t, command, reply)
				args := [][]string{{"stations", "redis://" + at}, {"doctor", "redis://" + at}, {"tail", "redis://" + at, "stream:orders", "--from", "all", "--no-follow"}}[i%3]
				code, out, errs := runIn(t, t.TempDir(), args...)
				if code == exitFault || code < 0 || strings.Contains(errs, "goroutine ") || code != exitDone && errs == "" {
					t.Errorf("%v answered %.40q: code %d\n%s%s", args, reply, code, out, errs)
				}
			}
		})
	}
}
