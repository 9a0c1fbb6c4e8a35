package mail_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guestlist/app/apptest"
	"guestlist/app/mail"
)

// TestFilesCannotBeWritten checks that Send returns an error if it cannot create the directory, or cannot create or
// write the file.
func TestFilesCannotBeWritten(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		occupy func(dir, file string) error
		want   string // the beginning of the error
	}{
		"a file in place of the directory": {func(dir, _ string) error { return os.WriteFile(dir, nil, 0o600) },
			"write a mail: mkdir "},
		"a directory in place of the file": {func(_, file string) error { return os.MkdirAll(file, 0o700) },
			"write a mail: open "},
		"a device that is full": {func(dir, file string) error {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return err
			}
			return os.Symlink("/dev/full", file)
		}, "write a mail: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "mails")
			e := envelope("ann@example.org")
			file := filepath.Join(dir, e.Date.Format("20060102T150405")+"-"+e.Kind+"-"+e.ID[:8]+".eml")
			if err := test.occupy(dir, file); err != nil {
				t.Fatal(err)
			}
			log := &apptest.Log{}
			err := mail.NewFiles(dir, slog.New(slog.NewTextHandler(log, nil))).Send(t.Context(), e)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want an error that begins with %q", err, test.want)
			}
			if log.String() != "" {
				t.Errorf("logged %q, want nothing", log)
			}
		})
	}
}

// TestFilesRefuse checks that a mail to something that is not an address is refused and not written.
func TestFilesRefuse(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "mails")
	err := mail.NewFiles(dir, slog.New(slog.DiscardHandler)).Send(t.Context(), envelope("Ann@Example.org"))
	if !errors.Is(err, mail.ErrRefused) {
		t.Errorf("got %v, want %v", err, mail.ErrRefused)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the directory: got %v, want %v", err, os.ErrNotExist)
	}
}
