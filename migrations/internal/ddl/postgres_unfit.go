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

// The codes of values that are not of a type, or not within it, and of types that have no cast
// (https://www.postgresql.org/docs/current/errcodes-appendix.html).
const (
	dataException    = "22"
	cannotCoerce     = "42846"
	datatypeMismatch = "42804"
)

// refusals are of what PostgreSQL would not refuse by itself, and SQLite would not read as it does.
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

// effect is what becomes of the values of a column, where the revision does not say it.
func (p *postgres) effect(o *op.AlterColumn) convert.Effect {
	if o.Change.Type == nil || o.Change.Using.Postgres != "" {
		return convert.Effect{}
	}
	t, _ := p.before.Table(o.Table)
	c, _ := t.Column(o.Column)
	column := convert.Column{Name: o.Table + "." + o.Column, SQL: p.name(o.Column)}
	return convert.On(schema.Postgres, column, c.Type, *o.Change.Type)
}

// explainUnfit adds to the refusal of a change of type what to do, and the query that finds the rows.
func (p *postgres) explainUnfit(o op.Operation, err error) error {
	alter, ok := o.(*op.AlterColumn)
	refused, byServer := errors.AsType[*pgconn.PgError](err)
	if !ok || !byServer || alter.Change.Type == nil || alter.Change.Using.Postgres != "" {
		return err
	}
	effect := p.effect(alter)
	switch {
	case refused.Code == cannotCoerce, refused.Code == datatypeMismatch:
		return hint.New(err, "say with UsingFor(…) how to convert the values")
	case strings.HasPrefix(refused.Code, dataException) && effect.Fails != "":
		return hint.New(err, changeFirst+"SELECT * FROM "+p.table(alter.Table)+" WHERE "+effect.Fails)
	default:
		return err
	}
}
