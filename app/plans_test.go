package app_test

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// statements is a GORM plugin that collects the statements sent to the database, with their values if it sees them.
type statements struct {
	mutex  sync.Mutex
	values map[string][]any
	callOf map[string]string // the call that was the first to send the statement
	call   string            // the current call
}

// Name implements gorm.Plugin.
func (*statements) Name() string { return database.ObserverName }

// Initialize implements gorm.Plugin.
func (s *statements) Initialize(db *gorm.DB) error {
	all := db.Callback()
	for name, register := range map[string]func(name string, run func(*gorm.DB)) error{
		"query": all.Query().After("gorm:query").Register, "row": all.Row().After("gorm:row").Register,
		"raw": all.Raw().After("gorm:raw").Register, "update": all.Update().After("gorm:update").Register,
		"delete": all.Delete().After("gorm:delete").Register, "create": all.Create().After("gorm:create").Register,
	} {
		err := register("statements:"+name, func(db *gorm.DB) {
			if !db.DryRun { // a dry run is part of another statement
				s.add(db.Statement.SQL.String(), db.Statement.Vars)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ObserveQuery implements database.Observer.
func (s *statements) ObserveQuery(_ context.Context, _ time.Time, text, _ string, _ error) {
	s.add(text, make([]any, strings.Count(text, "$")))
}

func (s *statements) add(text string, values []any) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, known := s.values[text]; !known {
		s.values[text], s.callOf[text] = slices.Clone(values), s.call
	}
}

// listed returns the paths of lists with each of their parameters that the paths of opened lack.
func listed() (paths []string) {
	for path, queries := range map[string][]string{
		"/api/v1/users": {
			"limit=1", "q=ann", "q=ann&sort=-email", "verified=true", "verified=false", "blocked=true", "blocked=false",
			"sort=email", "sort=-lastname",
			"sort=created_at", "sort=-id",
		},
		"/api/v1/events": {"limit=1", "sort=-id", "sort=start_date", "sort=-start_date"}, // events
		"/api/v1/invitedGuestList": { // invitedguest
			"limit=1", "q=ann", "role=guest", "status=unanswered", "mail_status=none", "mail_status=sent", // invitedguest
			"tag_id=1", "sort=email", "sort=-lastname", // invitedguest
			"format=csv", "role=guest&status=unanswered&q=a&mail_status=queued&tag_id=1&sort=-email", // invitedguest
		}, // invitedguest
		"/api/v1/userprofilelist": {"limit=1", "sort=email", "format=csv"}, // invitedguest
	} {
		for _, query := range queries {
			paths = append(paths, path+"?event_id=1&"+query)
		}
	}
	slices.Sort(paths)
	return paths
}

// TestPlans makes every call of the API and checks how the database would execute each statement: it must not read a
// whole table, unless small, wholes or firstPage allows that.
func TestPlans(t *testing.T) {
	t.Parallel()
	sent := &statements{values: map[string][]any{}, callOf: map[string]string{}}
	o := newOpened(t)
	if err := o.DB.Use(sent); err != nil {
		t.Fatal(err)
	}
	for _, route := range o.Routes() {
		if route.Method == httpGet {
			for _, path := range o.paths(route) {
				sent.send(t, o.App, path, o.tokens...)
			}
		}
	}
	for _, path := range listed() {
		next := sent.send(t, o.App, path, o.tokens...)
		if next != "" {
			sent.send(t, o.App, path+"&cursor="+next, o.tokens...)
		}
	}
	act := apptest.New(t)
	tokens := map[string]string{"root": act.RegisterAdmin(t, "root@example.org").Token}
	for _, name := range []string{"ann", "bob", "zed"} {
		tokens[name] = act.Register(t, name+"@example.org").Token
	}
	if err := act.DB.Use(sent); err != nil {
		t.Fatal(err)
	}
	for _, a := range acts {
		method, path, _ := strings.Cut(a.call, " ")
		sent.call = a.call
		act.Send(t, apptest.Request{Method: method, Path: cmp.Or(a.path, path), Token: tokens[a.token],
			Body: bodyOf(attack{body: a.body})})
	}
	sent.call = "housekeeping"
	if err := o.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(sent.values) < 30 {
		t.Errorf("got only %d statements", len(sent.values))
	}
	if dbtest.Postgres() { // by default, it reads small tables as a whole
		pool, err := act.DB.DB()
		if err != nil {
			t.Fatal(err)
		}
		pool.SetMaxOpenConns(1)
		if err := act.DB.Exec("SET enable_seqscan = off").Error; err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range slices.Sorted(maps.Keys(sent.values)) {
		if steps := scans(t, act.DB, text, sent.values[text]); len(steps) > 0 {
			t.Errorf("%s: %s\n%s", sent.callOf[text], text, strings.Join(steps, "\n"))
		}
	}
}

// send requests a path with each of the tokens, and returns the cursor of the next page, if there is one.
func (s *statements) send(t *testing.T, a *apptest.App, path string, tokens ...string) string {
	t.Helper()
	s.call = path
	cursor := ""
	for _, token := range tokens {
		response := a.Send(t, apptest.Request{Method: httpGet, Path: path, Token: token})
		_, after, _ := strings.Cut(response.Header.Get("Link")+response.Body, "cursor")
		if next := strings.FieldsFunc(after,
			func(r rune) bool { return strings.ContainsRune(`&":=>,}`, r) }); len(next) > 0 && next[0] != "null" {
			cursor = next[0]
		}
	}
	return cursor
}

// small are parts of the steps that read the statement itself, or an index that has only the rows that are asked for.
var small = []string{
	"CONSTANT ROW", "-ROW VALUES CLAUSE", "VIRTUAL TABLE INDEX", "json_each", "INDEX idx_users_blocked",
	"INDEX idx_users_unverified",
}

// wholes are parts of statements that read a whole table, or may do so, with the reasons.
var wholes = map[string]string{
	"instr(search_key, ":                   "a search finds words at any place, which no index has",
	"verified_at IS NOT NULL AND":          "nearly all users are verified, so that a page is soon full",
	"blocked_at IS NULL AND":               "and not blocked",
	"position(":                            "the same on PostgreSQL",
	"UPDATE `invited_guest_notifications`": "has a row for each administrator who wants mails",
	`UPDATE "invited_guest_notifications"`: "the same on PostgreSQL",
}

// firstPage matches the query for the first page of a list without a filter. It reads along the list's index, or in the
// table's own order, and stops at the end of the page.
var firstPage = regexp.MustCompile(`FROM .[a-z_]+.( WHERE .[a-z_]+.\..deleted_at. IS NULL)? ` +
	`ORDER BY [a-z_]+( DESC)?(,id( DESC)?)? LIMIT [^ ]+$`)

// scans returns the steps of a statement's plan that read a whole table, unless that is allowed.
func scans(t *testing.T, db *gorm.DB, text string, values []any) (steps []string) {
	t.Helper()
	for part := range wholes {
		if strings.Contains(text, part) {
			return nil
		}
	}
	plan := explain(t, db, text, values)
	if sorts := strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "Sort"); !sorts &&
		firstPage.MatchString(text) {
		return nil
	}
	for step := range strings.SplitSeq(plan, "\n") {
		scan := strings.Contains(step, "SCAN ") || strings.Contains(step, "Seq Scan")
		if scan && !slices.ContainsFunc(small, func(part string) bool { return strings.Contains(step, part) }) {
			steps = append(steps, step)
		}
	}
	return steps
}

func explain(t *testing.T, db *gorm.DB, text string, values []any) string {
	t.Helper()
	if word, _, _ := strings.Cut(text, " "); !slices.Contains([]string{"SELECT", "INSERT", "UPDATE", "DELETE",
		"WITH"}, word) {
		return ""
	}
	query := db.Session(&gorm.Session{DryRun: true}).Raw("")
	query.Statement.SQL.WriteString(text)
	query.Statement.Vars = values
	return dbtest.Plan(t, db, query)
}
