package app

import "time"

// Config holds the application's settings. The program fills it from the environment (config.go at the root, which
// says what each means and what it is when nobody sets it); tests fill it by hand.
type Config struct {
	Debug             bool
	DatabaseURL       string
	DatabasePoolSize  int
	SecretKey         []byte // at least 32 bytes
	SecretKeyPrevious []byte // likewise, or empty
	Host              string
	Port              int
	TokenLifetime     time.Duration
	PasswordMinLength int
	RequestTimeout    time.Duration
	ShutdownDelay     time.Duration
	ShutdownTimeout   time.Duration
}
