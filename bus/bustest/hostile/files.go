package hostile

import (
	"fmt"
	"strings"
)

// YAML are files that somebody might put where the program reads one. Whatever reads them ends soon, in little memory,
// with an error or without one.
func YAML() []Sample {
	all := []Sample{
		{"empty", ""},
		{"only-a-mark", "\ufeff"},
		{"only-a-comment", "# nothing"},
		{"only-a-document", "---\n...\n---\n"},
		{"two-documents", "domain: a\n---\ndomain: b\n"},
		{"nested-lists", nested("[", "", "]", Deep)},
		{"nested-lists-never-closed", strings.Repeat("[", Deep)},
		{"nested-lists-of-400-kB", strings.Repeat("[", 400_000)},
		{"nested-mappings", nested("{a: ", "1", "}", Deep)},
		{"nested-mappings-never-closed", strings.Repeat("{a: ", Deep)},
		{"nested-dashes", strings.Repeat("- ", Deep) + "a"},
		{"nested-lines", nestedLines("a:", 1000)},
		{"nested-keys", strings.Repeat("? ", Deep) + "a"},
		{"nested-colons", strings.Repeat("a: ", 1000)},
		{"nested-quotes", nested(`"`, "a", `"`, 5001)},
		{"alias-of-itself", "a: &a [*a]\nb: *a\n"},
		{"alias-of-itself-in-a-mapping", "a: &a { b: *a }\nfold: *a\n"},
		{"alias-of-what-comes-later", "a: *b\nb: &b 1\n"},
		{"alias-of-nothing", "domain: *nothing\n"},
		{"aliases-of-each-other", "a: &a [*b]\nb: &b [*a]\n"},
		{"anchor-named-twice", "a: &x 1\nb: &x [*x]\nc: *x\n"},
		{"merge-of-itself", "a: &a\n  <<: *a\n  b: 1\n"},
		{"merge-of-many", "a: &a { b: 1 }\nc:\n  <<: [*a, *a, *a]\n  <<: *a\n"},
		{"merge-of-a-text", "a: { <<: text }\n"},
		{"merge-of-nothing", "a: { <<: }\n"},
		{"tag-of-a-language", "a: !!python/object/apply:os.system [reboot]\n"},
		{"tag-that-is-wrong", "a: !!int [b]\nb: !!binary '%%'\nc: !!timestamp x\nd: !<x> 1\n"},
		{"directive", "%YAML 9.9\n%TAG ! tag:evil,2000:\n---\na: !b 1\n"},
		{"keys-twice", "domain: a\ndomain: b\n"},
		{"key-that-is-a-list", "? [a, b]\n: 1\n"},
		{"key-that-is-a-mapping", "? { a: 1 }\n: 1\n{ b: 2 }: 3\n"},
		{"key-that-is-nothing", ": a\n~: b\n'': c\n"},
		{"key-of-200-kB", strings.Repeat("k", 200_000) + ": 1\n"},
		{"text-of-1-MB", "domain: " + strings.Repeat("x", 1_000_000) + "\n"},
		{"text-in-lines", "domain: |\n" + strings.Repeat("  x\n", 20_000)},
		{"many-keys", manyLines("k%d: 1\n", 20_000)},
		{"many-items", manyLines("- %d\n", 20_000)},
		{"many-anchors", manyLines("k%d: &a%[1]d 1\n", 5_000)},
		{"tabs", "a:\n\tb: 1\n"},
		{"carriage-returns", "a: 1\rb: 2\r"},
		{"nul", "a: \x00\n"},
		{"controls", "a: \x1b]52;c;aGk=\x07\n\"\\e[2J\": \"\\x9b\"\n"},
		{"bad-utf8", "domain: \xff\xfe\n\xc3: 1\n"},
		{"text-of-16-bits", "\xff\xfea\x00:\x00 \x00b\x00"},
		{"bidi", "domain: user\u202egpj\nentity: \u2066a\n"},
		{"indentation-indicator", "a: |9999999999999\n b\n"},
		{"block-that-ends", "a: >-"},
		{"quote-that-does-not-end", "a: \"b\nc: d\n"},
		{"escape-that-does-not-end", `a: "\u12`},
		{"escape-beyond", `a: "\U7fffffff\ud800"`},
		{"brackets-crossed", "a: [ { b: ] }\n"},
		{"comma-only", "[,]\n"},
		{"json", `{"domain":"a","entity":{"b":[]},"events":null}`},
		{"binary", allBytes()},
	}
	for _, n := range append(Numbers(), NoNumbers()...) {
		all = append(all, Sample{"number-" + n, "memory: " + n + "\nat-once: " + n + "\nid: " + n + "\n"})
	}
	return all
}

// AliasBombs are of few bytes, and would be of many once all aliases are replaced by what they stand for.
func AliasBombs() []Sample {
	return []Sample{
		{"lists", bomb("[*%[1]s, *%[1]s, *%[1]s, *%[1]s, *%[1]s, *%[1]s, *%[1]s, *%[1]s, *%[1]s]", 12)},
		{"mappings", bomb("{ a: *%[1]s, b: *%[1]s, c: *%[1]s, d: *%[1]s }", 20)},
		{"merges", bomb("{ <<: [*%[1]s, *%[1]s, *%[1]s, *%[1]s] }", 20)},
	}
}

// bomb is a file in which each level holds several of the one before.
func bomb(level string, levels int) string {
	var b strings.Builder
	b.WriteString("l0: &l0 { x: lol }\n")
	for i := range levels {
		fmt.Fprintf(&b, "l%d: &l%[1]d "+strings.ReplaceAll(level, "%[1]s", fmt.Sprintf("l%d", i))+"\n", i+1)
	}
	fmt.Fprintf(&b, "fold: *l%d\n", levels)
	return b.String()
}

// nestedLines is a mapping in a mapping, a line each.
func nestedLines(line string, levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + line + "\n")
	}
	return b.String()
}

func manyLines(form string, lines int) string {
	var b strings.Builder
	for i := range lines {
		fmt.Fprintf(&b, form, i)
	}
	return b.String()
}
