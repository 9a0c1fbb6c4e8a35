package main

import (
	"cmp"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"guestlist/app"
	"guestlist/app/database"
	"guestlist/app/events"
	"guestlist/app/limits"
	"guestlist/app/localtime"
	"guestlist/app/logging"
	"guestlist/app/mail"
	"guestlist/app/organisation"
	"guestlist/app/settings"
	"guestlist/app/traces"
)

// The program's name and purpose, wherever they are shown.
const (
	name    = "guestlist" // on the command line
	title   = "Guestlist" // in text
	purpose = "an API for running events with invited guests"
)

// Where the program keeps the files that it creates, in the working directory.
const (
	instanceDir = "instance"
	embeddedDB  = "sqlite:///instance/" + name + ".db"
)

// loadConfig reads and checks every setting. environ, in the form of os.Environ, takes precedence over the file .env in
// dir, and the file over the defaults; an empty value counts as unset. Only if signing is set does loadConfig read the
// key that signs tokens, which it creates in development if it is missing, and require the settings that mails need.
// Errors name the variable.
func loadConfig(dir string, environ []string, signing bool) (app.Config, error) {
	s, err := settings.Read(dir, environ)
	if err != nil {
		return app.Config{}, err
	}
	return readConfig(s, dir, signing)
}

// listSettings returns every setting with its source, without secrets, and the result of loadConfig without signing.
func listSettings(dir string, environ []string) ([]settings.Setting, app.Config, error) {
	s, err := settings.Read(dir, environ)
	if err != nil {
		return nil, app.Config{}, err
	}
	config, err := readConfig(s, dir, false)
	return s.All(), config, err
}

func readConfig(s *settings.Settings, dir string, signing bool) (app.Config, error) {
	config := app.Config{
		DatabaseURL:             s.Checked("DATABASE_URL", embeddedDB, database.Check),
		DatabasePoolSize:        s.Number("DATABASE_POOL_SIZE", 10, 1, 1000),
		DatabaseReplicaURLs:     settings.Parsed(s, "DATABASE_REPLICA_URLS", "", database.ParseReplicas),
		Debug:                   s.Flag("DEBUG", false),
		LogFormat:               settings.Parsed(s, "LOG_FORMAT", "auto", logging.ParseFormat),
		NoColor:                 s.Text("NO_COLOR", "") != "",
		Host:                    s.Host("HOST", "127.0.0.1"),
		Port:                    s.Number("PORT", 5000, 0, 65535), // 0: any free one
		TokenLifetime:           s.Duration("TOKEN_LIFETIME", 14*24*time.Hour, time.Minute),
		PasswordMinLength:       s.Number("PASSWORD_MIN_LENGTH", 6, 1, 128),
		CodeLifetime:            s.Duration("CODE_LIFETIME", 24*time.Hour, time.Minute),
		RequireVerifiedEmail:    s.Flag("REQUIRE_VERIFIED_EMAIL", false),
		PasswordDenyCommon:      s.Flag("PASSWORD_DENY_COMMON", false),
		TrustedProxies:          s.Networks("TRUSTED_PROXIES"),
		CORSOrigins:             s.Origins("CORS_ORIGINS"),
		LimitLogin:              settings.Parsed(s, "LIMIT_LOGIN", "600/1m", limits.ParseRate),
		LimitRegister:           settings.Parsed(s, "LIMIT_REGISTER", "300/1m", limits.ParseRate),
		LimitMail:               settings.Parsed(s, "LIMIT_MAIL", "60/1m", limits.ParseRate),
		LimitExport:             settings.Parsed(s, "LIMIT_EXPORT", "30/1h", limits.ParseRate),
		LimitMailPerAddress:     settings.Parsed(s, "LIMIT_MAIL_PER_ADDRESS", "5/1h", limits.ParseRate),
		LimitInvitationMails:    settings.Parsed(s, "LIMIT_INVITATION_MAILS", "1000/1h", limits.ParseRate), // invitedguest
		LimitFailedLogins:       s.Limit("LIMIT_FAILED_LOGINS", 5, 1000),
		RedisURL:                s.Checked("REDIS_URL", "", limits.CheckURL),
		EventRoles:              settings.Parsed(s, "EVENT_ROLES", "", events.ParseRoles),
		TimeZone:                settings.Parsed(s, "TIME_ZONE", "UTC", localtime.Load),
		AuditRetention:          s.Duration("AUDIT_RETENTION", 365*24*time.Hour, 0),
		DeletedAccountRetention: s.Duration("DELETED_ACCOUNT_RETENTION", 30*24*time.Hour, 0),
		RequestTimeout:          s.Duration("REQUEST_TIMEOUT", 10*time.Second, time.Millisecond),
		ShutdownDelay:           s.Duration("SHUTDOWN_DELAY", 0, 0),
		ShutdownTimeout:         s.Duration("SHUTDOWN_TIMEOUT", 30*time.Second, 0),
		MailURL:                 s.Checked("MAIL_URL", "", mail.CheckURL),
		MailFrom:                s.Sender("MAIL_FROM", name+"@localhost.localdomain"),
		OrganisationFile:        s.Text("ORGANISATION_FILE", ""),
		MetricsAddr:             s.Checked("METRICS_ADDR", "", settings.CheckAddress),
		MetricsPprof:            s.Flag("METRICS_PPROF", false),
		APIDocs:                 s.Flag("API_DOCS", true),
	}
	config.InstanceDir, config.Embedded = filepath.Join(dir, instanceDir), config.DatabaseURL == embeddedDB
	config.LogLevel = settings.Parsed(s, "LOG_LEVEL", logging.DefaultLevel(config.Debug), logging.ParseLevel)
	config.PublicURL = s.PublicURL("PUBLIC_URL", settings.LocalURL(config.Host, config.Port))
	config.ClientURL = s.PublicURL("CLIENT_URL", "")
	setOrganisation(s, dir, &config)
	config.Traces = readTraces(s)
	if len(config.DatabaseReplicaURLs) > 0 && strings.HasPrefix(config.DatabaseURL, "sqlite:") {
		s.Failf("DATABASE_REPLICA_URLS", "is for PostgreSQL, and DATABASE_URL is not")
	}
	if config.MetricsPprof && config.MetricsAddr == "" {
		s.Failf("METRICS_PPROF", "is of no use without METRICS_ADDR, where profiles are served")
	}
	if signing {
		checkMail(s, config, "MAIL_FROM", "PUBLIC_URL")
		config.SecretKey = secretKey(s, config)
		config.SecretKeyPrevious = s.Key("SECRET_KEY_PREVIOUS")
	}
	s.Known("SECRET_KEY", "SECRET_KEY_PREVIOUS")
	config.Misspelt = s.Unknown()
	if err := s.Err(); err != nil {
		return config, errors.New(strings.Join(append([]string{err.Error()}, config.Misspelt...), "\n"))
	}
	return config, nil
}

