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

// How long a client may take for each part of a request, and how large its headers may be. A slow or silent client does
// not keep a connection for longer.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 15 * time.Second
	writeTimeout   = 5 * time.Second // beyond readTimeout and Config.RequestTimeout
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 16 << 10
)

// Serve serves requests on listener, serves metrics and sends mails until ctx ends. It then reports that it is not
// ready, but continues for Config.ShutdownDelay so that load balancers notice. After that, it accepts no more
// connections, and waits for requests and mails in progress, up to Config.ShutdownTimeout. It returns nil after a clean
// shutdown, even if mails remain unsent.
func (a *App) Serve(ctx context.Context, listener net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sending, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	mails := mailSender{make(chan struct{}), abort}
	go func() {
		defer a.flush()
		defer close(mails.ended)
		a.Mailer.Run(ctx, sending)
	}()
	go a.watchReplicas(ctx)
	go func() {
		defer a.flush()
		a.cleanRegularly(ctx)
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
	a.log.Info("shutting down: finishing requests in progress")
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-time.After(a.Config.ShutdownDelay):
	}
	return a.finish(context.WithoutCancel(ctx), server, mails)
}

// mailSender controls the goroutine that sends mails.
type mailSender struct {
	ended chan struct{}      // closed when no mail is being sent any more
	abort context.CancelFunc // aborts the mails being sent
}

// finish waits for requests and mails in progress. Mails that take too long, because the mail server hangs, stay in the
// outbox for the next start; that is not an error.
func (a *App) finish(ctx context.Context, server *http.Server, mails mailSender) error {
	limit, cancel := context.WithTimeout(ctx, a.Config.ShutdownTimeout)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		return errors.Join(fmt.Errorf("finish requests in progress within %v: %w", a.Config.ShutdownTimeout, err),
			server.Close())
	}
	select {
	case <-mails.ended:
	case <-limit.Done():
		a.log.WarnContext(ctx, "shutting down: unfinished mails stay in the outbox")
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
		// OPTIONS * is an unknown path.
		DisableGeneralOptionsHandler: true,

		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
}

// CheckReady returns nil if the server on host and port is ready. It is the health check of a container that has no
// other programs.
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
		return fmt.Errorf("%s returned %s", url, response.Status)
	}
	return nil
}
