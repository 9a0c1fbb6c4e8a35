package lint

import (
	"strings"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Of returns the claim of an operation on a PostgreSQL database whose schema is before. SQL is judged by its own text,
// whatever it declares; Go code is Unknown.
func Of(o op.Operation, before schema.Schema) (Claim, error) {
	switch o := o.(type) {
	case *op.Run:
		return Claim{Work: Unknown}, nil
	case *op.Batches:
		return Claim{Locks: []Lock{{o.Table, RowExclusive}}, Work: Rows, On: o.Table, NonBlocking: true}, nil
	}
	statements, err := ddl.Statements(schema.Postgres, o, before)
	if err != nil {
		return Claim{}, err
	}
	_, isSQL := o.(*op.SQL)
	var c Claim
	for _, s := range statements {
		verifies := !isSQL && strings.HasPrefix(s.SQL, "DO ") // checks that an index was built; takes no locks
		if s.SQL != "" && !verifies {
			c.and(statement(s.SQL, before))
		}
	}
	return c, nil
}
