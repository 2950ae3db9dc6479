package web

import "strings"

// LocalPath is the path where it is one of this site, and "/" where a browser would leave
// the site by it: browsers read "//" and "/\" as the beginning of a host, and overlook
// control characters such as a tab between them.
func LocalPath(path string) string {
	control := func(c rune) bool { return c < ' ' || c == 0x7f || c == '\\' }
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsFunc(path, control) {
		return "/"
	}
	return path
}
