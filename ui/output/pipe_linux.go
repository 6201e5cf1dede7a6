package output

import (
	"io"
	"syscall"

	"golang.org/x/sys/unix"
)

// pipeSize is what a pipe holds: while one piece is written, the other end reads the one before.
const pipeSize = 2 * leastWrite

// widen lets a pipe hold more than the usual 64 KiB, so that whoever writes and whoever reads wait for each other more
// rarely. Anything else, and a pipe that may not be so large, stays as it is.
func widen(out io.Writer) {
	file, ok := out.(syscall.Conn)
	if !ok {
		return
	}
	if conn, err := file.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeSize) })
	}
}
