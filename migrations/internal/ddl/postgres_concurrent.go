package ddl

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// verifyIndex returns a statement that fails unless the index built concurrently exists, is valid and has the wanted
// definition: IF NOT EXISTS accepts any relation of that name, even a table
// (https://www.postgresql.org/docs/current/sql-createindex.html).
//
// To get the wanted definition as PostgreSQL writes it, the statement builds the index on an empty copy of the table
// and rolls that back. If that fails, the existing index is accepted.
func (p *postgres) verifyIndex(o *op.CreateIndex) string {
	bare := o.Table[strings.LastIndex(o.Table, ".")+1:]
	scratch := *o
	scratch.Table, scratch.Concurrent = "pg_temp."+bare, false
	index := p.createIndex(&scratch)[0].SQL
	shown := o.Index.Name + " on " + o.Table
	body := strings.NewReplacer(
		"{table}", postgresLiteral(p.table(o.Table)), "{name}", postgresLiteral(o.Index.Name),
		"{shown}", postgresLiteral("index "+shown),
		"{copy}", "CREATE TEMP TABLE "+p.name(bare)+" (LIKE "+p.table(o.Table)+")",
		"{build}", index, "{built}", postgresLiteral(`pg_temp.`+p.name(o.Index.Name)),
	).Replace(verification)
	return "DO " + dollarQuote(body)
}

// verification is PL/pgSQL. A block with an exception handler is a savepoint: raising rolls it back.
const verification = `
DECLARE
  it record;
  wanted text;
BEGIN
  SELECT i.indrelid = {table}::regclass AS ours, i.indisvalid AS valid, pg_get_indexdef(c.oid) AS definition,
      EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')) AS bound,
      format('%I.%I', n.nspname, c.relname) AS name,
      pg_describe_object('pg_class'::regclass, c.oid, 0) || coalesce(' on ' || i.indrelid::regclass, '') AS described
    INTO it FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE c.relname = {name} AND n.oid = (SELECT relnamespace FROM pg_class WHERE oid = {table}::regclass);
  IF NOT FOUND THEN
    RAISE EXCEPTION USING MESSAGE = {shown} || ' was not built';
  ELSIF it.ours IS NOT TRUE OR it.bound THEN
    RAISE EXCEPTION USING MESSAGE = {shown} || ' was not built, as ' || it.described
      || CASE WHEN it.bound THEN ', which belongs to a constraint,' ELSE '' END
      || ' has its name: rename or drop that, and run this again';
  ELSIF NOT it.valid THEN
    RAISE EXCEPTION USING MESSAGE = {shown} || ' is invalid, as a build that failed leaves it:'
      || ' DROP INDEX CONCURRENTLY ' || it.name || ', and run this again';
  END IF;
  BEGIN
    {copy};
    {build};
    wanted := pg_get_indexdef({built}::regclass);
    RAISE EXCEPTION 'undo';
  EXCEPTION WHEN OTHERS THEN NULL;
  END;
  IF wanted LIKE 'CREATE UNIQUE %' <> it.definition LIKE 'CREATE UNIQUE %'
    OR substr(wanted, strpos(wanted, ' USING ')) <> substr(it.definition, strpos(it.definition, ' USING ')) THEN
    RAISE EXCEPTION USING MESSAGE = {shown} || ' was not built, as another has its name: ' || it.definition
      || '; rename or drop that, and run this again';
  END IF;
END
`

// dollarQuote quotes text with a tag that does not occur in it.
func dollarQuote(text string) string {
	tag := "$check$"
	for n := 1; strings.Contains(text, tag); n++ {
		tag = fmt.Sprintf("$check%d$", n)
	}
	return tag + text + tag
}

// dropInvalid drops the remains of an index whose concurrent build was interrupted or failed: PostgreSQL keeps it,
// marked invalid, and its name stays taken. Any other relation of that name is left alone.
func (p *postgres) dropInvalid(ctx context.Context, conn gorm.ConnPool, o *op.CreateIndex) error {
	found, err := FindIndex(ctx, conn, o.Table, o.Index.Name)
	switch {
	case err != nil || found.Name == "" || found.Valid:
		return err
	case found.Builder != 0:
		return fmt.Errorf("PostgreSQL process %d is building index %s: wait for it to finish, and run this again",
			found.Builder, found.Name)
	}
	return executeAll(ctx, conn, plain("DROP INDEX CONCURRENTLY "+found.Name))
}

// dropConcurrently drops the index if it exists, by its qualified name: an index in another schema may have the same
// name.
func dropConcurrently(ctx context.Context, conn gorm.ConnPool, o *op.DropIndex) error {
	found, err := FindIndex(ctx, conn, o.Table, o.Index)
	if err != nil || found.Name == "" {
		return err
	}
	return executeAll(ctx, conn, plain("DROP INDEX CONCURRENTLY "+found.Name))
}

// FoundIndex is an index of a table on PostgreSQL.
type FoundIndex struct {
	Name    string // quoted, with its schema; empty if there is no such index
	Valid   bool
	Builder int64 // pid of the backend that is building it, or 0
}

// FindIndex looks up an index of a table on PostgreSQL. The table's name may be qualified with a schema.
func FindIndex(ctx context.Context, conn gorm.ConnPool, table, index string) (found FoundIndex, err error) {
	rows, err := conn.QueryContext(ctx, `SELECT format('%I.%I', n.nspname, c.relname), i.indisvalid,
			coalesce((SELECT min(pid) FROM pg_stat_progress_create_index b WHERE b.index_relid = c.oid), 0)
		FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relname = $1 AND i.indrelid = to_regclass($2)`, index, quoteTable(table, `"`))
	if err != nil {
		return found, fmt.Errorf("look up index %s: %w", index, err)
	}
	defer func() { _ = rows.Close() }()
	if rows.Next() {
		err = rows.Scan(&found.Name, &found.Valid, &found.Builder)
	}
	if err == nil {
		err = rows.Err()
	}
	return found, err
}

// Concurrent reports whether the operation builds or drops an index without blocking writers on the dialect.
func Concurrent(d schema.Dialect, o op.Operation) bool { return !Transactional(d, o) }
