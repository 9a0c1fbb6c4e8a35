package lint

import (
	"slices"

	"guestlist/migrations/internal/ddl"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// code adds the effects of SQL or Go code. Code that declares its changes is judged by them.
func (r *Rolling) code(o op.Operation, before schema.Schema) {
	if len(op.DeclaredBy(o)) > 0 {
		return
	}
	sql, isSQL := o.(*op.SQL)
	if !isSQL {
		r.unlessf(RunsCode, "the Go code of a revision breaks it, which lint cannot tell")
		return
	}
	statements, err := ddl.Statements(schema.Postgres, sql, before)
	if err != nil {
		r.unlessf(RunsSQL, "%q breaks it, which lint cannot tell", o)
		return
	}
	for _, s := range statements {
		switch r.judge(read(s.SQL)) {
		case breaks:
			r.breaksf(RunsSQL, "it uses what %q changes", o)
		case unknown:
			r.unlessf(RunsSQL, "%q breaks it, which lint cannot tell", o)
		default:
		}
	}
}

// judgement is the effect of a statement on the old program.
type judgement int

const (
	harmless judgement = iota
	unknown
	breaks
)

// judge returns breaks for a statement that removes what others use, or that makes the database refuse what they write.
func (r *Rolling) judge(s *reader) judgement {
	if len(s.tokens) == 0 {
		return harmless
	}
	switch s.any("alter table", "drop table", "drop view", "drop materialized view", "drop schema", "drop index", "create",
		"alter view", "alter schema", "comment on", "insert into", "update", "delete from", "select", "with", "values", "set",
		"reset", "savepoint", "release", "show", "grant", "analyze", "vacuum", "reindex", "refresh", "alter index", "lock",
		"alter sequence", "copy") {
	case "alter table":
		return r.judgeAlteration(s)
	case "drop table":
		s.accept("if", "exists")
		used := slices.ContainsFunc(s.parts(), func(p *reader) bool { return !r.fresh[p.name()] })
		if used {
			return breaks
		}
		return harmless
	case "drop view", "drop materialized view", "drop schema", "alter schema", "alter view":
		return breaks
	case "create":
		return r.judgeCreation(s)
	case "drop index", "": // the index may be unique
		return unknown
	default:
		return harmless
	}
}

func (r *Rolling) judgeCreation(s *reader) judgement {
	for s.any("unlogged", "temporary", "temp") != "" {
		continue
	}
	switch s.any("table", "index", "view", "materialized view", "function", "type", "sequence", "schema", "extension",
		"statistics") {
	case "":
		return unknown // unique indexes, triggers, rules, policies, and OR REPLACE
	case "table":
		s.accept("if", "not", "exists")
		r.fresh[s.name()] = true
	}
	return harmless
}

func (r *Rolling) judgeAlteration(s *reader) judgement {
	s.accept("if", "exists")
	s.accept("only")
	if table := s.name(); r.fresh[table] {
		if s.accept("rename", "to") {
			r.fresh[s.name()] = true
		}
		return harmless
	}
	worst := harmless
	for _, part := range s.parts() {
		worst = max(worst, judgeAction(part))
	}
	return worst
}

// judgeAction judges one action of ALTER TABLE.
func judgeAction(s *reader) judgement {
	switch s.any("rename constraint", "rename", "drop constraint", "drop", "set schema", "alter", "validate",
		"set", "reset", "cluster", "attach") {
	case "rename", "drop", "set schema":
		return breaks
	case "alter":
		if s.has("type") {
			return breaks
		}
		if s.has("set", "default") || s.has("drop", "not", "null") || s.has("statistics") || s.has("storage") {
			return harmless
		}
		return unknown
	case "validate", "set", "reset", "cluster", "attach":
		return harmless
	default: // columns and constraints, triggers, row security
		return unknown
	}
}
