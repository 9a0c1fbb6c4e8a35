package online

import (
	"strings"

	"guestlist/migrations/internal/convert"
	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// quoteName and quoteTable quote as in standard SQL, which both databases accept for existing names.
func quoteName(name string) string   { return ddl.QuoteName(schema.Postgres, name) }
func quoteTable(table string) string { return ddl.QuoteTable(schema.Postgres, table) }

// forEach returns the text of each dialect.
func forEach(text func(d schema.Dialect) string) schema.SQL {
	return schema.SQL{Postgres: text(schema.Postgres), SQLite: text(schema.SQLite)}
}

// twins are two columns of a table that triggers keep in sync: what a program writes to one is copied to the other.
type twins struct {
	table     string
	key       []string // of the table
	from, to  string
	otherwise schema.Default // the value of both in a row that is written with neither
	was, is   schema.Type    // of the two, where the types differ
	oneWay    bool           // programs write only the column from
}

// create creates the triggers; its reverse drops them.
func (t twins) create() *op.SQL {
	return &op.SQL{
		Text: schema.SQL{Postgres: t.createPostgres(), SQLite: t.createSQLite()},
		Back: schema.SQL{Postgres: t.dropPostgres(), SQLite: t.dropSQLite()},
	}
}

// drop drops the triggers; its reverse creates them.
func (t twins) drop() *op.SQL {
	o := t.create()
	return &op.SQL{Text: o.Back, Back: o.Text}
}

// back does nothing; its reverse fills the old column, for programs to use it again.
func (t twins) back() *op.SQL {
	return &op.SQL{Back: forEach(func(d schema.Dialect) string {
		return "UPDATE " + quoteTable(t.table) + " SET " + quoteName(t.from) + " = " + t.converted(d, quoteName(t.to),
			t.is, t.was)
	})}
}

// fill copies the values of the old column to the new one, in batches.
func (t twins) fill() *op.Batches {
	return &op.Batches{Table: t.table, Size: batch, Text: forEach(func(d schema.Dialect) string {
		return "UPDATE " + quoteTable(t.table) + " SET " + quoteName(t.to) + " = " + t.converted(d, quoteName(t.from),
			t.was, t.is) +
			" WHERE {rows} AND " + quoteName(t.to) + " IS NULL AND " + quoteName(t.from) + " IS NOT NULL"
	})}
}

// converted returns the expression that converts a value from one type to the other.
func (t twins) converted(d schema.Dialect, value string, was, is schema.Type) string {
	if !t.oneWay {
		return value
	}
	if using := convert.On(d, convert.Column{Name: t.table + "." + t.from, SQL: value}, was, is).Using; using != "" {
		return using
	}
	if d == schema.Postgres {
		return value + "::" + is.For(d)
	}
	return value
}

// trigger returns the name of the triggers, and of PostgreSQL's function.
func (t twins) trigger() string {
	table := t.table[strings.LastIndex(t.table, ".")+1:]
	return objectName("keep_"+table, t.from, "alike")
}

// function returns the quoted name of the trigger's function, in the schema of the table.
func (t twins) function() string {
	space := t.table[:strings.LastIndex(t.table, ".")+1]
	return quoteTable(space + t.trigger())
}

// createPostgres returns the SQL of a trigger that fires before a row is written, so that its constraints see both
// columns.
func (t twins) createPostgres() string {
	from, to := "NEW."+quoteName(t.from), "NEW."+quoteName(t.to)
	var body string
	if t.oneWay {
		body = "  " + to + " := " + t.converted(schema.Postgres, from, t.was, t.is) + ";\n"
	} else {
		body = t.bothWays(from, to, "OLD."+quoteName(t.from), "OLD."+quoteName(t.to))
	}
	return "CREATE FUNCTION " + t.function() + "() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n" + body +
		"  RETURN NEW;\nEND\n$$;\nCREATE TRIGGER " + quoteName(t.trigger()) + " BEFORE INSERT OR UPDATE ON " +
		quoteTable(t.table) +
		"\n  FOR EACH ROW EXECUTE FUNCTION " + t.function() + "()"
}

func (t twins) bothWays(from, to, oldFrom, oldTo string) string {
	neither := ""
	if t.otherwise.Kind != schema.NoDefault && t.otherwise.Kind != schema.NullDefault {
		value := ddl.DefaultSQL(schema.Postgres, t.otherwise)
		neither = "    IF " + from + " IS NULL AND " + to + " IS NULL THEN\n      " + to + " := " + value + ";\n    END IF;\n"
	}
	return "  IF TG_OP = 'INSERT' THEN\n" + neither +
		"    " + to + " := coalesce(" + to + ", " + from + ");\n" +
		"    " + from + " := " + to + ";\n" +
		"  ELSIF " + to + " IS DISTINCT FROM " + oldTo + " THEN\n    " + from + " := " + to + ";\n" +
		"  ELSIF " + from + " IS DISTINCT FROM " + oldFrom + " THEN\n    " + to + " := " + from + ";\n  END IF;\n"
}

func (t twins) dropPostgres() string {
	return "DROP TRIGGER IF EXISTS " + quoteName(t.trigger()) + " ON " + quoteTable(t.table) +
		";\nDROP FUNCTION IF EXISTS " + t.function() + "()"
}

// createSQLite returns the SQL of triggers that fire after a row is written, as SQLite's triggers cannot change it
// before.
func (t twins) createSQLite() string {
	from, to := quoteName(t.from), quoteName(t.to)
	var all []string
	add := func(name, event, when, set string) {
		text := "CREATE TRIGGER " + quoteName(t.trigger()+name) + " AFTER " + event + " ON " + quoteTable(t.table)
		if when != "" {
			text += " WHEN " + when
		}
		all = append(all, text+" BEGIN\n  UPDATE "+quoteTable(t.table)+" SET "+set+" WHERE "+t.sameRow()+";\nEND")
	}
	if t.oneWay {
		set := to + " = " + t.converted(schema.SQLite, "NEW."+from, t.was, t.is)
		add("_insert", "INSERT", "", set)
		add("_update", "UPDATE OF "+from, "", set)
		return strings.Join(all, ";\n")
	}
	otherwise, when := "", "NEW."+to+" IS NOT NEW."+from
	if t.otherwise.Kind != schema.NoDefault && t.otherwise.Kind != schema.NullDefault {
		otherwise = ", " + ddl.DefaultSQL(schema.SQLite, t.otherwise)
		when += " OR NEW." + to + " IS NULL"
	}
	value := "coalesce(NEW." + to + ", NEW." + from + otherwise + ")"
	add("_insert", "INSERT", when, to+" = "+value+", "+from+" = "+value)
	add("_update", "UPDATE OF "+from, "NEW."+from+" IS NOT OLD."+from+" AND NEW."+to+" IS OLD."+to, to+" = NEW."+from)
	add("_back", "UPDATE OF "+to, "NEW."+to+" IS NOT OLD."+to+" AND NEW."+to+" IS NOT NEW."+from, from+" = NEW."+to)
	return strings.Join(all, ";\n")
}

func (t twins) sameRow() string {
	var all []string
	for _, column := range t.key {
		all = append(all, quoteName(column)+" = NEW."+quoteName(column))
	}
	return strings.Join(all, " AND ")
}

func (t twins) dropSQLite() string {
	suffixes := []string{"_insert", "_update"}
	if !t.oneWay {
		suffixes = append(suffixes, "_back")
	}
	var all []string
	for _, suffix := range suffixes {
		all = append(all, "DROP TRIGGER IF EXISTS "+quoteName(t.trigger()+suffix))
	}
	return strings.Join(all, ";\n")
}
