package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/dustin/go-humanize"
)

// maxSize is how large a file may be. A configuration or a domain has a few thousand bytes.
const maxSize = 1 << 20

// opener is how files are found: anywhere, or in one folder alone.
type opener interface {
	Stat(name string) (fs.FileInfo, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
}

// anywhere finds files by their paths.
type anywhere struct{}

func (anywhere) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }
func (anywhere) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// readBounded reads a file. Whoever made it need not mean well: what is no file, such as a pipe, is not opened, and what is
// too large is not read.
func readBounded(in opener, name string) ([]byte, error) {
	info, err := in.Stat(name)
	if err == nil {
		err = mustBeFile(info)
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
		err = mustBeFile(info)
	}
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err == nil && len(text) > maxSize {
		err = errTooLarge
	}
	return text, err
}

var errTooLarge = fmt.Errorf("it is larger than %s", humanize.IBytes(maxSize))

func mustBeFile(info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return errors.New("it is a folder, not a file")
	case mode&fs.ModeNamedPipe != 0:
		return errors.New("it is a pipe, not a file")
	case !mode.IsRegular():
		return errors.New("it is no file that can be read")
	case info.Size() > maxSize:
		return errTooLarge
	}
	return nil
}

// readIn reads a file that a folder has, by a name as it is written there. It is outside, and not read, when its path leads
// out of the folder, by a link as well.
func readIn(folder, name string) (text []byte, outside bool, err error) {
	local := name
	if filepath.IsAbs(name) {
		whole, err := filepath.Abs(folder)
		if err != nil {
			return nil, true, nil
		}
		if local, err = filepath.Rel(whole, name); err != nil {
			return nil, true, nil
		}
	}
	if !filepath.IsLocal(local) {
		return nil, true, nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = root.Close() }()
	text, err = readBounded(root, local)
	if err != nil {
		out, why := leadsOut(folder, local)
		if out || why != nil {
			return nil, out, bare(why)
		}
	}
	return text, false, bare(err)
}

// leadsOut tells whether a link in a path leads out of a folder, or why it leads nowhere.
func leadsOut(folder, local string) (bool, error) {
	whole, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return false, err
	}
	target, err := filepath.EvalSymlinks(filepath.Join(folder, local))
	if err != nil {
		return false, err
	}
	whole, _ = filepath.Abs(whole)
	target, _ = filepath.Abs(target)
	if between, err := filepath.Rel(whole, target); err == nil {
		return !filepath.IsLocal(between), nil
	}
	return true, nil // on another volume
}

// bare is an error about a file without its path, which whoever tells it names.
func bare(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
