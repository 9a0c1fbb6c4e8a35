package app

import (
	"log/slog"
	netmail "net/mail"
	"net/netip"
	"time"

	"guestlist/app/limits"
	"guestlist/app/logging"
	"guestlist/app/organisation"
	"guestlist/app/traces"
	"guestlist/app/users"
)

// Config holds the application's settings. The program reads them from the environment (see config.go in the root,
// which has their defaults, and docs/operations.md, which describes them); tests set them directly.
type Config struct {
	Debug       bool
	LogFormat   logging.Format
	LogLevel    slog.Level
	NoColor     bool     // no colours in the log
	Misspelt    []string // warnings about names that look like misspelt settings
	DatabaseURL string
	// whether the database is the one in InstanceDir that the program creates
	Embedded                                          bool
	InstanceDir                                       string // where the program keeps the files that it creates
	DatabasePoolSize                                  int
	DatabaseReplicaURLs                               []string // see database.UseReplicas
	SecretKey                                         []byte   // at least 32 bytes
	SecretKeyPrevious                                 []byte   // the same, or empty
	Host                                              string
	Port                                              int
	TokenLifetime                                     time.Duration
	PasswordMinLength                                 int
	PasswordDenyCommon                                bool
	CodeLifetime                                      time.Duration
	RequireVerifiedEmail                              bool
	LimitLogin, LimitRegister, LimitMail, LimitExport limits.Rate // per client network; zero: unlimited
	LimitMailPerAddress                               limits.Rate // mails of one kind per recipient; zero: unlimited
	// mails to the guests of one event, see invitedguest.Service; zero: unlimited
	LimitInvitationMails limits.Rate
	LimitFailedLogins    int    // per account and network; 0: unlimited
	RedisURL             string // see limits.NewShared; "": each instance counts for itself
	TrustedProxies       []netip.Prefix
	// origins whose pages may call the API, see utils.AllowOrigins; none: no CORS headers
	CORSOrigins []string
	EventRoles  []string // in addition to events.BuiltInRoles
	// time zone of events created without one, and in mails about accounts; nil: UTC
	TimeZone       *time.Location
	AuditRetention time.Duration // 0: forever
	// how long a deleted account is kept before it is erased; 0: not at all
	DeletedAccountRetention time.Duration
	RequestTimeout          time.Duration
	ShutdownDelay           time.Duration
	ShutdownTimeout         time.Duration
	// the beginning of links in mails, without a trailing slash
	PublicURL string
	// the same for links to the web client's pages; "": there is none
	ClientURL        string
	MailURL          string          // see mail.NewSMTP; "": none
	MailFrom         netmail.Address // the sender of mails
	OrganisationFile string          // the file that Organisation was read from; "": none
	Organisation     organisation.Organisation
	MetricsAddr      string // the address of WithMetrics' listener; "": none
	MetricsPprof     bool   // serve /debug/pprof there too
	Traces           traces.Config
	APIDocs          bool // serve the OpenAPI document, and a page that shows it
}

// Development reports whether the program may generate its own secret key and write mails to files.
func (c Config) Development() bool { return c.Debug || c.Embedded }

// PasswordRules returns the rules for new passwords.
func (c Config) PasswordRules() users.PasswordRules {
	return users.PasswordRules{MinLength: c.PasswordMinLength, DenyCommon: c.PasswordDenyCommon}
}
