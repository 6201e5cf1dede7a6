//go:build unix

package terminal

import (
	"os"

	"golang.org/x/sys/unix"
)

// takeAway has fd lead to nowhere, and returns a descriptor by which only the caller has what it led to.
func takeAway(fd uintptr) (own uintptr, ok bool) {
	nowhere, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return fd, false
	}
	defer nowhere.Close()
	copied, err := unix.Dup(int(fd))
	if err != nil {
		return fd, false
	}
	return uintptr(copied), unix.Dup2(int(nowhere.Fd()), int(fd)) == nil
}
