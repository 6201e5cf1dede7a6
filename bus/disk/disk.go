// Package disk reads files and streams, none of them without a bound. Nothing else in the program reads a whole file
// (readings_test.go, beside imports_test.go, refuses it): whoever made a file need not mean well, and a file may be a device.
//
// All functions may be called from any goroutine. They wait for the disk; ReadAny and ReadAll also wait for whoever writes.
// Their errors say what is wrong, and name no more than the file.
package disk

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"github.com/dustin/go-humanize"
)

// Small is enough for what people write or keep as a secret: a configuration, credentials, a certificate.
const Small = 1 << 20

// ErrTooLarge is wrapped by the error about what is larger than it may be.
var ErrTooLarge = errors.New("it is larger than")

// tooLarge is ErrTooLarge with the bound.
func tooLarge(most int64) error {
	return fmt.Errorf("%w %s", ErrTooLarge, humanize.IBytes(uint64(most)))
}

// Opener is where files are found: anywhere, or in one folder alone (*os.Root).
type Opener interface {
	Stat(name string) (fs.FileInfo, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
}

// Anywhere finds files by their paths.
type Anywhere struct{}

// Stat implements Opener.
func (Anywhere) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

// OpenFile implements Opener.
func (Anywhere) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// Read reads a file of at most so many bytes, and nothing but a file: a pipe would be waited for, a device has no end.
func Read(name string, most int64) ([]byte, error) { return ReadIn(Anywhere{}, name, most) }

// ReadIn is Read of a file that is found there.
func ReadIn(in Opener, name string, most int64) ([]byte, error) {
	info, err := in.Stat(name)
	if err == nil {
		err = mustBeFile(info, most)
	}
	if err != nil {
		return nil, err
	}
	f, err := in.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // it may have become a pipe, which would be waited for
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if info, err = f.Stat(); err == nil {
		err = mustBeFile(info, most)
	}
	if err != nil {
		return nil, err
	}
	return ReadAll(f, most)
}

// ReadAny reads what a person named, which may be a pipe that a shell made.
func ReadAny(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return ReadAll(f, most)
}

// ReadAll reads a stream to its end, if that comes within so many bytes.
func ReadAll(from io.Reader, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(from, most+1))
	if err == nil && int64(len(text)) > most {
		return nil, tooLarge(most)
	}
	return text, err
}

// KeyPair reads a certificate and its key, in PEM.
func KeyPair(certificate, key string) (tls.Certificate, error) {
	cert, err := Read(certificate, Small)
	if err != nil {
		return tls.Certificate{}, err
	}
	private, err := Read(key, Small)
	if err != nil {
		return tls.Certificate{}, err
	}
	defer clear(private)
	return tls.X509KeyPair(cert, private)
}

func mustBeFile(info fs.FileInfo, most int64) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return errors.New("it is a folder, not a file")
	case mode&fs.ModeNamedPipe != 0:
		return errors.New("it is a pipe, not a file")
	case !mode.IsRegular():
		return errors.New("it is no file that can be read")
	case info.Size() > most:
		return tooLarge(most)
	}
	return nil
}
