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

// DanglingError reports rows that reference missing rows.
type DanglingError struct {
	Table, Parent string
	Rows          int

	undone string // the hint if the revision that left the rows is undone
}

func (e *DanglingError) Error() string {
	if e.Rows == 1 {
		return fmt.Sprintf("1 row of %s references a missing row of %s", e.Table, e.Parent)
	}
	return fmt.Sprintf("%d rows of %s reference missing rows of %s", e.Rows, e.Table, e.Parent)
}

// Hint says what to do about it.
func (e *DanglingError) Hint() string {
	if e.undone != "" {
		return e.undone
	}
	return fmt.Sprintf("PRAGMA foreign_key_check('%s') lists them: correct or delete them",
		strings.ReplaceAll(e.Table, "'", "''"))
}

// MismatchError reports a foreign key of SQLite that references columns that are not unique: SQLite rejects writes to
// its table.
type MismatchError struct{ Table, Parent string }

func (e *MismatchError) Error() string {
	return fmt.Sprintf("a foreign key of %s does not match: it references columns of %s that are neither a "+
		"primary key nor unique", e.Table, e.Parent)
}

// Hint says what to do about it.
func (e *MismatchError) Hint() string {
	return "give the columns a unique index, or drop the foreign key: SQLite rejects writes to " + e.Table
}

// Dangling returns the violations of foreign keys in a SQLite database, as DanglingErrors and MismatchErrors, sorted.
// With foreign keys on, SQLite rejects new violations but does not look for older ones
// (https://www.sqlite.org/foreignkeys.html#fk_enable). PostgreSQL allows none.
func Dangling(ctx context.Context, db *gorm.DB) ([]error, error) {
	own, err := session.New(ctx, db)
	if err != nil || dialect(own) != schema.SQLite {
		return nil, err
	}
	found, err := findViolations(own)
	return found.errors(), err
}

// violations counts violations of foreign keys.
type violations map[violation]int

// violation is a row that references a missing row, or a foreign key that does not match. Names are in lower case.
type violation struct {
	table, parent string
	mismatch      bool
	row           int64 // the rowid; 0 if it does not stay with the row
}

// errors returns an error for each pair of tables.
func (b violations) errors() []error {
	rows := map[violation]int{}
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

// without returns the violations that were not there before.
func (b violations) without(before violations) violations {
	left := violations{}
	for found, n := range b {
		if more := n - before[found]; more > 0 {
			left[found] = more
		}
	}
	return left
}

// renamed returns the violations under the names that tables have after the operations.
func (b violations) renamed(operations []op.Operation) violations {
	for _, o := range operations {
		rename, ok := o.(*op.RenameTable)
		if !ok {
			continue
		}
		renamed := violations{}
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

// mayBreakForeignKeys reports whether an operation changes rows, or keys that rows reference.
func mayBreakForeignKeys(o op.Operation) bool {
	switch o.(type) {
	case *op.CreateTable, *op.CreateIndex, *op.DropIndex, *op.RenameIndex:
		return false
	}
	return true
}

// violationsBefore returns the violations before a step if it may add any: only new ones fail the step. Those that the
// previous step found are still known, unless another program has written since.
func (s *step) violationsBefore(tx *gorm.DB) (violations, error) {
	if dialect(tx) != schema.SQLite || !slices.ContainsFunc(s.operations, mayBreakForeignKeys) {
		return violations{}, nil
	}
	if s.known != nil && s.knownAt == s.version {
		return s.known, nil
	}
	return findViolations(tx)
}

// checkForeignKeys replaces the checks of SQLite, whose foreign keys may be off: a new violation fails the revision. It
// reads all rows with references, so it is skipped if no operation can break one.
func (s *step) checkForeignKeys(tx *gorm.DB, before violations) error {
	if dialect(tx) != schema.SQLite || !slices.ContainsFunc(s.operations, mayBreakForeignKeys) {
		return nil
	}
	var err error
	if s.violations, err = findViolations(tx); err != nil {
		return err
	}
	worse := s.violations.without(before.renamed(s.operations))
	failures := worse.errors()
	if len(failures) == 0 {
		return nil
	}
	if dangling, ok := failures[0].(*DanglingError); ok { //nolint:errorlint // created above
		if dangling.undone, err = s.listRows(tx, worse); err != nil {
			return err
		}
	}
	return failures[0]
}

// listRows returns a hint that lists the rows with missing references. The revision is rolled back, so nobody can look
// for them later.
func (s *step) listRows(tx *gorm.DB, worse violations) (string, error) {
	var lists []string
	for _, failure := range worse.errors() {
		e, ok := failure.(*DanglingError) //nolint:errorlint // created above
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
	text := "the revision must correct or delete them (" + strings.Join(lists, "; ") + ")"
	if !s.foreignKeys {
		text += "; on SQLite, ON DELETE and ON UPDATE do not act in a revision that drops or rebuilds a table: " +
			"change the rows in a revision of their own, before it"
	}
	return text, nil
}

// maxListed is how many rows an error lists.
const maxListed = 10

// rowIDs returns the rowids of some rows with missing references. If rowids do not stay with their rows, older
// violations are among them; a table without rowids has none.
func (b violations) rowIDs(tx *gorm.DB, table, parent string) ([]string, error) {
	var ids []int64
	for found := range b {
		if found.table == table && found.parent == parent && found.row != 0 {
			ids = append(ids, found.row)
		}
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		err := tx.Raw(`SELECT DISTINCT "rowid" FROM pragma_foreign_key_check(?)
			WHERE lower(parent) = ? AND "rowid" IS NOT NULL ORDER BY 1`, table, parent).Scan(&ids).Error
		if err != nil && !isMismatch(err) {
			return nil, fmt.Errorf("list the rows with missing references: %w", err)
		}
	}
	var texts []string
	for _, id := range ids[:min(len(ids), maxListed)] {
		texts = append(texts, strconv.FormatInt(id, 10))
	}
	return texts, nil
}
