package terminal

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// keyboard is where keys come from. It is a file to who reads it, and notices when the terminal is gone.
type keyboard struct {
	*os.File
	gone func()
}

// Keyboard is the terminal as it is read from file: that it is gone is noticed there first.
func (t *Terminal) Keyboard(file *os.File) io.Reader { return keyboard{file, t.goes} }

// Read reads keys. Where those of a terminal end it is gone: somebody has closed its window.
func (k keyboard) Read(p []byte) (int, error) {
	n, err := k.File.Read(p)
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		k.gone()
	}
	if isGone(err) {
		err = io.EOF // the deck ends in good order, since the terminal is gone: it is no failure to read
	}
	return n, err
}

// Gone is closed when the terminal is gone: nobody sees what is drawn, and no key will come. A program that is its session's
// gets a signal then, too.
func (t *Terminal) Gone() <-chan struct{} { return t.gone }

// goes notes that the terminal is gone.
func (t *Terminal) goes() { t.once.Do(func() { close(t.gone) }) }

// isGone tells whether an error of writing means that the terminal is gone.
func isGone(err error) bool { return errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENXIO) }
