package cli

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"

	"guestlist/app/database"
	"guestlist/app/settings"
	"guestlist/app/users"
)

// welcome logs where the program listens and, on a terminal, prints the next steps for newcomers.
func (p *Program) welcome(ctx context.Context, r *runtime, address net.Addr) {
	listening := "listening on http://" + address.String()
	place := database.RedactURL(r.config.DatabaseURL)
	if !p.logging(r.config).Text() {
		r.log.InfoContext(ctx, listening, "database", place)
		return
	}
	r.log.InfoContext(ctx, listening)
	name := p.invocation(os.Args[0])
	var text strings.Builder
	fmt.Fprintf(&text, "\n  Open           %s\n  Database       %s\n", r.config.PublicURL,
		strings.TrimPrefix(place, "sqlite:///"))
	// an error means that there is no schema yet
	if found, err := users.AnyAdministrator(ctx, r.db); err == nil && !found {
		fmt.Fprintf(&text, "  Administrator  there is none yet; to make one: %s users create-admin you@example.org\n", name)
	}
	fmt.Fprintf(&text, "  Documentation  README.md; the API: %s; commands: %s --help\n\n", r.documentation(name), name)
	_, _ = fmt.Fprint(p.Stderr, text.String()) // an error has nowhere to go
}

// documentation returns where to read about the API.
func (r *runtime) documentation(name string) string {
	if r.config.APIDocs {
		return r.config.PublicURL + "/docs"
	}
	return name + " openapi"
}

// setPort sets the port in PublicURL, if PORT is 0 and the listener has chosen one.
func (r *runtime) setPort(address net.Addr) {
	tcp, ok := address.(*net.TCPAddr)
	if ok && r.config.PublicURL == settings.LocalURL(r.config.Host, 0) {
		r.config.PublicURL = settings.LocalURL(r.config.Host, tcp.Port)
	}
}

// invocation returns how the program was run: go run builds it in a temporary directory.
func (p *Program) invocation(executable string) string {
	if strings.Contains(executable, "go-build") {
		return "go run ."
	}
	return p.Name
}
