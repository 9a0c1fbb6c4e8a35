package database

import (
	"encoding/json"

	"gorm.io/gorm"
)

// WhereIn narrows a query to the rows whose column holds one of the values, which must be distinct and may be many.
// They are passed as one parameter.
//
// On PostgreSQL, they are joined as a table, which it assumes to have a hundred rows, so it looks up each value in the
// column's index. With IN, it would compare every row with every value whenever it plans to read the whole table, as it
// does until it knows how large the table has grown.
//
// On SQLite, they are the values of an IN, which it reads once, into a tree. In a join, if its last ANALYZE was long
// ago, it could read all values for each row of a table that it takes to be small, or the table for each value.
func WhereIn[T int64 | string](query *gorm.DB, column string, values []T) *gorm.DB {
	list, err := json.Marshal(append([]T{}, values...)) // no values are [], not null
	if err != nil {
		_ = query.AddError(err)
	}
	if query.Name() != "postgres" {
		return query.Where(column+" IN (SELECT value FROM json_each(?))", string(list))
	}
	wanted := "wanted.value"
	if _, number := any(*new(T)).(int64); number {
		wanted = "CAST(wanted.value AS bigint)"
	}
	table := "json_array_elements_text(CAST(? AS json)) AS wanted(value)"
	return query.Joins("JOIN "+table+" ON "+wanted+" = "+column, string(list))
}
