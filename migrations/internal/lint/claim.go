package lint

import (
	"strings"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Of returns what an operation does on PostgreSQL to a database whose schema is before. What SQL declares, it does
// itself; of Go code nothing is known.
func Of(o op.Operation, before schema.Schema) (Claim, error) {
	switch o := o.(type) {
	case *op.Run:
		return Claim{Work: Unknown}, nil
	case *op.Batches:
		return Claim{Locks: []Lock{{o.Table, RowExclusive}}, Work: Rows, On: o.Table, Free: true}, nil
	}
	statements, err := ddl.Statements(schema.Postgres, o, before)
	if err != nil {
		return Claim{}, err
	}
	_, byHand := o.(*op.SQL)
	var c Claim
	for _, s := range statements {
		verifies := !byHand && strings.HasPrefix(s.SQL, "DO ") // that an index was built; it locks nothing of its own
		if s.SQL != "" && !verifies {
			c.and(statement(s.SQL, before))
		}
	}
	return c, nil
}
