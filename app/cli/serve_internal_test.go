package cli

import (
	"fmt"
	"log/slog"
	"testing"

	"guestlist/app"
)

func TestTransport(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config app.Config
		want   string
	}{
		"server":      {app.Config{MailURL: "smtp://mailpit:1025", Debug: true}, "*mail.SMTP"},
		"embedded":    {app.Config{Embedded: true}, "*mail.Files"},
		"development": {app.Config{DatabaseURL: "postgres://db", Debug: true}, "*mail.Files"},
		"production":  {app.Config{DatabaseURL: "postgres://db"}, "<nil>"},
	} {
		test.config.InstanceDir = t.TempDir()
		r := &runtime{config: test.config, log: slog.New(slog.DiscardHandler)}
		transport, err := r.transport()
		if got := fmt.Sprintf("%T", transport); err != nil || got != test.want {
			t.Errorf("%s: got %s, %v; want %s, no error", name, got, err, test.want)
		}
	}
}
