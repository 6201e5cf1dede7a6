//go:build !unix

package terminal

// takeAway is for systems where a descriptor can lead to nowhere.
func takeAway(fd uintptr) (own uintptr, ok bool) { return fd, false }
