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

// readTimeout limits the queries on the outbox. Prometheus waits for 10 s.
const readTimeout = 3 * time.Second

// Sources are the objects that the metrics are read from.
type Sources struct {
	DB        *gorm.DB
	Pool      *sql.DB // of DB
	Passwords *secrets.Passwords
	Outbox    *mail.Outbox
	Mailer    *mail.Worker
	Limits    map[string]Limit // by setting
}

// Limit is a limit that counts the requests it refuses.
type Limit interface{ Refused() int64 }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	hashPlaces  = describe("password_hash_places", "Passwords that can be hashed at once.")
	hashRunning = describe("password_hash_running", "Passwords being hashed.")
	hashWaiting = describe("password_hash_waiting",
		"Requests waiting for their turn to hash.")
	hashTurns  = describe("password_hash_turns_total", "Requests that got their turn to hash.")
	hashWaited = describe("password_hash_wait_seconds_total",
		"Time that requests waited for their turn to hash.")
	hashComputed = describe("password_hashes_total", "Password hashes computed.")
	hashRefused  = describe("password_hash_refusals_total",
		"Requests that got no turn to hash: full: all places were taken; "+
			"displaced: by another network; gave_up: the request timed out, or the client disconnected.", "reason")

	limitRefused = describe("rate_limit_refusals_total",
		"Requests refused with 429, by setting.", "limit")

	mailWaiting = describe("mail_outbox_messages", "Unsent mails, of all processes.", "kind")
	mailOldest  = describe("mail_outbox_oldest_age_seconds",
		"Age of the oldest unsent mail, 0 if there is none; mails held back by the limit on invitations "+
			"do not count. lane: bulk: to the guests of events; single: all others.", "lane")
	mailOutcomes = describe("mail_deliveries_total", "Outcomes of this process's attempts to send a mail: sent; "+
		"dropped: no longer needed; failed: given up; retry: to be tried again.", "kind",
		"outcome")

	replicaUsed = describe("database_replica_used",
		"Whether lists are read from the replica: 1, or 0 while it lags or is unavailable.", "replica")
	replicaReads = describe("database_replica_reads_total", "Lists and batches of lists read from the replica.",
		"replica")
	primaryReads = describe("database_primary_reads_total",
		"Lists and batches of lists read from the primary because no replica was usable.")

	sqliteStarted = describe("sqlite_transactions_total", "Transactions that got SQLite's write lock.")
	sqliteRefused = describe("sqlite_transactions_refused_total",
		"Transactions that did not get SQLite's write lock in time.")
	sqliteWaited = describe("sqlite_transaction_wait_seconds_total",
		"Time that transactions waited for a connection and SQLite's write lock.")
)

// outcomes are the label values for the states of messages.
var outcomes = map[string]string{mail.Sent: "sent", mail.Dropped: "dropped", mail.Failed: "failed",
	mail.Pending: "retry"}

// collector reads the sources during a scrape.
type collector struct{ Sources }

func newCollector(sources Sources) prometheus.Collector { return &collector{sources} }

// Describe implements prometheus.Collector.
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		hashPlaces, hashRunning, hashWaiting, hashTurns, hashWaited, hashComputed, hashRefused,
		limitRefused, mailWaiting, mailOldest, mailOutcomes, replicaUsed, replicaReads, primaryReads, sqliteStarted,
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
		to <- counter(sqliteStarted, float64(waits.Started))
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

// collectBacklog queries the database. If that fails, only these metrics are missing.
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
