package cli

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guestlist/migrations/internal/dbtest"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// onDatabase returns the text for the database that the tests run on.
func onDatabase(postgres, sqlite string) string {
	if dbtest.Postgres() {
		return postgres
	}
	return sqlite
}

// TestLossyChangeIsSaidEverywhere checks that the file, migrate, and --plan in both directions warn of lossy changes.
// --plan warns only of what is lossy on the database in use.
func TestLossyChangeIsSaidEverywhere(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	{
		type Item struct {
			ID    int64
			Price float64 `gorm:"type:numeric(20,10)"`
			At    time.Time
			Score float64
		}
		w.migrateAndCompile("aaaa", []any{Item{}})
	}
	w.want("", "upgrade")
	type Item struct {
		ID    int64
		Price float64   `gorm:"type:numeric(10,2)"`
		At    time.Time `gorm:"type:date"`
		Score int64
	}
	const (
		price = "on PostgreSQL, rounds items.price to 2 digits after the decimal point, and fails where a value " +
			"of items.price does not " +
			"fit into numeric(10,2). Count the affected rows first, and keep a copy of what you still need: " +
			"SELECT count(*) FROM items WHERE price <> round(price, 2) OR abs(round(price, 2)) >= 1e8"
		at = "on PostgreSQL, drops the time of day of items.at. Count the affected rows first, and keep a copy of what you " +
			"still need: SELECT count(*) FROM items WHERE at <> at::date"
		score = "rounds items.score to whole numbers, and fails where a value of items.score does not fit into int(64). " +
			"Count the affected rows first, and keep a copy of what you still need: SELECT count(*) FROM items WHERE " +
			"score <> round(score) OR round(score) NOT BETWEEN -9223372036854775808 AND 9223372036854775807"
	)
	text := w.migrateAndCompile("bbbb", []any{Item{}})
	for _, warning := range []string{price, at, score} {
		if !strings.Contains(w.log.String(), "WARN  [migrations] "+warning+"\n") {
			t.Errorf("migrate does not warn: %s\nthe log is\n%s", warning, w.log.String())
		}
		first, _, _ := strings.Cut(warning, ". ")
		if said := strings.Join(strings.Fields(strings.ReplaceAll(text, "//", "")), " "); !strings.Contains(said,
			"WARNING: "+first) {
			t.Errorf("the file does not warn: %s\nit is\n%s", warning, text)
		}
	}
	w.want("upgrade aaaa -> bbbb, \n"+
		"    alter column items.price type numeric(10,2)\n"+onDatabase("        WARNING: "+price+"\n", "")+
		"    alter column items.at type date\n"+onDatabase("        WARNING: "+at+"\n", "")+
		"    alter column items.score type int(64)\n        WARNING: "+score+"\n", "upgrade", "--plan")
	w.want("", "upgrade")
	w.want("downgrade bbbb -> aaaa, \n"+
		"    alter column items.score type float(64)\n"+onDatabase("", "        WARNING: on SQLite, rounds numbers of "+
		"items.score beyond 9007199254740992. Count the affected rows first, and keep a copy of what you still need: "+
		"SELECT count(*) FROM items WHERE score NOT BETWEEN -9007199254740992 AND 9007199254740992\n")+
		"    alter column items.at type time\n"+
		onDatabase("        WARNING: on PostgreSQL, reads items.at as midnight in the "+
			"session's TimeZone. Count the affected rows first, and keep a copy of what you still need: "+
			"SELECT count(*) FROM items WHERE at IS NOT NULL\n", "")+
		"    alter column items.price type numeric(20,10)\n", "downgrade", "--plan")
}

// TestDowngradeCountsTheRowsItChanges checks that a downgrade counts the rows whose values it changes, not only those
// that it drops.
func TestDowngradeCountsTheRowsItChanges(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	{
		type Item struct {
			ID    int64
			Score int64
		}
		w.migrateAndCompile("aaaa", []any{Item{}})
	}
	type Item struct {
		ID    int64
		Score float64
	}
	w.migrateAndCompile("bbbb", []any{Item{}})
	w.want("", "upgrade")
	if err := w.db.Create([]Item{{Score: 1.5}, {Score: 2}, {Score: 2.25}}).Error; err != nil {
		t.Fatal(err)
	}
	w.want("", "downgrade", "--yes")
	const want = "This rounds items.score to whole numbers, and fails where a value of items.score does not fit " +
		"into int(64): " +
		"2 rows.\n"
	if !strings.HasPrefix(w.log.String(), want) {
		t.Errorf("the downgrade says\n%s\nwant it to begin with\n%s", w.log.String(), want)
	}
	var scores []int64
	rounded := []int64{2, 2, 2}
	if err := w.db.Raw("SELECT score FROM items ORDER BY id").Scan(&scores).Error; err != nil ||
		!slices.Equal(scores, rounded) {
		t.Errorf("the scores are %v, %v; want %v, no error", scores, err, rounded)
	}
}

