package metrics

import (
	"context"
	"database/sql"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/mail"
	"guestlist/app/secrets"
)

// readTimeout is how long the database may take to say what waits in the outbox. Prometheus waits for 10 s.
const readTimeout = 3 * time.Second

// Sources are where the numbers come from.
type Sources struct {
	DB        *gorm.DB
	Pool      *sql.DB // of DB
	Passwords *secrets.Passwords
	Outbox    *mail.Outbox
	Mailer    *mail.Worker
	Limits    map[string]Limit // by the names of their settings
}

// Limit is what counts the requests that it refuses.
type Limit interface{ Refused() int64 }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	hashPlaces  = describe("password_hash_places", "Passwords that can be hashed at once.")
	hashRunning = describe("password_hash_running", "Passwords being hashed.")
	hashWaiting = describe("password_hash_waiting",
		"Requests that have a place among those whose password is to be hashed.")
	hashTurns  = describe("password_hash_turns_total", "Requests that got their turn to hash.")
	hashWaited = describe("password_hash_wait_seconds_total",
		"Time for which the requests that got their turn to hash waited for it.")
	hashComputed = describe("password_hashes_total", "Hashes of passwords computed.")
	hashRefused  = describe("password_hash_refusals_total",
		"Requests that got no turn to hash: full: all places were taken; "+
			"displaced: they made way for another network; gave_up: their time was up, or the client gone.", "reason")

	limitRefused = describe("rate_limit_refusals_total",
		"Requests answered with 429, by the setting that limits them.", "limit")

	mailWaiting = describe("mail_outbox_messages", "Mails that are to be sent, by any process.", "kind")
	mailOldest  = describe("mail_outbox_oldest_age_seconds",
		"For how long the oldest mail that is to be sent has waited, 0 if there is none; what the limit on invitations "+
			"holds back has not waited. lane: bulk: to the guests of events; single: all others.", "lane")
	mailOutcomes = describe("mail_deliveries_total", "Outcomes of this process's attempts to send a mail: sent; "+
		"dropped: there was nothing to send any more; failed: given up; retry: not sent, to be tried again.", "kind",
		"outcome")

	replicaUsed = describe("database_replica_used",
		"Whether lists are read from the replica: 1, or 0 while it lags or is away.", "replica")
	replicaReads = describe("database_replica_reads_total", "Lists, and batches of them, read from the replica.",
		"replica")
	primaryReads = describe("database_primary_reads_total",
		"Lists, and batches of them, read from the primary because no replica could be used.")

	sqliteBegun   = describe("sqlite_transactions_total", "Transactions that got the write lock of SQLite.")
	sqliteRefused = describe("sqlite_transactions_refused_total",
		"Transactions that did not get the write lock of SQLite in time.")
	sqliteWaited = describe("sqlite_transaction_wait_seconds_total",
		"Time for which transactions waited for a connection and the write lock of SQLite.")
)

// outcomes are the values of a label for the states of messages.
var outcomes = map[string]string{mail.Sent: "sent", mail.Dropped: "dropped", mail.Failed: "failed",
	mail.Pending: "retry"}

// collector reads the sources when Prometheus asks.
type collector struct{ Sources }

func newCollector(sources Sources) prometheus.Collector { return &collector{sources} }

// Describe implements prometheus.Collector.
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		hashPlaces, hashRunning, hashWaiting, hashTurns, hashWaited, hashComputed, hashRefused,
		limitRefused, mailWaiting, mailOldest, mailOutcomes, replicaUsed, replicaReads, primaryReads, sqliteBegun,
		sqliteRefused, sqliteWaited,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	c.collectHashing(to)
	for name, limit := range c.Limits {
		to <- counter(limitRefused, float64(limit.Refused()), name)
	}
	for outcome, count := range c.Mailer.Outcomes() {
		to <- counter(mailOutcomes, float64(count), outcome.Kind, outcomes[outcome.State])
	}
	c.collectBacklog(to)
	c.collectReplicas(to)
	if waits, ok := database.WaitsOf(c.DB); ok {
		to <- counter(sqliteBegun, float64(waits.Begun))
		to <- counter(sqliteRefused, float64(waits.Refused))
		to <- counter(sqliteWaited, waits.Waited.Seconds())
	}
}

func (c *collector) collectHashing(to chan<- prometheus.Metric) {
	stats := c.Passwords.Stats()
	to <- gauge(hashPlaces, float64(stats.Places))
	to <- gauge(hashRunning, float64(stats.Running))
	to <- gauge(hashWaiting, float64(stats.Waiting))
	to <- counter(hashTurns, float64(stats.Turns))
	to <- counter(hashWaited, stats.Waited.Seconds())
	to <- counter(hashComputed, float64(c.Passwords.Computed()))
	to <- counter(hashRefused, float64(stats.Full), "full")
	to <- counter(hashRefused, float64(stats.Displaced), "displaced")
	to <- counter(hashRefused, float64(stats.GivenUp), "gave_up")
}

// collectBacklog asks the database. If it does not answer, these metrics are missing, and the others are not.
func (c *collector) collectBacklog(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	backlog, err := c.Outbox.Backlog(ctx, c.DB)
	if err != nil {
		to <- prometheus.NewInvalidMetric(mailWaiting, err)
		return
	}
	for kind, count := range backlog.Messages {
		to <- gauge(mailWaiting, float64(count), kind)
	}
	to <- gauge(mailOldest, backlog.Single.Seconds(), "single")
	to <- gauge(mailOldest, backlog.Bulk.Seconds(), "bulk")
}

func (c *collector) collectReplicas(to chan<- prometheus.Metric) {
	replicas := database.ReplicasOf(c.DB)
	if replicas == nil {
		return
	}
	all, primary := replicas.Use()
	to <- counter(primaryReads, float64(primary))
	for _, replica := range all {
		used := 0.0
		if replica.Used {
			used = 1
		}
		to <- gauge(replicaUsed, used, replica.Host)
		to <- counter(replicaReads, float64(replica.Reads), replica.Host)
	}
}

func gauge(d *prometheus.Desc, value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}

func counter(d *prometheus.Desc, value float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.CounterValue, value, labels...)
}
