package app

import (
	"testing"
	"time"
)

// TestServerLimits: waiting for a real slow client would take as long as the limits say.
func TestServerLimits(t *testing.T) {
	t.Parallel()
	a := New(Config{RequestTimeout: time.Minute}, nil)
	server := a.newServer()
	for name, limit := range map[string]time.Duration{
		"ReadHeaderTimeout": server.ReadHeaderTimeout, "ReadTimeout": server.ReadTimeout, "IdleTimeout": server.IdleTimeout,
	} {
		if limit <= 0 || limit > 2*time.Minute {
			t.Errorf("%s is %v", name, limit)
		}
	}
	if server.MaxHeaderBytes != 16<<10 {
		t.Errorf("MaxHeaderBytes is %d", server.MaxHeaderBytes)
	}
	if server.WriteTimeout <= server.ReadTimeout+a.Config.RequestTimeout {
		t.Errorf("the connection ends after %v, before a request that may take %v has been answered", server.WriteTimeout,
			server.ReadTimeout+a.Config.RequestTimeout)
	}
}
