package database

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// replicasName is the name of the GORM plugin that Read looks for.
const replicasName = "database:replicas"

// replicaPatience is how long a read waits for a connection to a replica, and for the replica to catch up.
const replicaPatience = 100 * time.Millisecond

// Replicas are streaming standbys of a PostgreSQL server, from which Read reads. None is used before the first Check.
type Replicas struct {
	all      []*replica
	patience time.Duration
	log      *slog.Logger
	next     atomic.Uint64
	primary  atomic.Int64 // reads from the database itself
}

// ParseReplicas returns the addresses of replicas in a text, separated by spaces. Each must name a single server, since
// what one server has replayed says nothing about another, and no two may name the same. Errors do not quote the text.
func ParseReplicas(text string) ([]string, error) {
	addresses := strings.Fields(text)
	var servers []string
	for i, address := range addresses {
		if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
			return nil, fmt.Errorf("address %d does not start with postgres://", i+1)
		}
		if strings.Count(address, "://") > 1 {
			return nil, fmt.Errorf("address %d has another in it: put a space in between", i+1)
		}
		config, err := parsePostgres(address, Options{})
		if err != nil {
			return nil, fmt.Errorf("address %d: %w", i+1, err)
		}
		for _, other := range config.Fallbacks {
			if other.Host != config.Host || other.Port != config.Port {
				return nil, fmt.Errorf("address %d names several hosts: give each an address of its own", i+1)
			}
		}
		server := hostOf(config)
		if first := slices.Index(servers, server); first >= 0 {
			return nil, fmt.Errorf("address %d names the same server as address %d", i+1, first+1)
		}
		servers = append(servers, server)
	}
	return addresses, nil
}

// UseReplicas makes Read read from the replicas of db at the addresses, and does not contact them yet. Each replica has
// a pool of connections of the size in the options. Close closes the pools together with db.
func UseReplicas(db *gorm.DB, addresses []string, options Options) error {
	if len(addresses) == 0 {
		return nil
	}
	if db.Name() != "postgres" {
		return errors.New("only PostgreSQL has replicas")
	}
	log := options.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	replicas := &Replicas{patience: cmp.Or(options.ReplicaPatience, replicaPatience), log: log}
	for i, address := range addresses {
		config, err := parsePostgres(address, options)
		if err != nil {
			return errors.Join(fmt.Errorf("replica %d: %w", i+1, err), replicas.close())
		}
		replicas.all = append(replicas.all, &replica{host: hostOf(config), pool: openPool(config, options)})
	}
	return db.Use(replicas)
}

// hostOf returns the host and the port.
func hostOf(config *pgx.ConnConfig) string {
	return net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
}

// ReplicasOf returns the replicas that Read reads from; nil if there are none.
func ReplicasOf(db *gorm.DB) *Replicas {
	replicas, _ := db.Plugins[replicasName].(*Replicas)
	return replicas
}

// Name implements gorm.Plugin.
func (*Replicas) Name() string { return replicasName }

// Initialize implements gorm.Plugin.
func (*Replicas) Initialize(*gorm.DB) error { return nil }

func (r *Replicas) close() error {
	var failed error
	for _, replica := range r.all {
		failed = errors.Join(failed, replica.pool.Close())
	}
	return failed
}

// Read calls read with a replica of db, and returns its result. The replica has everything that db had when Read was
// called: every write acknowledged to any process by then. If no replica catches up in time, or read fails there, Read
// calls read with db, possibly as a second call. Queries that decide what is done or permitted do not belong in read.
// Within a transaction, or another Read, Read calls read with the db that it is given.
func Read[T any](ctx context.Context, db *gorm.DB, read func(db *gorm.DB) (T, error)) (result T, err error) {
	err = readFrom(ctx, db, func(db *gorm.DB) error {
		result, err = read(db)
		return err
	})
	return result, err
}

