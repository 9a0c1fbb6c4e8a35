package ddl

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// pairs creates a table with a key of two columns and seven rows, and returns the schema with it.
func pairs(t *testing.T, db testDB) schema.Schema {
	t.Helper()
	return db.must(t, schema.Schema{}, op.Record(func(m *op.Migration) {
		m.CreateTable("pairs", op.Column("a", op.Int(64)).PrimaryKey(), op.Column("b", op.Int(64)).PrimaryKey(),
			op.Column("done", op.Int(64)).NotNull().Default(0))
		m.SQL("INSERT INTO pairs (a, b) VALUES (2, 1), (1, 2), (1, 1), (3, 1), (1, 3), (2, 2), (2, 3)")
	}))
}

func TestNextBatch(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		t.Helper()
		db := s.open(t)
		before := pairs(t, db)
		o := &op.Batches{Table: "pairs", Size: 3, Text: schema.Both("UPDATE pairs SET done = done + 1 WHERE " + op.RowsMark)}
		type batch struct {
			upTo []any
			rows int64
		}
		var got []batch
		var after []any
		for {
			rows, n, err := NextBatch(t.Context(), db.DB, o, before, after)
			if errors.Is(err, ErrNoRows) {
				break
			}
			if err != nil || len(got) > 3 {
				t.Fatalf("got error %v after the batches %v, want ErrNoRows after three", err, got)
			}
			want := op.Batch{Table: "pairs", Key: []string{"a", "b"}, After: after, UpTo: rows.UpTo}
			if !reflect.DeepEqual(rows, want) {
				t.Errorf("got the batch %+v, want %+v", rows, want)
			}
			if err := ExecuteBatch(t.Context(), db.DB, o, rows); err != nil {
				t.Fatal(err)
			}
			got, after = append(got, batch{rows.UpTo, n}), rows.UpTo
		}
		want := []batch{
			{[]any{int64(1), int64(3)}, 3}, {[]any{int64(2), int64(3)}, 3}, {[]any{int64(3), int64(1)}, 1},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got the batches %v, want %v", got, want)
		}
		var once int64
		db.DB.Raw("SELECT count(*) FROM pairs WHERE done = 1").Scan(&once)
		if once != 7 {
			t.Errorf("%d rows were changed once, want all 7", once)
		}
	})
}

// TestBatchesByTime walks a table by a time, which the driver would not return as it is stored.
func TestBatchesByTime(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		t.Helper()
		db := s.open(t)
		before := db.must(t, schema.Schema{}, op.Record(func(m *op.Migration) {
			m.CreateTable("days", op.Column("at", op.Time()).PrimaryKey(), op.Column("n", op.Int(64)).NotNull().Default(0))
			m.SQL("INSERT INTO days (at) VALUES ('2026-01-02T00:00:00Z'), ('2026-01-01T12:30:00Z'), ('2026-01-03T00:00:00Z')")
		}))
		o := &op.Batches{Table: "days", Size: 1, Text: schema.Both("UPDATE days SET n = n + 1 WHERE " + op.RowsMark)}
		var after []any
		batches := 0
		for ; batches < 4; batches++ {
			rows, _, err := NextBatch(t.Context(), db.DB, o, before, after)
			if errors.Is(err, ErrNoRows) {
				break
			}
			if err == nil {
				err = ExecuteBatch(t.Context(), db.DB, o, rows)
			}
			if err != nil {
				t.Fatal(err)
			}
			after = rows.UpTo
		}
		if got := db.Ask(t, "SELECT n FROM days"); batches != 3 || got != "1\n1\n1" {
			t.Errorf("got %d batches, and the rows changed %q times, want 3 and each row once", batches, got)
		}
	})
}

// TestStatementsOfBatches checks that a script shows what the program does in batches.
func TestStatementsOfBatches(t *testing.T) {
	t.Parallel()
	before := schema.New(schema.Table{Name: "users", Columns: []schema.Column{{Name: "id", Type: op.Int(64)}},
		PrimaryKey: schema.PrimaryKey{Columns: []string{"id"}}})
	for want, o := range map[string]op.Operation{
		"-- run data step in batches of 9 rows of users (Go code: only the program can run it)": &op.Batches{
			Table: "users", Size: 9, Step: func(*gorm.DB, op.Batch) error { return nil },
		},
		"-- The program does this in batches of 9 rows of users.\nDELETE FROM users WHERE true;": &op.Batches{
			Table: "users", Size: 9, Text: schema.Both("DELETE FROM users WHERE {rows}"),
		},
	} {
		for _, d := range schema.Dialects() {
			got, err := Statements(d, o, before)
			if err != nil || len(got) != 1 || got[0].String() != want {
				t.Errorf("%s: got %v and error %v, want %s", d, got, err, want)
			}
		}
	}
}