// TestDowngradeCountsRowsOfRenamedTables checks that a downgrade counts the rows of a table or column that it renames
// before it changes the values.
func TestDowngradeCountsRowsOfRenamedTables(t *testing.T) {
	t.Parallel()
	for _, is := range []struct{ table, column string }{{"goods", "points"}, {"goods", "score"}, {"items", "points"}} {
		t.Run(is.table+"."+is.column, func(t *testing.T) {
			t.Parallel()
			w := newTestProject(t)
			for _, r := range []revision.Revision{
				{ID: "aaaa", Upgrade: func(m *op.Migration) {
					m.CreateTable("items", op.Column("id", op.Int(64)).PrimaryKey(), op.Column("score", op.Int(64)))
				}, Downgrade: func(m *op.Migration) { m.DropTable("items") }},
				{ID: "bbbb", DownRevision: []string{"aaaa"}, Upgrade: func(m *op.Migration) {
					m.AlterColumn("items", "score").Type(op.Type("double precision"))
				}, Downgrade: func(m *op.Migration) { m.AlterColumn("items", "score").Type(op.Int(64)) }},
				{ID: "cccc", DownRevision: []string{"bbbb"}, Upgrade: func(m *op.Migration) {
					if is.table != "items" {
						m.RenameTable("items", is.table)
					}
					if is.column != "score" {
						m.RenameColumn(is.table, "score", is.column)
					}
				}, Downgrade: func(m *op.Migration) {
					if is.column != "score" {
						m.RenameColumn(is.table, is.column, "score")
					}
					if is.table != "items" {
						m.RenameTable(is.table, "items")
					}
				}},
			} {
				r.File = r.ID + ".go"
				w.env.Revisions.Register(r)
			}
			w.want("", "upgrade")
			insert := "INSERT INTO " + is.table + " (id, " + is.column + ") VALUES (1, 1.5), (2, 2), (3, 2.25)"
			if err := w.db.Exec(insert).Error; err != nil {
				t.Fatal(err)
			}
			w.want("", "downgrade", "aaaa", "--yes")
			want := "This rounds items.score to whole numbers, and fails where a value of items.score does not fit " +
				"into int(64): 2 rows.\n"
			if !strings.HasPrefix(w.log.String(), want) {
				t.Errorf("the downgrade says\n%s\nwant it to begin with\n%s", w.log.String(), want)
			}
			w.want("", "upgrade")
			if err := w.db.Exec("ALTER TABLE " + is.table + " RENAME COLUMN " + is.column + " TO other").Error; err != nil {
				t.Fatal(err)
			}
			if got := w.run("downgrade", "aaaa", "--yes"); !strings.Contains(got, is.column) {
				t.Errorf("the downgrade without the column: got %s, want an error that names %s", got, is.column)
			}
			if got, want := w.log.String(), "int(64): how many rows is unknown.\n"; !strings.Contains(got, want) {
				t.Errorf("the downgrade without the column says\n%s\nwant it to contain\n%s", got, want)
			}
		})
	}
}

// TestDowngradeLosesNothingOfNewColumns checks that a downgrade that adds a column and then converts it
// reports no loss, because no stored value changes.
func TestDowngradeLosesNothingOfNewColumns(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	score := op.Column("score", op.Type("double precision")).NotNull().Default(1.5)
	for _, r := range []revision.Revision{
		{ID: "aaaa", Upgrade: func(m *op.Migration) {
			m.CreateTable("items", op.Column("id", op.Int(64)).PrimaryKey(),
				op.Column("score", op.Int(64)).NotNull().Default(1))
		}, Downgrade: func(m *op.Migration) { m.DropTable("items") }},
		{ID: "bbbb", DownRevision: []string{"aaaa"}, Upgrade: func(m *op.Migration) {
			m.AlterColumn("items", "score").Type(op.Type("double precision")).Default(1.5)
		}, Downgrade: func(m *op.Migration) { m.AlterColumn("items", "score").Type(op.Int(64)).Default(1) }},
		{ID: "cccc", DownRevision: []string{"bbbb"}, Upgrade: func(m *op.Migration) { m.DropColumn("items", "score") },
			Downgrade: func(m *op.Migration) { m.AddColumn("items", score) }},
	} {
		r.File = r.ID + ".go"
		w.env.Revisions.Register(r)
	}
	w.want("", "upgrade")
	if err := w.db.Exec("INSERT INTO items (id) VALUES (1), (2)").Error; err != nil {
		t.Fatal(err)
	}
	w.want("", "downgrade", "aaaa")
	if got, unwanted := w.log.String(), "This rounds"; strings.Contains(got, unwanted) {
		t.Errorf("the downgrade says\n%s\nwant nothing with %q", got, unwanted)
	}
}

