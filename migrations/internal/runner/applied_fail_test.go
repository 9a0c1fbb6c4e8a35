package runner_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"

	"guestlist/migrations/internal/dbtest"
)

var errCut = errors.New("the connection was cut")

// TestReadingAppliedFails cuts the connection after the first of two applied ids. A caller that took the first for
// all would apply the other revision again.
func TestReadingAppliedFails(t *testing.T) {
	t.Parallel()
	address := dbtest.URL(t)
	db := dbtest.Open(t, address)
	if _, err := newRunner(t, db, create("a"), create("b", "a")).Upgrade(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	cut, err := openWith(db, address, func(d driver.Driver, address string) driver.Connector {
		return cutConnector{d, address}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dbtest.Close(cut); err != nil {
			t.Error(err)
		}
	})
	r := newRunner(t, cut, create("a"), create("b", "a"))
	if ids, err := r.Applied(t.Context()); !errors.Is(err, errCut) {
		t.Errorf("Applied: got %q and error %v, want %v", ids, err, errCut)
	}
	for name, do := range map[string]func() error{
		"upgrade":   func() error { _, err := r.Upgrade(t.Context(), "head"); return err },
		"downgrade": func() error { _, err := r.Downgrade(t.Context(), "base"); return err },
		"stamp":     func() error { _, err := r.Stamp(t.Context(), false, "a"); return err },
	} {
		if err := do(); !errors.Is(err, errCut) {
			t.Errorf("%s: got error %v, want %v", name, err, errCut)
		}
		wantApplied(t, db, "a", "b")
	}
}

// cutConnector makes connections that fail after the first row of the applied ids.
type cutConnector struct {
	driver  driver.Driver
	address string
}

func (c cutConnector) Driver() driver.Driver { return c.driver }

func (c cutConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.address)
	return &cutConn{&hookedConn{Conn: conn, before: func(string) error { return nil }}}, err
}

type cutConn struct{ *hookedConn }

func (c *cutConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.hookedConn.QueryContext(ctx, query, args)
	if err == nil && strings.HasPrefix(query, "SELECT id FROM") {
		rows = &cutRows{Rows: rows}
	}
	return rows, err
}

// cutRows fails at the second row.
type cutRows struct {
	driver.Rows

	read bool
}

func (r *cutRows) Next(values []driver.Value) error {
	if r.read {
		return errCut
	}
	r.read = true
	return r.Rows.Next(values)
}