// TestBatchesFail checks that no error of a batch is lost.
func TestBatchesFail(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		t.Helper()
		db := s.open(t)
		before := pairs(t, db)
		db.Exec(t, "BEGIN")
		step := errors.New("the step failed")
		for name, c := range map[string]struct {
			o    op.Batches
			want string
		}{
			"SQL": {op.Batches{Text: schema.Both("UPDATE missing SET done = 1 WHERE " + op.RowsMark)}, "missing"},
			"the second statement": {
				op.Batches{Text: schema.Both("DELETE FROM pairs WHERE " + op.RowsMark + "; DELETE FROM missing")}, "missing",
			},
			"an open quote": {op.Batches{Text: schema.Both("UPDATE pairs SET done = 'x WHERE " + op.RowsMark)}, "'"},
			"a step":        {op.Batches{Step: func(*gorm.DB, op.Batch) error { return step }}, step.Error()},
		} {
			c.o.Table, c.o.Size = "pairs", 10
			db.Exec(t, "SAVEPOINT s")
			_, err := Execute(t.Context(), db.DB, &c.o, before)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got error %v, want one with %q", name, err, c.want)
			}
			db.Exec(t, "ROLLBACK TO s")
		}
		_, _, err := NextBatch(t.Context(), db.DB, &op.Batches{Table: "pairs", Size: 1},
			schema.New(schema.Table{Name: "pairs", PrimaryKey: schema.PrimaryKey{Columns: []string{"missing"}}}), nil)
		if err == nil || errors.Is(err, ErrNoRows) {
			t.Errorf("the next batch by a missing column: got error %v, want that of the database", err)
		}
		db.Exec(t, "ROLLBACK")
	})
}

// TestCheckKeys checks that a key with NULL, which SQLite alone allows, is found before batches leave the row out.
func TestCheckKeys(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		t.Helper()
		db := s.open(t)
		before := pairs(t, db)
		o := &op.Batches{Table: "pairs", Size: 3}
		if err := CheckKeys(t.Context(), db.DB, o, before); err != nil {
			t.Errorf("got error %v for keys without NULL, want none", err)
		}
		if db.Dialect != schema.SQLite {
			return
		}
		db.Exec(t, "DROP TABLE pairs", "CREATE TABLE pairs (a integer, b integer, PRIMARY KEY (a, b))",
			"INSERT INTO pairs VALUES (1, 1), (2, NULL)")
		want := "the primary key of pairs is NULL in some rows, which no batch would include"
		if err := CheckKeys(t.Context(), db.DB, o, before); err == nil || err.Error() != want {
			t.Errorf("got error %v for a key with NULL, want %q", err, want)
		}
		db.Exec(t, "DROP TABLE pairs")
		if err := CheckKeys(t.Context(), db.DB, o, before); err == nil || err.Error() == want {
			t.Errorf("got error %v without the table, want that of the database", err)
		}
	})
}

func TestEstimateRows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s server) {
		t.Helper()
		db := s.open(t)
		pairs(t, db)
		db.Exec(t, "ANALYZE pairs")
		o := &op.Batches{Table: "pairs", Size: 3}
		if rows, err := EstimateRows(t.Context(), db.DB, o); rows != 7 || err != nil {
			t.Errorf("got %d rows and error %v, want 7", rows, err)
		}
		db.Exec(t, "INSERT INTO pairs (a, b) VALUES (9, 9)")
		want := map[schema.Dialect]int64{schema.SQLite: 8, schema.Postgres: 7}[db.Dialect] // 7: as of the last ANALYZE
		if rows, err := EstimateRows(t.Context(), db.DB, o); rows != want || err != nil {
			t.Errorf("after another row: got %d rows and error %v, want %d", rows, err, want)
		}
	})
}
