package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"syscall"
)

// WriteError says that what a command prints could not be written. That nobody reads it any more is none.
type WriteError struct{ cause error }

func (e *WriteError) Error() string {
	cause := e.cause
	var path *os.PathError
	if errors.As(cause, &path) {
		cause = path.Err
	}
	return fmt.Sprintf("standard output cannot be written: %v", cause)
}

// Unwrap is why.
func (e *WriteError) Unwrap() error { return e.cause }

// ErrReaderGone says that nobody reads any more what is printed: a pipe that head has left. That is no failure. Connections to
// brokers break with the same error of the system, and it is not this one.
var ErrReaderGone = errors.New("nobody reads what is printed any more")

// Watched is a stream that remembers the first error of writing, for those who write without looking: help, tables. What
// asks whether a file is a terminal is told as before. It is Timely. Any goroutine may write.
func Watched(ctx context.Context, out io.Writer) (io.Writer, func() error) {
	w := &watched{onto: Timely(ctx, out)}
	failed := func() error {
		if err := w.failed.Load(); err != nil {
			return err
		}
		return nil
	}
	if file, ok := out.(*os.File); ok {
		return watchedFile{file, w}, failed
	}
	return w, failed
}

type watched struct {
	onto   io.Writer
	failed atomic.Pointer[WriteError]
}

func (w *watched) Write(text []byte) (int, error) {
	n, err := w.onto.Write(text)
	switch {
	case errors.Is(err, syscall.EPIPE):
		return n, fmt.Errorf("%w: %w", ErrReaderGone, err)
	case err == nil, errors.Is(err, ErrUnread):
		return n, err
	}
	failed := &WriteError{err}
	w.failed.CompareAndSwap(nil, failed)
	return n, failed
}

// watchedFile is a file still.
type watchedFile struct {
	*os.File
	w *watched
}

func (f watchedFile) Write(text []byte) (int, error)       { return f.w.Write(text) }
func (f watchedFile) WriteString(text string) (int, error) { return f.w.Write([]byte(text)) }

// ReadFrom keeps the file's own from being used, which nobody watches.
func (f watchedFile) ReadFrom(from io.Reader) (int64, error) { return io.Copy(f.w, from) }
