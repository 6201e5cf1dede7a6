package output

import (
	"io"
	"os"

	"signalbox/ui/screen"
)

// Readable is a stream for people's eyes on which nothing is written that their terminal cannot show. Each write is of
// whole letters. What is not for eyes, such as JSON, must not pass it.
func Readable(out io.Writer, c screen.Charset) io.Writer {
	if !c.Plain() {
		return out
	}
	switch file := out.(type) {
	case *os.File:
		return readableFile{file, readable{file, c}}
	case watchedFile:
		return readableFile{file.File, readable{file, c}}
	}
	return readable{out, c}
}

type readable struct {
	onto    io.Writer
	charset screen.Charset
}

func (r readable) Write(text []byte) (int, error) {
	if _, err := r.onto.Write(r.charset.Lines(text)); err != nil {
		return 0, err
	}
	return len(text), nil
}

// readableFile is a file still: what asks whether it is a terminal is told.
type readableFile struct {
	*os.File
	readable
}

func (r readableFile) Write(text []byte) (int, error) { return r.readable.Write(text) }

func (r readableFile) WriteString(text string) (int, error) { return r.Write([]byte(text)) }
