package hostile

// Texts are short: they do as a subject, a key, an id, a header, a status, or a text within a payload. What a broker or
// a format cannot hold of them its test leaves out.
func Texts() []Sample {
	return []Sample{
		{"empty", ""},
		{"blank", " "},
		{"blanks-around", "  a  "},
		{"tab", "a\tb"},
		{"line-feed", "a\nb"},
		{"carriage-return", "seen\rover"},
		{"line-of-a-protocol", "a\r\nMSG b 1 1\r\nx\r\n+OK\r\n$1\r\nx\r\n"},
		{"line-of-json", "a\",\"b\":\"c\"}\n{\"time\":0}"},
		{"nul", "a\x00b"},
		{"backspaces", "secret\b\b\b\b\b\bpublic"},
		{"delete", "a\x7fb"},
		{"clear-screen", "\x1b[2J\x1b[H"},
		{"colour", "\x1b[31mred"},
		{"unfinished-escape", "a\x1b["},
		{"title", "\x1b]0;owned\x07"},
		{"link", "\x1b]8;;http://evil.example\x1b\\a bank\x1b]8;;\x1b\\"},
		{"clipboard", "\x1b]52;c;cm0gLXJmIH4=\x07"},
		{"device-control", "\x1bP+q544e\x1b\\"},
		{"asks-the-terminal", "\x1b[6n\x1b[c\x05"},
		{"csi-of-8-bits", "a\x9b2Jb"},
		{"csi-of-8-bits-in-utf8", "a\u009b31mb"},
		{"osc-of-8-bits", "\x9d52;c;aGk=\x9c"},
		{"osc-of-8-bits-in-utf8", "\u009d52;c;aGk=\u009c"},
		{"bad-utf8", "\xff\xfe\xc3"},
		{"cut-utf8", "abc\xe6\x97"},
		{"overlong-utf8", "\xc0\xaf\xe0\x80\xaf"},
		{"surrogate-utf8", "\xed\xa0\x80"},
		{"beyond-unicode", "\xf4\x90\x80\x80"},
		{"no-character", "\ufffe\uffff"},
		{"replacement", "\ufffd"},
		{"byte-order-mark", "\ufeffa"},
		{"right-to-left-override", "user\u202egpj.exe"},
		{"isolates", "\u2066a\u2067b\u2068c"},
		{"right-to-left", "שלום عالم"},
		{"zero-width-space", "a\u200bb"},
		{"joined", "👩\u200d👩\u200d👧\u200d👦"},
		{"many-joiners", nested("\u200d", "a", "\u200d", 100)},
		{"combining", nested("", "Z", "\u0335\u0336\u0489", 100)},
		{"flags", "🇩🇪🇩"},
		{"variation", "❤\ufe0f☎\ufe0e"},
		{"wide", "日本語ＡＢＣ"},
		{"line-separators", "a\u2028b\u2029c\u0085d"},
		{"hyphen-that-is-soft", "a\u00adb"},
		{"tags", "\U000e0041\U000e0042\U000e007f"},
		{"private-use", "\ue000\U0010fffd"},
		{"looks-the-same", "аdmin"},
		{"quotes", `a"b'c` + "`d"},
		{"backslashes", `\\\"\u0000\`},
		{"glob", "a[b*?"},
		{"wildcards", "a.*.>"},
		{"dots", "..a..b.."},
		{"path", "../../../../etc/passwd"},
		{"looks-like-an-option", "--send"},
		{"looks-like-a-command", "$(reboot);`reboot`|reboot&&reboot"},
		{"looks-like-a-secret", "redis://user:hunter2@127.0.0.1:1/0"},
		{"format", "%s%n%d%!"},
		{"template", "{id}{{now}}{"},
		{"name-of-an-object", "__proto__"},
		{"looks-like-null", "null"},
		{"looks-like-a-number", "1e400"},
		{"long", nested("", "", "x", 1000)},
		{"long-of-wide", nested("", "", "漢", 300)},
	}
}

// Numbers are written as in JSON, or as somebody might think it is: at the edges of what integers and floats hold, and
// beyond.
func Numbers() []string {
	return []string{
		"0", "-0", "-0.0", "0e0", "0E+99999", "0.1", "1e-400", "-1e-400", "4.9e-324", "2.2250738585072014e-308",
		"127", "128", "255", "256", "32767", "32768", "65535", "65536",
		"2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296",
		"9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993",
		"9223372036854775806", "9223372036854775807", "9223372036854775808", "9223372036854775809",
		"-9223372036854775807", "-9223372036854775808", "-9223372036854775809",
		"18446744073709551614", "18446744073709551615", "18446744073709551616", "18446744073709551617",
		"99999999999999999999", "340282366920938463463374607431768211456",
		"1.7976931348623157e308", "1.7976931348623159e308", "1e308", "1e309", "1e400", "-1e400", "1e999999999", "1e-999999999",
		"9223372036854775807.5", "1.0", "100e-2", "1E2", "0.30000000000000004", "123456789.123456789123456789",
	}
}

// NoNumbers are not numbers in JSON.
func NoNumbers() []string {
	return []string{
		"NaN", "Infinity", "-Infinity", "nan", "inf", "+1", "01", "-01", "00", "1.", ".5", "-", "-.5", "1e", "1e+", "0x10",
		"0b1", "0o7", "1_000", "1,5", "--1", "1-", "1 2", "١٢٣", "１",
	}
}
