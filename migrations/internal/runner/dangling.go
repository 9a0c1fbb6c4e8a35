package runner

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"guestlist/migrations/internal/session"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// DanglingError is rows that point at rows which are not there.
type DanglingError struct {
	Table, Parent string
	Rows          int

	undone string // of a revision that is undone: what to do about all such rows
}

func (e *DanglingError) Error() string {
	if e.Rows == 1 {
		return fmt.Sprintf("1 row of %s points at a row of %s that is not there", e.Table, e.Parent)
	}
	return fmt.Sprintf("%d rows of %s point at rows of %s that are not there", e.Rows, e.Table, e.Parent)
}

// Hint says what to do about it.
func (e *DanglingError) Hint() string {
	if e.undone != "" {
		return e.undone
	}
	return fmt.Sprintf("PRAGMA foreign_key_check('%s') lists them: correct or delete them",
		strings.ReplaceAll(e.Table, "'", "''"))
}

// MismatchError is a foreign key of SQLite to columns that are not unique: no row can be written to its table.
type MismatchError struct{ Table, Parent string }

func (e *MismatchError) Error() string {
	return fmt.Sprintf("a foreign key of %s does not match: it is to columns of %s that are no primary key and not unique",
		e.Table, e.Parent)
}

// Hint says what to do about it.
func (e *MismatchError) Hint() string {
	return "give the columns a unique index, or drop the foreign key: SQLite refuses to write to " + e.Table
}

// Dangling returns what is wrong with the foreign keys of a database of SQLite, as DanglingErrors and MismatchErrors,
// sorted. Foreign keys that are on keep it from becoming more, and do not look at what there was before
// (https://www.sqlite.org/foreignkeys.html#fk_enable). PostgreSQL lets none in.
func Dangling(ctx context.Context, db *gorm.DB) ([]error, error) {
	own, err := session.New(ctx, db)
	if err != nil || dialect(own) != schema.SQLite {
		return nil, err
	}
	found, err := findBroken(own)
	return found.errors(), err
}

// broken counts what is wrong with foreign keys.
type broken map[breach]int

// breach is a row that points at none, or a foreign key that does not match. Names are in lower case.
type breach struct {
	table, parent string
	mismatch      bool
	row           int64 // 0 where rows have no number that stays with them
}

// errors returns an error for each pair of tables.
func (b broken) errors() []error {
	rows := map[breach]int{}
	for found, n := range b {
		found.row = 0
		rows[found] += n
	}
	var all []error
	for found, n := range rows {
		if found.mismatch {
			all = append(all, &MismatchError{found.table, found.parent})
		} else {
			all = append(all, &DanglingError{Table: found.table, Parent: found.parent, Rows: n})
		}
	}
	slices.SortFunc(all, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return all
}

// without returns what was not there before.
func (b broken) without(before broken) broken {
	left := broken{}
	for found, n := range b {
		if more := n - before[found]; more > 0 {
			left[found] = more
		}
	}
	return left
}

// renamed returns it with the names that tables have after the operations.
func (b broken) renamed(operations []op.Operation) broken {
	for _, o := range operations {
		rename, ok := o.(*op.RenameTable)
		if !ok {
			continue
		}
		renamed := broken{}
		for found, n := range b {
			found.table = renamedTable(found.table, rename)
			found.parent = renamedTable(found.parent, rename)
			renamed[found] += n
		}
		b = renamed
	}
	return b
}

func renamedTable(name string, rename *op.RenameTable) string {
	if name == strings.ToLower(rename.From) {
		return strings.ToLower(rename.To)
	}
	return name
}

// mayBreakForeignKeys reports whether an operation touches rows, or what they point at.
func mayBreakForeignKeys(o op.Operation) bool {
	switch o.(type) {
	case *op.CreateTable, *op.CreateIndex, *op.DropIndex, *op.RenameIndex:
		return false
	}
	return true
}

// brokenBefore returns what is wrong with the foreign keys before a step, where that matters: only what the step adds
// to it stops the step. What the step before left is known, unless another program has written since.
func (s *step) brokenBefore(tx *gorm.DB) (broken, error) {
	if dialect(tx) != schema.SQLite || !slices.ContainsFunc(s.operations, mayBreakForeignKeys) {
		return broken{}, nil
	}
	if s.known != nil && s.knownAt == s.version {
		return s.known, nil
	}
	return findBroken(tx)
}

// checkForeignKeys makes up for the foreign keys that are off on SQLite: one that the operations broke undoes the
// revision. It reads all rows that point somewhere, so it is left out where nothing can have broken one.
func (s *step) checkForeignKeys(tx *gorm.DB, before broken) error {
	if dialect(tx) != schema.SQLite || !slices.ContainsFunc(s.operations, mayBreakForeignKeys) {
		return nil
	}
	var err error
	if s.broken, err = findBroken(tx); err != nil {
		return err
	}
	worse := s.broken.without(before.renamed(s.operations))
	failures := worse.errors()
	if len(failures) == 0 {
		return nil
	}
	if dangling, ok := failures[0].(*DanglingError); ok { //nolint:errorlint // it is made here
		if dangling.undone, err = s.listRows(tx, worse); err != nil {
			return err
		}
	}
	return failures[0]
}

// listRows is the hint for rows that a revision leaves pointing at none. It names them, as it is undone after that, and
// nobody can look for them any more.
func (s *step) listRows(tx *gorm.DB, worse broken) (string, error) {
	var lists []string
	for _, failure := range worse.errors() {
		e, ok := failure.(*DanglingError) //nolint:errorlint // it is made here
		if !ok {
			continue
		}
		ids, err := worse.rowIDs(tx, e.Table, e.Parent)
		if err != nil {
			return "", err
		}
		list := fmt.Sprintf("in %s, to %s", e.Table, e.Parent)
		if len(ids) > 0 {
			list += ": rowid " + strings.Join(ids, ", ")
		}
		if more := e.Rows - len(ids); more > 0 && len(ids) > 0 {
			list += fmt.Sprintf(" and %d more", more)
		}
		lists = append(lists, list)
	}
	text := "the revision has to correct or delete them (" + strings.Join(lists, "; ") + ")"
	if !s.foreignKeys {
		text += "; ON DELETE and ON UPDATE do not act on SQLite in a revision that also drops a table, or builds one again:" +
			" change the rows in a revision of their own, before it"
	}
	return text, nil
}

// listed is how many rows an error lists.
const listed = 10

// rowIDs returns the rowids of some rows that point at none. Where rowids do not stay with their rows, rows from before
// are among them; a table without rowids has none.
func (b broken) rowIDs(tx *gorm.DB, table, parent string) ([]string, error) {
	var ids []int64
	for found := range b {
		if found.table == table && found.parent == parent && found.row != 0 {
			ids = append(ids, found.row)
		}
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		err := tx.Raw(`SELECT DISTINCT "rowid" FROM pragma_foreign_key_check(?) WHERE lower(parent) = ? AND "rowid" IS NOT NULL
			ORDER BY 1`, table, parent).Scan(&ids).Error
		if err != nil && !mismatches(err) {
			return nil, fmt.Errorf("list the rows that point at none: %w", err)
		}
	}
	var texts []string
	for _, id := range ids[:min(len(ids), listed)] {
		texts = append(texts, strconv.FormatInt(id, 10))
	}
	return texts, nil
}
