package bundle

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unnamed stands for a name of which nothing is left.
const unnamed = "unnamed"

// clean makes the name of a member one that can be shown and compared: a
// relative path with "/" that leads nowhere above the archive, without control
// and formatting characters, valid UTF-8 and at most MaxNameLen bytes long, with
// "…" in front where that is not all of it. Files are never created under it.
func clean(name string) string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, "\ufffd"), `\`, "/")
	name = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if len(name) > MaxNameLen {
		// The end tells more than the beginning.
		const more = "…"
		name = name[len(name)-MaxNameLen+len(more):]
		for !utf8.RuneStart(name[0]) {
			name = name[1:]
		}
		name = more + name
	}
	if name == "" {
		return unnamed
	}
	return name
}
