package app

import (
	"net/netip"
	"time"

	"guestlist/app/limits"
	"guestlist/app/users"
)

// Config holds the application's settings. The program fills it from the environment (config.go at the root, which
// says what each means and what it is when nobody sets it); tests fill it by hand.
type Config struct {
	Debug                                bool
	DatabaseURL                          string
	DatabasePoolSize                     int
	SecretKey                            []byte // at least 32 bytes
	Host                                 string
	Port                                 int
	TokenLifetime                        time.Duration
	PasswordMinLength                    int
	PasswordDenyCommon                   bool
	LimitLogin, LimitRegister, LimitMail limits.Rate // per client network; zero: no limit
	LimitFailedLogins                    int         // per account and network; 0: no limit
	TrustedProxies                       []netip.Prefix
	AuditRetention                       time.Duration // 0: for ever
	RequestTimeout                       time.Duration
	ShutdownDelay                        time.Duration
	ShutdownTimeout                      time.Duration
}

// PasswordRules returns what a new password must be.
func (c Config) PasswordRules() users.PasswordRules {
	return users.PasswordRules{MinLength: c.PasswordMinLength, DenyCommon: c.PasswordDenyCommon}
}