// readTraces reads OpenTelemetry's standard variables.
func readTraces(s *settings.Settings) traces.Config {
	config, problems := traces.Parse(traces.Variables{
		OTELSDKDisabled:                   s.Flag("OTEL_SDK_DISABLED", false),
		OTELTracesExporter:                s.Text("OTEL_TRACES_EXPORTER", "otlp"),
		OTELExporterOTLPEndpoint:          s.Text("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
		OTELExporterOTLPTracesEndpoint:    s.Text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", ""),
		OTELExporterOTLPHeaders:           s.Text("OTEL_EXPORTER_OTLP_HEADERS", ""),
		OTELExporterOTLPTracesHeaders:     s.Text("OTEL_EXPORTER_OTLP_TRACES_HEADERS", ""),
		OTELExporterOTLPProtocol:          s.Text("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
		OTELExporterOTLPTracesProtocol:    s.Text("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", ""),
		OTELExporterOTLPTimeout:           s.Text("OTEL_EXPORTER_OTLP_TIMEOUT", "10000"),
		OTELExporterOTLPTracesTimeout:     s.Text("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", ""),
		OTELExporterOTLPCompression:       s.Text("OTEL_EXPORTER_OTLP_COMPRESSION", ""),
		OTELExporterOTLPTracesCompression: s.Text("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", ""),
		OTELServiceName:                   s.Text("OTEL_SERVICE_NAME", name),
		OTELResourceAttributes:            s.Text("OTEL_RESOURCE_ATTRIBUTES", ""),
		OTELTracesSampler:                 s.Text("OTEL_TRACES_SAMPLER", "parentbased_always_on"),
		OTELTracesSamplerArg:              s.Text("OTEL_TRACES_SAMPLER_ARG", "1"),
		OTELPropagators:                   s.Text("OTEL_PROPAGATORS", "tracecontext,baggage"),
	})
	for _, p := range problems {
		s.Failf(p.Name, "%v", p.Err)
	}
	return config
}

// setOrganisation reads the organisation. If the sender of mails has no name, it gets the organisation's.
func setOrganisation(s *settings.Settings, dir string, config *app.Config) {
	config.Organisation = organisation.Default(title, cmp.Or(config.ClientURL, config.PublicURL), config.MailFrom.Address)
	if file := config.OrganisationFile; file != "" {
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		var err error
		if config.Organisation, err = organisation.ReadFile(file, config.Organisation); err != nil {
			s.Failf("ORGANISATION_FILE", "%v", err)
		}
	}
	config.MailFrom.Name = cmp.Or(config.MailFrom.Name, config.Organisation.Name)
}

// secretKey returns the key that signs tokens. In development, it may be a random one, created once and kept in
// instance.
func secretKey(s *settings.Settings, config app.Config) []byte {
	if config.Development() {
		return s.StoredKey("SECRET_KEY", config.InstanceDir)
	}
	return s.RequiredKey("SECRET_KEY")
}

// checkMail requires the named settings in production with a mail server.
func checkMail(s *settings.Settings, config app.Config, names ...string) {
	if config.MailURL == "" || config.Development() {
		return
	}
	for _, setting := range names {
		if s.Text(setting, "") == "" {
			s.Failf(setting, "is not set; with MAIL_URL, the mails need it")
		}
	}
}
