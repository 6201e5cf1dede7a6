//go:build unix

package trust

import (
	"io/fs"
	"os"
	"syscall"
)

// ownedByUser tells whether a file belongs to who runs the program.
func ownedByUser(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}
