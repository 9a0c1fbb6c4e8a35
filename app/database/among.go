package database

import (
	"encoding/json"

	"gorm.io/gorm"
)

// Among narrows a query to the rows whose column holds one of the values, which differ from each other and may be many.
// They are one parameter, and joined as a table, of which PostgreSQL expects a hundred rows, however many there are: it
// looks each up in the column's index. IN would have it compare each row with each value whenever it plans to read the
// whole table, as it does while it does not know how large a table has grown. SQLite does not know it after an ANALYZE
// of long ago either: in a join it would read all values for each row of a table that it takes to be small, or the
// table for each value. It keeps those of IN, which it reads once, in a tree.
func Among[T int64 | string](query *gorm.DB, column string, values []T) *gorm.DB {
	list, err := json.Marshal(append([]T{}, values...)) // none are not null
	if err != nil {
		_ = query.AddError(err)
	}
	if query.Name() != "postgres" {
		return query.Where(column+" IN (SELECT value FROM json_each(?))", string(list))
	}
	one := "among.one"
	if _, number := any(*new(T)).(int64); number {
		one = "CAST(among.one AS bigint)"
	}
	return query.Joins("JOIN json_array_elements_text(CAST(? AS json)) AS among(one) ON "+one+" = "+column, string(list))
}
