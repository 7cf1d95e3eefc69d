package table

import "github.com/pcapdiag/pcapdiag/analyzer/report/escape"

// wrapCommand breaks a shell command into lines that can be pasted as they
// stand: each but the last ends in a backslash. It breaks at spaces outside
// quotes only, since a backslash at the end of a line means itself inside
// single quotes (POSIX, Shell Command Language, Quoting); a word that does not
// fit is left whole, because a broken command is worse than a wide line.
func wrapCommand(s string, limit int) []string {
	const more = " \\"
	var lines []string
	line := ""
	words := shellWords(escape.Text(s))
	for i, w := range words {
		room := limit
		if i < len(words)-1 {
			room -= len(more)
		}
		switch {
		case line == "":
			line = w
		case width(line)+1+width(w) <= room:
			line += " " + w
		default:
			lines = append(lines, line+more)
			line = "  " + w
		}
	}
	return append(lines, line)
}

// shellWords splits s at spaces outside single and double quotes.
func shellWords(s string) []string {
	var words []string
	var quote rune
	start := 0
	escaped := false
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\' && quote != '\'':
			escaped = true
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == ' ':
			if i > start {
				words = append(words, s[start:i])
			}
			start = i + 1
		}
	}
	if start < len(s) {
		words = append(words, s[start:])
	}
	return words
}
