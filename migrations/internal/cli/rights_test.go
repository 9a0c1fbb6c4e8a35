package cli_test

import (
	"crypto/rand"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"guestlist/migrations/internal/dbtest"
)

// rights is a database with a revision, and a role that has few rights on it.
type rights struct {
	t       *testing.T
	address string
	owner   *gorm.DB
	role    string
}

func newRights(t *testing.T) rights {
	t.Helper()
	if !dbtest.Postgres() {
		t.Skip("SQLite knows no roles")
	}
	r := rights{t: t, address: dbtest.URL(t), role: "reader_" + strings.ToLower(rand.Text())}
	r.owner = dbtest.Open(t, r.address)
	r.project(r.owner).want("", "upgrade")
	r.do("CREATE ROLE " + r.role + " LOGIN")
	t.Cleanup(func() { r.do("DROP OWNED BY "+r.role, "DROP ROLE "+r.role) })
	return r
}

func (r rights) project(db *gorm.DB) *scratch {
	r.t.Helper()
	s := newScratch(r.t, db)
	s.add("aaaa11110001", "init")
	return s
}

func (r rights) do(statements ...string) {
	r.t.Helper()
	for _, statement := range statements {
		if err := r.owner.Exec(statement).Error; err != nil {
			r.t.Fatalf("%s: %v", statement, err)
		}
	}
}

// as returns the project on a connection of a role, with a setting of the session on.
func (r rights) as(role, setting string) *scratch {
	r.t.Helper()
	address, err := url.Parse(r.address)
	if err != nil {
		r.t.Fatal(err)
	}
	if role != "" {
		address.User = url.User(role)
	}
	if setting != "" {
		query := address.Query()
		query.Set(setting, "on")
		address.RawQuery = query.Encode()
	}
	return r.project(dbtest.Open(r.t, address.String()))
}

func TestRoleThatMayNotReadWhatIsApplied(t *testing.T) {
	t.Parallel()
	r := newRights(t)
	reader := r.as(r.role, "")
	const commands = "current|check|upgrade|upgrade --plan|downgrade --yes|stamp head|history -i"
	for command := range strings.SplitSeq(commands, "|") {
		reader.want("Error: cannot read the applied revisions: role "+r.role+" may not read table migrations\n"+
			"GRANT SELECT ON migrations TO "+r.role+", or connect as the role that migrates\n", strings.Fields(command)...)
	}
	r.do("REVOKE ALL ON SCHEMA public FROM PUBLIC")
	for command := range strings.SplitSeq(commands, "|") {
		reader.want("Error: cannot read the applied revisions: role "+r.role+
			" may not use schema public, which holds table migrations\n"+
			"GRANT USAGE ON SCHEMA public TO "+r.role+" and GRANT SELECT ON migrations TO "+r.role+
			", or connect as the role that migrates\n", strings.Fields(command)...)
	}
	r.do("GRANT USAGE ON SCHEMA public TO "+r.role, "GRANT SELECT ON migrations TO "+r.role)
	reader.want("aaaa11110001 (head)\n", "current")
}

func TestCheckSaysWhatItCannotCompare(t *testing.T) {
	t.Parallel()
	r := newRights(t)
	r.do("GRANT SELECT ON migrations TO " + r.role)
	const (
		role = "Drift not checked: the role may not create schemas, and the comparison creates one that it rolls back.\n" +
			"GRANT CREATE ON DATABASE to the role, or run check as the role that migrates\n"
		standby = "Drift not checked: the database is read-only, as a standby is, and the comparison creates a schema " +
			"that it rolls back.\ncheck the primary\n"
	)
	r.as(r.role, "").want(role, "check")
	r.as("", "default_transaction_read_only").want(standby, "check", "--database")
	behind := r.as(r.role, "")
	behind.add("bbbb11110001", "more", "aaaa11110001")
	behind.want(role+"Error: Target database is not up to date.\n1 revision is not applied: db upgrade applies it\n",
		"check")
}
