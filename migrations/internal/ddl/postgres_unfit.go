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

// explainUnfit adds to the refusal of a change of type what to do, and the query that finds the rows.
func (p *postgres) explainUnfit(o op.Operation, err error) error {
	alter, ok := o.(*op.AlterColumn)
	refused, byServer := errors.AsType[*pgconn.PgError](err)
	if !ok || !byServer || alter.Change.Type == nil || alter.Change.Using.Postgres != "" {
		return err
	}
	t, _ := p.before.Table(alter.Table)
	c, _ := t.Column(alter.Column)
	column := convert.Column{Name: alter.Table + "." + alter.Column, SQL: p.name(alter.Column)}
	effect := convert.On(schema.Postgres, column, c.Type, *alter.Change.Type)
	switch {
	case refused.Code == cannotCoerce, refused.Code == datatypeMismatch:
		return hint.New(err, "say with UsingFor(…) how to convert the values")
	case strings.HasPrefix(refused.Code, dataException) && effect.Fails != "":
		return hint.New(err, changeFirst+"SELECT * FROM "+p.table(alter.Table)+" WHERE "+effect.Fails)
	default:
		return err
	}
}
