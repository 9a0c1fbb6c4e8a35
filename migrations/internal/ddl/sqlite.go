package ddl

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// sqlite writes SQLite's SQL.
type sqlite struct {
	before schema.Schema
	after  schema.Schema
}

// sqlitePlan is how an operation runs: unless rows are refused, the statements are executed, and then the table is
// rebuilt if SQLite cannot alter it in place.
type sqlitePlan struct {
	refusals   []refusal
	statements []Statement
	rebuild    *rebuild
}

func sqliteStatements(o op.Operation, before, after schema.Schema) ([]Statement, error) {
	plan, err := sqlite{before: before, after: after}.plan(o)
	if err != nil || plan.rebuild == nil {
		return plan.statements, err
	}
	rebuilt, err := plan.rebuild.offline()
	return append(plan.statements, rebuilt...), err
}

func sqliteExecute(ctx context.Context, conn gorm.ConnPool, o op.Operation, before, after schema.Schema) error {
	plan, err := sqlite{before: before, after: after}.plan(o)
	if err != nil {
		return err
	}
	if drop, ok := o.(*op.DropTable); ok {
		if err := refuseDependents(ctx, conn, drop.Table); err != nil {
			return err
		}
	}
	if err := refuseRows(ctx, conn, schema.SQLite, plan.refusals); err != nil {
		return err
	}
	if err := executeAll(ctx, conn, plan.statements); err != nil {
		return err
	}
	if plan.rebuild == nil {
		return nil
	}
	return plan.rebuild.execute(ctx, conn)
}

func (s sqlite) plan(o op.Operation) (sqlitePlan, error) {
	switch o := o.(type) {
	case *op.CreateTable:
		return inPlace(s.createTable(o.Table)), nil
	case *op.DropTable:
		return inPlace("DROP TABLE " + s.table(o.Table)), nil
	case *op.RenameTable:
		return s.renameTable(o), nil
	case *op.AddColumn:
		return s.addColumn(o), nil
	case *op.DropColumn:
		return s.dropColumn(o), nil
	case *op.AlterColumn:
		return s.alterColumn(o), nil
	case *op.RenameColumn:
		return inPlace("ALTER TABLE " + s.table(o.Table) + " RENAME COLUMN " + s.name(o.From) + " TO " + s.name(o.To)), nil
	case *op.CommentTable, *op.CommentColumn:
		return sqlitePlan{}, nil // SQLite has no comments
	case *op.CreateIndex:
		return inPlace(s.createIndex(o.Table, o.Index)), nil
	case *op.DropIndex:
		return inPlace("DROP INDEX " + s.name(o.Index)), nil
	case *op.RenameIndex:
		return s.renameIndex(o), nil
	case *op.AddPrimaryKey:
		plan := s.replacesIndex(o.Table, o.Index)
		plan.refusals = refuseNull(schema.SQLite, s.before, o)
		return plan, nil
	case *op.DropPrimaryKey:
		return s.rebuilds(o.Table), nil
	case *op.AddUnique:
		return s.replacesIndex(o.Table, o.Index), nil
	case *op.DropUnique:
		return s.rebuilds(o.Table), nil
	case *op.AddCheck:
		return s.rebuilds(o.Table), nil
	case *op.DropCheck:
		return s.rebuilds(o.Table), nil
	case *op.AddForeignKey:
		return s.rebuilds(o.Table), nil
	case *op.DropForeignKey:
		return s.rebuilds(o.Table), nil
	case *op.RenameConstraint:
		return s.rebuilds(o.Table), nil
	case *op.ValidateCheck, *op.ValidateForeignKey:
		return sqlitePlan{}, nil // SQLite validated all rows already
	case *op.SQL:
		statements, err := verbatim(schema.SQLite, o)
		return sqlitePlan{statements: statements}, err
	case *op.Run:
		return sqlitePlan{statements: dataStep(o)}, nil
	case *op.Batches:
		statements, err := wholeTableSQL(schema.SQLite, o)
		return sqlitePlan{statements: statements}, err
	default:
		return sqlitePlan{}, errors.New("no SQL for SQLite")
	}
}

func inPlace(texts ...string) sqlitePlan { return sqlitePlan{statements: plain(texts...)} }

// rebuilds plans a rebuild, unless the table's definition and values stay the same on SQLite.
func (s sqlite) rebuilds(table string, changes ...conversion) sqlitePlan {
	was, _ := s.before.Table(table)
	is, _ := s.after.Table(table)
	r := &rebuild{sqlite: s, was: was, is: is, conversions: changes}
	if s.createTable(was) == s.createTable(is) && len(changes) == 0 {
		return sqlitePlan{}
	}
	return sqlitePlan{rebuild: r}
}

// replacesIndex plans a rebuild that adds a constraint in place of the unique index, if one is named.
func (s sqlite) replacesIndex(table, index string) sqlitePlan {
	plan := s.rebuilds(table)
	if index != "" {
		plan.statements = plain("DROP INDEX " + s.name(index))
	}
	return plan
}

// renameTable renames through a third name if only the case changes, as the two names are the same to SQLite.
func (s sqlite) renameTable(o *op.RenameTable) sqlitePlan {
	rename := func(from, to string) string { return "ALTER TABLE " + s.table(from) + " RENAME TO " + s.table(to) }
	if !strings.EqualFold(o.From, o.To) {
		return inPlace(rename(o.From, o.To))
	}
	detour := o.To + "_renamed"
	for s.before.HasName(detour) {
		detour += "_"
	}
	return inPlace(rename(o.From, detour), rename(detour, o.To))
}

// renameIndex drops the index and creates it again, as SQLite cannot rename indexes.
func (s sqlite) renameIndex(o *op.RenameIndex) sqlitePlan {
	t, _ := s.after.Table(o.Table)
	i, _ := t.Index(o.To)
	return inPlace("DROP INDEX "+s.name(o.From), s.createIndex(o.Table, i))
}

// name quotes with backticks, as GORM does: SQLite reads an unknown name in double quotes as a string.
func (s sqlite) name(name string) string { return quote(name, "`") }

func (s sqlite) table(name string) string { return quoteTable(name, "`") }

func (s sqlite) names(list []string) string {
	var quoted []string
	for _, n := range list {
		quoted = append(quoted, s.name(n))
	}
	return strings.Join(quoted, ", ")
}
