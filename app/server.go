package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"
)

// How long a client may take for each part of a request, and how large its headers may be: a slow or silent client
// does not hold a connection for longer.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 15 * time.Second
	writeTimeout   = 5 * time.Second // beyond readTimeout and Config.RequestTimeout
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 16 << 10
)

// Serve answers on listener, and sends mails, until ctx ends. It then says that it is not ready, goes on answering for
// Config.ShutdownDelay, so that a load balancer can learn of it, takes no new connections, and finishes the
// requests and the mails in flight, for as long as Config.ShutdownTimeout allows. It returns nil after a clean end,
// also if mails stay unsent. Metrics are served for as long.
func (a *App) Serve(ctx context.Context, listener net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sending, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	mails := mailing{make(chan struct{}), abort}
	go func() {
		defer a.flush()
		defer close(mails.ended)
		a.Mailer.Run(ctx, sending)
	}()
	go a.watchReplicas(ctx)
	go func() {
		defer a.flush()
		a.keepClean(ctx)
	}()
	server := a.newServer()
	failed := make(chan error, 1)
	endMetrics := a.serveMetrics()
	defer endMetrics(context.WithoutCancel(ctx))
	go func() {
		defer a.flush()
		failed <- server.Serve(listener)
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	a.health.draining.Store(true)
	a.log.Info("shutting down: finishing the requests in flight")
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-time.After(a.Config.ShutdownDelay):
	}
	return a.finish(context.WithoutCancel(ctx), server, mails)
}

// mailing is the sending of mails while the program serves.
type mailing struct {
	ended chan struct{}      // closed when all in flight are sent or broken off
	abort context.CancelFunc // breaks off those in flight
}

// finish waits for the requests and the mails in flight. Mails that take too long, because the mail server hangs, stay
// in the outbox, where the next program finds them: that is no error.
func (a *App) finish(ctx context.Context, server *http.Server, mails mailing) error {
	limit, cancel := context.WithTimeout(ctx, a.Config.ShutdownTimeout)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		return errors.Join(fmt.Errorf("finish the requests in flight within %v: %w", a.Config.ShutdownTimeout, err),
			server.Close())
	}
	select {
	case <-mails.ended:
	case <-limit.Done():
		a.log.WarnContext(ctx, "shutting down: the mails in flight stay in the outbox")
		mails.abort()
		<-mails.ended
	}
	return nil
}

func (a *App) newServer() *http.Server {
	return &http.Server{
		Handler:           a,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      readTimeout + a.Config.RequestTimeout + writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		// OPTIONS * is an unknown path like any other.
		DisableGeneralOptionsHandler: true,

		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
}

// CheckReady asks the server on host and port whether it is ready; for a container's health check, whose image holds
// nothing but this program.
func CheckReady(ctx context.Context, host string, port int) error {
	if address := net.ParseIP(host); address != nil && address.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	url := "http://" + net.JoinHostPort(host, strconv.Itoa(port)) + "/readyz"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("ask whether the server is ready: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask whether the server is ready: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, response.Status)
	}
	return nil
}
