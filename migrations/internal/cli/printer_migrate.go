package cli

import (
	"strings"

	"guestlist/migrations/internal/autogen"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// draft logs the changes in the models and the warnings about them.
func (p *progress) draft(d autogen.Draft) {
	for _, step := range d.Plan.Upgrade {
		p.infof("Detected %s", detected(step.Operation))
	}
	for _, warning := range d.Plan.Warnings() {
		p.warn(warning.String())
	}
	for _, head := range d.Aside {
		p.warn("revision " + head + " is a separate head: the new revision does not include its changes, and may " +
			"repeat them; merge first")
	}
}

// detected describes an operation as Alembic does: added column 'users.phone' string(32).
func detected(o op.Operation) string {
	done := map[string]string{
		"create": "added", "add": "added", "drop": "removed", "rename": "renamed", "alter": "changed",
		"comment": "comment on",
	}
	text := o.String()
	verb, rest, _ := strings.Cut(text, " ")
	if done[verb] == "" {
		return text
	}
	for _, noun := range []string{"table ", "column ", "unique index ", "index ", "unique ", "check ", "foreign key "} {
		if name, ok := strings.CutPrefix(rest, noun); ok {
			name, more, _ := strings.Cut(name, " ")
			return strings.TrimSpace(done[verb] + " " + noun + "'" + name + "' " + more)
		}
	}
	return done[verb] + " " + rest
}

// script prints the SQL of a revision under the name of its dialect.
func (p *printer) script(dialect schema.Dialect, text string) {
	title := map[schema.Dialect]string{schema.Postgres: "PostgreSQL", schema.SQLite: "SQLite"}[dialect]
	p.printf("\n-- %s\n\n%s\n", title, strings.TrimSpace(text))
}
