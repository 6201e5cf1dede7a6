package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"signalbox/bus/disk"
)

// editText has a text edited by the person's editor ($VISUAL, then $EDITOR, then vi) on the terminal, and waits until that ends. The
// file is for the user alone, and is gone afterwards. The error says what to do.
func editText(ctx context.Context, text string) (edited string, err error) {
	folder, err := os.MkdirTemp("", "signalbox-")
	if err != nil {
		return text, fmt.Errorf("making a file to edit: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "payload.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return text, fmt.Errorf("writing the file to edit: %w", err)
	}
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return text, fmt.Errorf("opening the terminal for the editor: %w", err)
	}
	defer func() { _ = tty.Close() }()
	editor := cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"), "vi")
	run := exec.CommandContext(ctx, "sh", "-c", editor+` "$1"`, "sh", path)
	run.Stdin, run.Stdout, run.Stderr = tty, tty, tty
	if err := run.Run(); err != nil {
		return text, fmt.Errorf("the editor %q failed (%w): EDITOR says which is used; what was edited is as before", editor, err)
	}
	data, err := disk.Read(path, disk.Small)
	if err != nil {
		return text, fmt.Errorf("reading what was edited: %w", err)
	}
	if edited = string(data); !strings.HasSuffix(text, "\n") {
		edited = strings.TrimSuffix(edited, "\n") // which editors end a file with
	}
	return edited, nil
}