// TestUnreadableValuesAreRefused checks that an upgrade refuses values that SQLite would keep but Go could no longer
// read, and that the query in the hint finds them.
func TestUnreadableValuesAreRefused(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	{
		type Item struct {
			ID   int64
			Sold string
			Seen string
		}
		w.migrateAndCompile("aaaa", []any{Item{}})
	}
	w.want("", "upgrade")
	if err := w.db.Exec("INSERT INTO items (id, sold, seen) VALUES (1, 'yes', '2026-01-02 03:04:05+00:00'), (2, 'oh', " +
		"'never')").Error; err != nil {
		t.Fatal(err)
	}
	type Item struct {
		ID   int64
		Sold bool `gorm:"type:boolean"`
		Seen time.Time
	}
	w.migrateAndCompile("bbbb", []any{Item{}})
	got := w.run("upgrade")
	if !strings.Contains(got, "column items.sold holds 'oh', which does not fit the new type") {
		t.Errorf("upgrade prints %s", got)
	}
	_, query, _ := strings.Cut(strings.TrimSpace(got), "this finds them: ")
	var found []struct{ ID int64 }
	if err := w.db.Raw(query).Scan(&found).Error; err != nil || len(found) != 1 || found[0].ID != 2 {
		t.Errorf("%s finds %v, %v; want the row 2, no error", query, found, err)
	}
	if err := w.db.Exec("DELETE FROM items WHERE id = 2").Error; err != nil {
		t.Fatal(err)
	}
	w.want("", "upgrade")
	var items []Item
	if err := w.db.Find(&items).Error; err != nil || len(items) != 1 || !items[0].Sold || items[0].Seen.IsZero() {
		t.Errorf("the rows are read as %v, %v; want one sold and seen, no error", items, err)
	}
}

// TestDroppedTableThatRowsPointAt checks that the file warns of what would make the trial fail, in both directions.
func TestDroppedTableThatRowsPointAt(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	{
		type Team struct{ ID int64 }
		type User struct {
			ID     int64
			TeamID int64
			Team   Team
		}
		w.migrateAndCompile("aaaa", []any{Team{}, User{}})
	}
	type User struct {
		ID     int64
		TeamID int64
	}
	wantBody(t, w.migrate("bbbb", []any{User{}}), `m.DropForeignKey("fk_users_team", "users")

// WARNING: drops table teams with its rows. Keep a copy of what you still need.
// WARNING: leaves rows of users that reference rows of teams by team_id. Count them first, and
// change them if they should reference nothing:
// SELECT count(*) FROM users WHERE team_id IS NOT NULL
m.DropTable("teams")
--
m.CreateTable("teams",
	op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
)

// WARNING: the foreign key fk_users_team fails where rows of users reference rows of teams, which
// has none yet. Fill it with m.SQL first, or find them:
// SELECT * FROM users WHERE team_id IS NOT NULL
m.AddForeignKey("fk_users_team", "users", "team_id").References("teams", "id")
`)
	w.wantLog("INFO  [migrations] Detected removed foreign key 'fk_users_team' on users\n" +
		"INFO  [migrations] Detected removed table 'teams'\n" +
		"WARN  [migrations] drops table teams with its rows. Keep a copy of what you still need.\n" +
		"WARN  [migrations] leaves rows of users that reference rows of teams by team_id. Count them first, and " +
		"change them if " +
		"they should reference nothing: SELECT count(*) FROM users WHERE team_id IS NOT NULL\n" +
		"INFO  [migrations] On PostgreSQL, drop foreign key fk_users_team on users takes ACCESS EXCLUSIVE on users, ACCESS " +
		"EXCLUSIVE on teams for a moment\n" +
		"INFO  [migrations] On PostgreSQL, drop table teams takes ACCESS EXCLUSIVE on teams for a moment\n")
}

// TestPlanSaysWhatFails checks that --plan, too, warns of what fails with the existing rows, in both directions.
func TestPlanSaysWhatFails(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	{
		type Item struct {
			ID   int64
			Code string `gorm:"uniqueIndex"`
			Size int64
		}
		w.migrateAndCompile("aaaa", []any{Item{}})
	}
	type Item struct {
		ID   int64
		Code string
		Size uint8
		Rank int64 `gorm:"type:bigint DEFAULT 9 CHECK (rank < 3)"`
	}
	w.migrateAndCompile("bbbb", []any{Item{}})
	w.want("", "upgrade", "aaaa")
	if err := w.db.Exec("INSERT INTO items (id, code, size) VALUES (1, 'a', -1), (2, 'b', 7)").Error; err != nil {
		t.Fatal(err)
	}
	plan := w.run("upgrade", "--plan")
	for _, warning := range []string{
		"the check items_rank_check fails where rows of items do not meet it. Find them first: SELECT * FROM items " +
			"WHERE NOT (9 < 3)",
		"fails where a value of items.size does not fit into uint(8). Find such values first, and change them: " +
			"SELECT count(*) FROM items WHERE size NOT BETWEEN 0 AND 255",
	} {
		if !strings.Contains(plan, "        WARNING: "+warning+"\n") {
			t.Errorf("%q is not in\n%s", warning, plan)
		}
	}
	if err := w.db.Exec("DELETE FROM items").Error; err != nil {
		t.Fatal(err)
	}
	w.want("", "upgrade")
	const shared = "        WARNING: the unique index idx_items_code fails where rows of items share code. Find " +
		"them first: " +
		"SELECT code, count(*) FROM items WHERE code IS NOT NULL GROUP BY code HAVING count(*) > 1\n"
	if plan = w.run("downgrade", "--plan"); !strings.Contains(plan, shared) {
		t.Errorf("%q is not in\n%s", shared, plan)
	}
}
