// Package sqlite provides what the migration engine needs from SQLite with any driver: a GORM dialector, in-memory
// databases, and the result codes of errors.
//
// It needs no cgo: it does not use gorm.io/driver/sqlite, which imports github.com/mattn/go-sqlite3. The driver that it
// imports itself can be left out; see driver.go.
package sqlite

import (
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/migrator"
	gormschema "gorm.io/gorm/schema"
)

// Dialector implements gorm.Dialector with the types and the quoting of gorm.io/driver/sqlite. It suffices for
// gormigrate and hand-written statements; its migrator reads no columns or constraints.
type Dialector struct {
	// Conn executes statements. It may be nil if only types are needed.
	Conn gorm.ConnPool
}

// Name implements gorm.Dialector.
func (Dialector) Name() string { return "sqlite" }

// Initialize implements gorm.Dialector.
func (d Dialector) Initialize(db *gorm.DB) error {
	db.ConnPool = d.Conn
	// INSERT ... RETURNING needs SQLite 3.35: https://www.sqlite.org/lang_returning.html. The engine sets the keys of its
	// rows itself, so nothing has to be returned.
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{LastInsertIDReversed: true})
	return nil
}

// Migrator implements gorm.Dialector.
func (d Dialector) Migrator(db *gorm.DB) gorm.Migrator {
	return Migrator{migrator.Migrator{Config: migrator.Config{DB: db, Dialector: d, CreateIndexAfterCreateTable: true}}}
}

// DataTypeOf implements gorm.Dialector. It returns the types of gorm.io/driver/sqlite v1.6.0.
func (Dialector) DataTypeOf(field *gormschema.Field) string {
	switch field.DataType {
	case gormschema.Bool:
		return "numeric"
	case gormschema.Int, gormschema.Uint:
		if field.AutoIncrement {
			return "integer PRIMARY KEY AUTOINCREMENT" // https://www.sqlite.org/autoinc.html
		}
		return "integer"
	case gormschema.Float:
		return "real"
	case gormschema.String:
		return "text"
	case gormschema.Time:
		if tagged, ok := field.TagSettings["TYPE"]; ok {
			return tagged
		}
		return "datetime"
	case gormschema.Bytes:
		return "blob"
	default:
		return string(field.DataType)
	}
}

// DefaultValueOf implements gorm.Dialector. SQLite does not allow DEFAULT in the VALUES of an INSERT.
func (Dialector) DefaultValueOf(*gormschema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"}
}

// BindVarTo implements gorm.Dialector.
func (Dialector) BindVarTo(writer clause.Writer, _ *gorm.Statement, _ any) {
	_ = writer.WriteByte('?')
}

// QuoteTo implements gorm.Dialector. As in GORM's dialectors, a dot separates a table from its column.
func (Dialector) QuoteTo(writer clause.Writer, name string) {
	for i, part := range strings.Split(name, ".") {
		if i > 0 {
			_ = writer.WriteByte('.')
		}
		if !isQuoted(part) {
			part = "`" + strings.ReplaceAll(part, "`", "``") + "`"
		}
		_, _ = writer.WriteString(part)
	}
}

func isQuoted(name string) bool {
	return len(name) > 2 && name[0] == '`' && name[len(name)-1] == '`'
}

// Explain implements gorm.Dialector.
func (Dialector) Explain(sql string, vars ...any) string {
	return logger.ExplainSQL(sql, nil, `"`, vars...)
}

// SavePoint implements gorm.SavePointerDialectorInterface.
func (Dialector) SavePoint(tx *gorm.DB, name string) error {
	return tx.Exec("SAVEPOINT " + name).Error
}

// RollbackTo implements gorm.SavePointerDialectorInterface.
func (Dialector) RollbackTo(tx *gorm.DB, name string) error {
	return tx.Exec("ROLLBACK TO SAVEPOINT " + name).Error
}

// Migrator creates tables.
type Migrator struct{ migrator.Migrator }

// HasTable implements gorm.Migrator.
func (m Migrator) HasTable(value any) bool {
	var count int64
	err := m.RunWithValue(value, func(stmt *gorm.Statement) error {
		return m.DB.Raw("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE", stmt.Table).
			Scan(&count).Error
	})
	return err == nil && count > 0
}
