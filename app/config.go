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

// Config holds the application's settings. The program fills it from the environment (config.go at the root, which
// says what each means and what it is when nobody sets it); tests fill it by hand.
type Config struct {
	Debug       bool
	LogFormat   logging.Format
	LogLevel    slog.Level
	NoColor     bool     // the log has no colours, wherever it is read
	Misspelt    []string // warnings of names that are perhaps meant for settings
	DatabaseURL string
	// the database is the one that the program makes in InstanceDir
	Embedded                                          bool
	InstanceDir                                       string // where the program keeps what it makes for itself
	DatabasePoolSize                                  int
	DatabaseReplicaURLs                               []string // addresses: database.UseReplicas
	SecretKey                                         []byte   // at least 32 bytes
	SecretKeyPrevious                                 []byte   // likewise, or empty
	Host                                              string
	Port                                              int
	TokenLifetime                                     time.Duration
	PasswordMinLength                                 int
	PasswordDenyCommon                                bool
	CodeLifetime                                      time.Duration
	RequireVerifiedEmail                              bool
	LimitLogin, LimitRegister, LimitMail, LimitExport limits.Rate // per client network; zero: no limit
	LimitMailPerAddress                               limits.Rate // of mails of a kind; zero: no limit
	// of mails about an event: invitedguest.Service; zero: no limit
	LimitInvitationMails limits.Rate
	LimitFailedLogins    int    // per account and network; 0: no limit
	RedisURL             string // limits.NewShared; "": each instance counts for itself
	TrustedProxies       []netip.Prefix
	// whose pages may call the API: utils.AllowOrigins; none: no header says so
	CORSOrigins []string
	EventRoles  []string // beside events.BuiltInRoles
	// of events whose clients name none, and in mails about accounts; nil: UTC
	TimeZone       *time.Location
	AuditRetention time.Duration // 0: for ever
	// for which a deleted account can be looked up; 0: not at all
	DeletedAccountRetention time.Duration
	RequestTimeout          time.Duration
	ShutdownDelay           time.Duration
	ShutdownTimeout         time.Duration
	// without a slash at the end: what links in mails begin with
	PublicURL string
	// likewise: links to the web client's pages; "": there is none
	ClientURL        string
	MailURL          string          // mail.NewSMTP; "": none
	MailFrom         netmail.Address // who sends the mails
	OrganisationFile string          // what Organisation was read from; "": nothing
	Organisation     organisation.Organisation
	MetricsAddr      string // where WithMetrics' listener listens; "": there is none
	MetricsPprof     bool   // serve /debug/pprof there too
	Traces           traces.Config
	APIDocs          bool // serve the document of the API, and the page that shows it
}

// Development reports whether a secret key that the program makes for itself, and mails in files, will do.
func (c Config) Development() bool { return c.Debug || c.Embedded }

// PasswordRules returns what a new password must be.
func (c Config) PasswordRules() users.PasswordRules {
	return users.PasswordRules{MinLength: c.PasswordMinLength, DenyCommon: c.PasswordDenyCommon}
}
