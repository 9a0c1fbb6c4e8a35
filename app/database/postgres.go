package database

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const (
	connectTimeout  = 5 * time.Second  // if the address sets no connect_timeout
	connMaxIdleTime = 5 * time.Minute  // connections opened for a burst are closed again
	connMaxLifetime = 30 * time.Minute // after a failover, connections spread again
)

func openPostgres(address string, options Options, config *gorm.Config) (*gorm.DB, error) {
	pgxConfig, err := parsePostgres(address, options)
	if err != nil {
		return nil, err
	}
	pool := openPool(pgxConfig, options)
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: &postgresPool{DB: pool}}), config)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open PostgreSQL: %w", err), pool.Close())
	}
	return db, nil
}

func openPool(config *pgx.ConnConfig, options Options) *sql.DB {
	pool := sql.OpenDB(connector{stdlib.GetConnector(*config)})
	boundPool(pool, options.poolSize())
	pool.SetConnMaxIdleTime(connMaxIdleTime)
	pool.SetConnMaxLifetime(connMaxLifetime)
	return pool
}

func parsePostgres(address string, options Options) (*pgx.ConnConfig, error) {
	// The parser's own errors are left out, since they may quote part of the address, and so of the password.
	const wanted = "the database address is not of the form postgres://user:password@host:5432/name?sslmode=…"
	parsed, err := ParseURL(address)
	if err != nil {
		return nil, errors.New(wanted)
	}
	// To pgx, the host begins after the first @, and errors name the host.
	if authority, _ := cutAuthority(address); strings.Count(authority, "@") > 1 {
		return nil, errors.New("the database address has an @ in its user or password: write %40 instead")
	}
	// What follows a /, ? or # in a password would be the name of a database or parameter, which errors show.
	keys, _, _ := strings.Cut(parsed.RawQuery, "=")
	if strings.Contains(parsed.EscapedPath()+keys, "@") || parsed.Fragment != "" {
		return nil, errors.New("the database address has a /, a ? or a # in its user or password: " +
			"write %2F, %3F or %23 instead")
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errors.New(wanted)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	for name, value := range map[string]string{"application_name": options.Name, "client_encoding": "UTF8"} {
		if value != "" && config.RuntimeParams[name] == "" {
			config.RuntimeParams[name] = value
		}
	}
	return config, nil
}

// boundPool limits the number of connections, which database/sql does not, and keeps all of them when they are idle, so
// that a busy server does not connect again for every query.
func boundPool(pool *sql.DB, size int) {
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
}
