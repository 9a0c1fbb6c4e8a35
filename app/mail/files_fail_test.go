package mail_test

import (
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
	for name, occupy := range map[string]func(dir, file string) error{
		"a file in place of the directory": func(dir, _ string) error { return os.WriteFile(dir, nil, 0o600) },
		"a directory in place of the file": func(_, file string) error { return os.MkdirAll(file, 0o700) },
		"a device that is full": func(dir, file string) error {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return err
			}
			return os.Symlink("/dev/full", file)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "mails")
			e := envelope("ann@example.org")
			file := filepath.Join(dir, e.Date.Format("20060102T150405")+"-"+e.Kind+"-"+e.ID[:8]+".eml")
			if err := occupy(dir, file); err != nil {
				t.Fatal(err)
			}
			log := &apptest.Log{}
			err := mail.NewFiles(dir, slog.New(slog.NewTextHandler(log, nil))).Send(t.Context(), e)
			if err == nil || !strings.HasPrefix(err.Error(), "write a mail: ") {
				t.Errorf("got %v, want an error from writing a mail", err)
			}
			if log.String() != "" {
				t.Errorf("logged %q, want nothing", log)
			}
		})
	}
}
