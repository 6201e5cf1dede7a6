package wire

import "testing"

func TestParseLine(t *testing.T) {
	for text, want := range map[string]line{
		"MSG orders.17 9 200\r\n":                  {subject: []byte("orders.17"), id: 9, size: 200},
		"MSG a 12 reply.to 0\r\n":                  {subject: []byte("a"), id: 12, reply: []byte("reply.to")},
		"HMSG a 1 12 17\r\n":                       {subject: []byte("a"), id: 1, headers: 12, size: 17},
		"HMSG a 9223372036854775807 r.1 12 12\r\n": {subject: []byte("a"), id: 9223372036854775807, headers: 12, size: 12, reply: []byte("r.1")},
		"MSG a 1 2147483647\r\n":                   {subject: []byte("a"), id: 1, size: 2147483647},
	} {
		f, ok := parseLine([]byte(text))
		if !ok || string(f.subject) != string(want.subject) || string(f.reply) != string(want.reply) || f.id != want.id || f.headers != want.headers || f.size != want.size {
			t.Errorf("%q: %+v, %t", text, f, ok)
		}
	}
}

// A line is read alike whatever the line before was.
func TestLinesInARow(t *testing.T) {
	texts := []string{"MSG a 1 5\r\n", "MSG a 1 17\r\n", "MSG a 12 17\r\n", "MSG a 1 r 17\r\n", "MSG a 1 1x\r\n", "MSG ab 1 5\r\n", "MSG a 1 \r\n",
		"MSG a 1 2147483648\r\n", "MSG a 1 0000000005\r\n", "HMSG a 1 3 5\r\n", "MSG a 1 5\n", "MSG a 1 55\n", "MSG  1 5\r\n", "MSG a  5\r\n", "", "PING\r\n"}
	for _, before := range texts {
		for _, text := range texts {
			var l lines
			l.parse([]byte(before))
			got, ok := l.parse([]byte(text))
			want, wantOK := parseLine([]byte(text))
			if ok != wantOK || ok && (string(got.reply) != string(want.reply) || string(got.subject) != string(want.subject) || got.id != want.id || got.headers != want.headers || got.size != want.size) {
				t.Errorf("%q after %q: %+v, %t; want %+v, %t", text, before, got, ok, want, wantOK)
			}
		}
	}
}

func TestParseLineRefuses(t *testing.T) {
	for _, text := range []string{
		"", "\n", "MSG", "MSG \r\n", "MSG a\r\n", "MSG a 1\r\n", "MSG a x 1\r\n", "MSG a -1 1\r\n", "MSG a 1 -1\r\n", "MSG a 1 1\n",
		"MSG a 1 2147483648\r\n", "MSG a 99999999999999999999 1\r\n", "HMSG a 1 5\r\n", "HMSG a 1 6 5\r\n", "PMSG a 1 5\r\n",
		"HTTP/1.1 101 Switching Protocols\r\n", "\x16\x03\x03\x00\x7a\x02\r\n", "INFO {}\r\n",
	} {
		if f, ok := parseLine([]byte(text)); ok {
			t.Errorf("%q: %+v, want a refusal", text, f)
		}
	}
}
