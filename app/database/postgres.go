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
	connectTimeout  = 5 * time.Second  // where the address sets no connect_timeout
	connMaxIdleTime = 5 * time.Minute  // a burst's connections go back to the server
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
	// The parser's own words may quote a piece of the address, and with it of the password: they are left out.
	const wanted = "the database address is not of the form postgres://user:password@host:5432/name?sslmode=…"
	parsed, err := ParseURL(address)
	if err != nil {
		return nil, errors.New(wanted)
	}
	// pgx takes the host from the first @ on, and errors name the host.
	if authority, _ := cutAuthority(address); strings.Count(authority, "@") > 1 {
		return nil, errors.New("the database address has an @ in its user or password: write %40 instead")
	}
	// What follows such a character in a password would be the name of a database or of a parameter, which errors show.
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

// boundPool sets the pool's limit, which database/sql leaves open, and lets as many connections rest as may work, so
// that a busy server does not connect again for every query.
func boundPool(pool *sql.DB, size int) {
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
}
