package ddl

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Error codes of invalid and out-of-range values, and of types without a cast
// (https://www.postgresql.org/docs/current/errcodes-appendix.html).
const (
	dataException    = "22"
	cannotCoerce     = "42846"
	datatypeMismatch = "42804"
)

// refusals returns the values to refuse: those that PostgreSQL itself would convert, but differently from SQLite, and
// NULL in a new primary key, so that the error has a hint.
func (p *postgres) refusals(o op.Operation) []refusal {
	switch o := o.(type) {
	case *op.AddPrimaryKey:
		return refuseNull(schema.Postgres, p.before, o)
	case *op.AlterColumn:
		if effect := p.effect(o); effect.Kept {
			return []refusal{{table: o.Table, column: o.Column, condition: effect.Fails}}
		}
	}
	return nil
}

// effect returns what the type change does to the values of a column. It is zero if the type stays, or the revision has
// its own conversion.
func (p *postgres) effect(o *op.AlterColumn) convert.Effect {
	if o.Change.Type == nil || o.Change.Using.Postgres != "" {
		return convert.Effect{}
	}
	t, _ := p.before.Table(o.Table)
	c, _ := t.Column(o.Column)
	column := convert.Column{Name: o.Table + "." + o.Column, SQL: p.name(o.Column)}
	return convert.On(schema.Postgres, column, c.Type, *o.Change.Type)
}

// explainUnfit adds a hint to the error of a refused type change: what to do, and the query that finds the rows.
func (p *postgres) explainUnfit(o op.Operation, err error) error {
	alter, ok := o.(*op.AlterColumn)
	refused, byServer := errors.AsType[*pgconn.PgError](err)
	if !ok || !byServer || alter.Change.Type == nil || alter.Change.Using.Postgres != "" {
		return err
	}
	effect := p.effect(alter)
	switch {
	case refused.Code == cannotCoerce, refused.Code == datatypeMismatch:
		return hint.New(err, "give a conversion with UsingFor(…)")
	case strings.HasPrefix(refused.Code, dataException) && effect.Fails != "":
		return hint.New(err, changeFirst+"SELECT * FROM "+p.table(alter.Table)+" WHERE "+effect.Fails)
	default:
		return err
	}
}
