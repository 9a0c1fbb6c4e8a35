package schema

import (
	"slices"
	"strings"
)

// keywords are the words that at least one database accepts as a name only in quotes: the reserved ones
// (https://www.postgresql.org/docs/current/sql-keywords-appendix.html, https://www.sqlite.org/lang_keywords.html), and
// those that call a function without parentheses on PostgreSQL.
var keywords = strings.Fields("add all alter analyse analyze and any array as asc asymmetric authorization " +
	"autoincrement between binary both case cast check collate collation column commit concurrently constraint " +
	"create cross " +
	"current_catalog current_date current_role current_schema current_time current_timestamp current_user default " +
	"deferrable delete desc distinct do drop else end escape except exists false fetch for foreign freeze from full " +
	"glob grant group having if ilike in index initially inner insert intersect into is isnull join lateral leading " +
	"left like limit localtime localtimestamp natural not nothing notnull null offset on only or order outer overlaps " +
	"placing primary references returning right select session_user set similar some symmetric system_user table " +
	"tablesample then to trailing transaction true union unique update user using values variadic verbose when where " +
	"window with")

// IsPlainName reports whether a name means the same on both databases without quotes.
func IsPlainName(name string) bool { return isPlain(name) && !slices.Contains(keywords, name) }
