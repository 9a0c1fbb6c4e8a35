package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"

	"guestlist/app/logging"
)

// Files is a Transport for development: it writes mails as .eml files, which mail programs can open, and logs their
// first links.
type Files struct {
	dir string
	log *slog.Logger
}

// NewFiles returns a transport that writes to dir, which the first mail creates.
func NewFiles(dir string, log *slog.Logger) *Files { return &Files{dir, log} }

var link = regexp.MustCompile(`https?://\S+`)

// Send implements Transport.
func (f *Files) Send(ctx context.Context, e Envelope) error {
	m, err := e.message()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	path := filepath.Join(f.dir, e.Date.Format("20060102T150405")+"-"+e.Kind+"-"+e.ID[:8]+".eml")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	_, err = m.WriteTo(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	f.log.InfoContext(ctx, "mail written", "file", path, logging.LinkKey, link.FindString(e.Content.Text))
	return nil
}
