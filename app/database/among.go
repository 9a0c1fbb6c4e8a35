package database

import (
	"strings"

	"gorm.io/gorm"
)

// Among narrows a query to the rows whose column holds one of the values, which differ from each other. It joins them as a
// table, where IN with many parameters would have PostgreSQL compare each row with each of them whenever it plans to read
// the whole table, as it does while it does not know how large a table has grown.
func Among[T int64 | string](query *gorm.DB, column string, values []T) *gorm.DB {
	place := "(CAST(? AS text))"
	vars := make([]any, len(values))
	for i, value := range values {
		vars[i] = value
		if _, ok := vars[i].(int64); ok {
			place = "(CAST(? AS bigint))"
		}
	}
	places := strings.TrimSuffix(strings.Repeat(place+",", len(values)), ",")
	return query.Joins("JOIN (VALUES "+places+") AS among ON among.column1 = "+column, vars...)
}