func readFrom(ctx context.Context, db *gorm.DB, read func(db *gorm.DB) error) error {
	replicas := ReplicasOf(db)
	if replicas == nil || onConnection(db) {
		return read(db.WithContext(ctx))
	}
	if replicas.fit() {
		at, err := positionOf(ctx, db)
		if err != nil {
			return err
		}
		if chosen := replicas.choose(at); chosen != nil {
			err := replicas.from(ctx, chosen, db, at, read)
			if err == nil || ctx.Err() != nil {
				return err
			}
			if !errors.Is(err, errBusy) { // a busy one is in use; a check finds out if it hangs
				chosen.leaveOut(ctx, replicas.log, err)
			}
		}
	}
	replicas.primary.Add(1)
	return read(db.WithContext(ctx))
}

// onConnection reports whether all queries of db run on one connection: that of a transaction, or of another Read.
func onConnection(db *gorm.DB) bool {
	switch db.Statement.ConnPool.(type) {
	case gorm.TxCommitter, *sql.Conn:
		return true
	}
	return false
}

// fit reports whether any replica can be used.
func (r *Replicas) fit() bool {
	for _, replica := range r.all {
		if replica.history() != "" {
			return true
		}
	}
	return false
}

// choose returns the next replica that has the same history as the primary; nil if none has.
func (r *Replicas) choose(at position) *replica {
	first := r.next.Add(1)
	for i := range uint64(len(r.all)) {
		replica := r.all[(first+i)%uint64(len(r.all))]
		if replica.history() == at.timeline {
			return replica
		}
	}
	return nil
}

// position is a place in the write-ahead log.
type position struct {
	lsn      string
	timeline string // the history it belongs to; a failover begins a new one
}

// A commit is flushed before it is acknowledged, unless synchronous_commit is off. Standbys get only what is flushed.
const positionQuery = `SELECT pg_current_wal_flush_lsn()::text,
	left(pg_walfile_name(pg_current_wal_flush_lsn()), 8)`

// positionOf returns the position up to which the primary's write-ahead log is flushed.
func positionOf(ctx context.Context, db *gorm.DB) (at position, err error) {
	ended := observe(ctx, db, positionQuery, "")
	err = db.Statement.ConnPool.QueryRowContext(ctx, positionQuery).Scan(&at.lsn, &at.timeline)
	ended(err)
	if err != nil {
		return position{}, fmt.Errorf("ask for the position in the write-ahead log: %w", err)
	}
	return at, nil
}

// from calls read with a replica once it has replayed the write-ahead log up to a position.
func (r *Replicas) from(
	ctx context.Context, chosen *replica, db *gorm.DB, at position, read func(db *gorm.DB) error,
) error {
	patient, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	conn, err := chosen.conn(patient)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // back to the pool
	if err := catchUp(patient, conn, at.lsn); err != nil {
		return err
	}
	tx := db.WithContext(ctx)
	tx.Statement.ConnPool = conn
	if err := read(tx); err != nil {
		return err
	}
	chosen.reads.Add(1)
	return nil
}

var (
	errBusy       = errors.New("all connections to it are in use")
	errLags       = errors.New("it lags")
	errNotStandby = errors.New("it is not a standby")
	errStranger   = errors.New("it is no standby of the server in DATABASE_URL, or has not followed a failover yet")
	// Its address, its user or its settings differ.
	errOtherDatabase = errors.New("it has another database or schema than DATABASE_URL")
)

// It must not be part of another query, whose snapshot could be older than the position that it returns.
const replayQuery = `SELECT pg_is_in_recovery(), COALESCE(pg_last_wal_replay_lsn() >= $1::pg_lsn, false)`

// catchUp waits until the server of a connection has replayed the write-ahead log up to a position.
func catchUp(ctx context.Context, conn *sql.Conn, lsn string) error {
	for wait := time.Millisecond; ; wait *= 2 {
		var standby, there bool
		err := conn.QueryRowContext(ctx, replayQuery, lsn).Scan(&standby, &there)
		switch {
		case err != nil:
			return err
		case !standby:
			return errNotStandby
		case there:
			return nil
		}
		select {
		case <-ctx.Done():
			return errLags
		case <-time.After(wait):
		}
	}
}
