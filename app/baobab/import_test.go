package baobab_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/bcrypt"
	"gorm.io/gorm"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/baobab"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/tags"
	"guestlist/app/users"
)

// oldPassword returns the hash of "old password" as Flask-Bcrypt computes it, at the lowest cost.
var oldPassword = sync.OnceValue(func() string {
	hash, err := bcrypt.GenerateFromPassword([]byte("old password"), bcrypt.MinCost)
	if err != nil {
		panic(err)
	}
	return strings.Replace(string(hash), "$2a$", "$2b$", 1)
})

// source is a database of the original program.
type source struct {
	*gorm.DB

	address string
}

// newSource returns a database of the original program with the data of the files in testdata.
func newSource(t *testing.T, files ...string) source {
	t.Helper()
	if !dbtest.Postgres() {
		t.Skipf("the original's database is PostgreSQL: set %s", dbtest.ServerVariable)
	}
	address := dbtest.URL(t)
	s := source{dbtest.Open(t, address, database.Options{PoolSize: 1}), address}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		s.do(t, strings.ReplaceAll(string(text), "HASH", oldPassword()))
	}
	return s
}

func (s source) do(t *testing.T, statements string) {
	t.Helper()
	if err := s.Exec(statements).Error; err != nil {
		t.Fatal(err)
	}
}

// lagos is an hour ahead of UTC.
var lagos = time.FixedZone("Africa/Lagos", 3600)

// target is an application into which data is imported.
type target struct{ *apptest.App }

// onBoth runs the test with the data of the files, and with a target on SQLite and on PostgreSQL.
func onBoth(t *testing.T, files []string, test func(t *testing.T, from source, to target)) {
	t.Helper()
	for name, address := range map[string]func(testing.TB) string{"SQLite": dbtest.SQLiteURL, "PostgreSQL": dbtest.URL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := newSource(t, files...)
			a := apptest.On(t, address(t), func(c *app.Config) {
				c.EventRoles, c.TimeZone = []string{"speaker"}, lagos
			})
			test(t, from, target{a})
		})
	}
}

// run runs the import command and returns what it prints.
func (a target) run(t *testing.T, arguments ...string) (stdout string, err error) {
	t.Helper()
	var out bytes.Buffer
	command := baobab.Command(baobab.Environment{
		Open: func(context.Context) (*baobab.Importer, error) {
			return baobab.NewImporter(a.DB, a.Config.EventRoles, a.Config.TimeZone), nil
		},
		Stdout: &out,
	})
	root := &cobra.Command{Use: "import", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(command)
	root.SetArgs(append([]string{"baobab"}, arguments...))
	err = root.ExecuteContext(t.Context())
	return out.String(), err
}

// mustRun is run, but fails the test on an error and returns the lines.
func (a target) mustRun(t *testing.T, arguments ...string) []string {
	t.Helper()
	stdout, err := a.run(t, arguments...)
	if err != nil {
		t.Fatalf("%v\n%s", err, stdout)
	}
	return strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
}

func (a target) find(t *testing.T, into any, query string, values ...any) {
	t.Helper()
	if err := a.DB.Unscoped().Where(query, values...).Take(into).Error; err != nil {
		t.Fatalf("%s %v: %v", query, values, err)
	}
}

func (a target) count(t *testing.T, model any) (count int64) {
	t.Helper()
	if err := a.DB.Unscoped().Model(model).Count(&count).Error; err != nil {
		t.Fatal(err)
	}
	return count
}

func (a target) signIn(t *testing.T, email, password string) apptest.Response {
	t.Helper()
	return a.Send(t, apptest.Request{
		Method: http.MethodPost, Path: "/api/v1/authenticate", Body: map[string]any{"email": email, "password": password},
	})
}

var people = []string{"schema.sql", "people.sql"}

// notes are the lines about the rows in people.sql that are skipped.
var notes = []string{
	"app_user 7: skipped: email is not a valid email address",
	"app_user 9: skipped: app_user 2 has the same address, ann@example.org",
	"app_user 6: skipped: app_user 4 has the same address, bob@example.org, and gets its roles and invitations, but " +
		"does not become an administrator of the system",
	"event_translation 3: skipped: language must be a language tag such as en or pt-BR",
	"event 3: skipped: end_date must not be before start_date",
	"event 4: skipped: key must be at most 100 letters, digits, dots, hyphens and underscores, and begin with " +
		"a letter or a digit",
	"event_role 4: skipped: app_user 5 is deleted",
	"event_role 5: skipped: app_user 7 is skipped",
	`event_role 6: skipped: the role "read_only" does not exist here: add it to EVENT_ROLES and import again`,
	"event_role 7: skipped: event 3 is skipped",
	"event_role 8: skipped: event_role 1 says the same",
	"tag 4: skipped: tag 1 says the same, and its guests get that one",
	"tag 6: skipped: event 3 is skipped",
	`invited_guest 3: skipped: invited_guest 2 invites bob@example.org to the event gala already, ` +
		`as "Guest"; this one, as "Mentor", leaves its tags to it`,
	"invited_guest 4: skipped: app_user 5 is deleted",
	`invited_guest 6: skipped: invited_guest 1 invites new@example.org to the event gala already, ` +
		`as "Speaker"; this one, as "Guest", leaves its tags to it`,
	"invited_guest 7: skipped: event 3 is skipped",
	"invited_guest 8: skipped: role is required",
	"invited_guest_tag 5: skipped: invited_guest_tag 1 says the same",
	"invited_guest_tag 7: skipped: invited_guest 4 is skipped",
	"invited_guest_tag 8: skipped: tag 1 is of another event than invited_guest 5",
}

// mends are the lines about the rows in people.sql that are imported with changes.
var mends = []string{
	"app_user 4: imported without its language, which must be a language tag such as en or pt-BR",
	"app_user 8: imported without its firstname, which must have no control characters or line breaks",
	"app_user 8: imported without its password_hash, which is not a bcrypt or argon2id hash that can be checked",
	"event 1: imported with its name as its description in fr, which is empty",
	"event 1: imported without its application_close, which must not be before application_open",
	"tag 1: imported with its name as its description in fr, which is empty",
	"event 2: imported without its email_from, which is not a valid email address",
}

// table returns the last lines of a report.
func table(heading string, counts [7][3]int, conclusion string) []string {
	lines := []string{strings.TrimRight(fmt.Sprintf("%-16s  %-*s  there already  skipped", "", max(7, len(heading)),
		heading), " ")}
	for i, kind := range []string{"accounts", "deleted accounts", "events", "roles", "tags", "guests", "tags of guests"} {
		lines = append(lines, fmt.Sprintf("%-16s  %-*d  %-13d  %-8d", kind, max(7, len(heading)), counts[i][0], counts[i][1],
			counts[i][2]))
	}
	return append(lines, conclusion)
}

func expect(t *testing.T, step string, got []string, want ...[]string) {
	t.Helper()
	trim := func(lines []string) string {
		for i := range lines {
			lines[i] = strings.TrimRight(lines[i], " ")
		}
		return strings.Join(lines, "\n")
	}
	if got, want := trim(slices.Clone(got)), trim(slices.Concat(want...)); got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", step, got, want)
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	onBoth(t, people, func(t *testing.T, from source, to target) {
		counts := [7][3]int{{5, 0, 2}, {1, 0, 1}, {2, 0, 2}, {4, 0, 5}, {4, 0, 2}, {3, 0, 5}, {6, 0, 3}}
		dry := to.mustRun(t, "--dry-run", from.address)
		expect(t, "dry run", dry, notes, mends,
			table("to create", counts, "organisation 1 (Example Society): nothing was changed; this was a dry run."))
		for _, model := range app.Models() {
			if n := to.count(t, model); n != 0 {
				t.Errorf("the dry run stored %d of %T, want none", n, model)
			}
		}
		expect(t, "first", to.mustRun(t, from.address), notes, mends,
			table("created", counts, "Imported organisation 1 (Example Society). No mail was sent."))
		recorded := to.count(t, &audit.Event{})
		var invited int64
		if err := to.DB.Model(&audit.Event{}).Where("kind = ?", audit.GuestInvited).Count(&invited).Error; err != nil ||
			invited != 3 {
			t.Errorf("recorded the invitations of %d guests, %v; want 3, no error", invited, err)
		}
		again := [7][3]int{}
		for i, c := range counts {
			again[i] = [3]int{0, c[0], c[2]}
		}
		expect(t, "again", to.mustRun(t, from.address), notes,
			table("created", again, "organisation 1 (Example Society) has nothing new: nothing was changed."))
		if now := to.count(t, &audit.Event{}); now != recorded {
			t.Errorf("the second run recorded %d audit events, want none", now-recorded)
		}
		if mails := to.Mails(t); len(mails) != 0 {
			t.Errorf("mailed %v, want nothing", mails)
		}
		from.do(t, `INSERT INTO app_user (email, firstname, lastname, user_title, password, active, is_admin,
				is_deleted, organisation_id)
				VALUES ('late@example.org', 'Lee', 'Late', '', 'x', true, false, false, 1);
			INSERT INTO event_role (event_id, user_id, role) VALUES (1, 10, 'registration-admin'), (2, 4, 'reviewer');
			INSERT INTO invited_guest (event_id, user_id, role) VALUES (1, 10, 'Guest');
			INSERT INTO invited_guest_tag (invited_guest_id, tag_id) VALUES (9, 1), (2, 2)`)
		for _, kind := range []int{0, 3, 3, 5, 6, 6} {
			again[kind][0]++
		}
		again[6][2]++ // guest 2 already has this tag, from guest 3
		third := append(slices.Clone(notes), "invited_guest_tag 11: skipped: invited_guest_tag 6 says the same",
			"app_user 10: imported without its password_hash, which is not a bcrypt or argon2id hash that can be checked")
		again[6][0]--
		expect(t, "third", to.mustRun(t, from.address), third,
			table("created", again, "Imported organisation 1 (Example Society). No mail was sent."))
	})
}

func TestImportedAccounts(t *testing.T) {
	t.Parallel()
	onBoth(t, append(people, "registrations.sql"), func(t *testing.T, from source, to target) {
		to.mustRun(t, from.address)
		for email, want := range map[string]int{
			"root@example.org": 200, "ANN@example.org": 200, "new@example.org": 200, "bob@example.org": 200,
			"gone@example.org": 401, "pam@example.org": 401,
		} {
			if got := to.signIn(t, email, "old password"); got.Status != want || to.signIn(t, email, "another").Status != 401 {
				t.Errorf("%s: got %d %s, want %d", email, got.Status, got.Body, want)
			}
		}
		var root, ann, fresh, gone, pam users.User
		to.find(t, &root, "email = ?", "root@example.org")
		to.find(t, &ann, "email = ?", "ann@example.org")
		to.find(t, &fresh, "email = ?", "new@example.org")
		to.find(t, &gone, "email = ?", "gone@example.org")
		to.find(t, &pam, "email = ?", "pam@example.org")
		admins := [...]bool{root.IsAdmin, ann.IsAdmin, gone.IsAdmin}
		if want := [...]bool{true, false, false}; admins != want {
			t.Errorf("root, ann and gone: got administrators %v, want %v", admins, want)
		}
		if at := gone.DeletedAt; !at.Valid || at.Time.Year() != 2099 || gone.PasswordHash != "" {
			t.Errorf("got %+v, want it deleted in 2099 and without a password", gone)
		}
		got := [...]string{ann.Firstname, ann.Lastname, ann.UserTitle, ann.PrimaryLanguage}
		if want := [...]string{"Ann", "Ångström", "Prof", "fr"}; got != want {
			t.Errorf("ann: got %q, want %q", got, want)
		}
		if ann.VerifiedAt == nil {
			t.Error("ann is not verified")
		}
		const agreed = "2099-01-02 03:04:05"
		if at := ann.PolicyAgreedAt; at == nil || at.UTC().Format(time.DateTime) != agreed {
			t.Errorf("ann agreed to the policy at %v, want %s", at, agreed)
		}
		if fresh.VerifiedAt != nil || fresh.PolicyAgreedAt != nil || fresh.PrimaryLanguage != "en" {
			t.Errorf("got %+v, want it not verified, without an agreement, and in English", fresh)
		}
		if pam.Firstname != "" || pam.PasswordHash != "" {
			t.Errorf("got %+v, want it without a first name and a password", pam)
		}
		var session apptest.User
		to.signIn(t, "root@example.org", "old password").Decode(t, http.StatusOK, &session)
		list := to.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/users?q=%C3%A5ngstr", Token: session.Token})
		if want := `"email":"ann@example.org"`; !strings.Contains(list.Body, want) {
			t.Errorf("the list lacks %s: %s", want, list.Body)
		}
		if late := to.Register(t, "later@example.org"); late.ID < 6 {
			t.Errorf("got the id %d, want at least 6", late.ID)
		}
		guests := to.Send(t,
			apptest.Request{Method: http.MethodGet, Path: "/api/v1/invitedGuestList?event_id=1&sort=email&format=csv",
				Token: session.Token})
		want := "invited_guest_id,email,user_title,firstname,lastname,language,role,status,answered_at," +
			"tags,tag_ids,comment,mail_status\n" +
			"2,bob@example.org,Mr,Bob,Lee,en,Guest,accepted,2100-01-02T03:04:05Z,VIP; Speaker,1;2,,none\n" +
			"1,new@example.org,Ms,Nia,New,en,Speaker,invited,,VIP; Speaker,1;2,,none\n"
		if guests.Body != want {
			t.Errorf("got the guests\n%s\nwant\n%s", guests.Body, want)
		}
	})
}

func TestImportedEvents(t *testing.T) {
	t.Parallel()
	onBoth(t, people, func(t *testing.T, from source, to target) {
		from.do(t, `INSERT INTO event (key, start_date, end_date, organisation_id, email_from, url, event_type, travel_grant)
				VALUES ('paper', '2100-01-01', NULL, 1, '', '', 'JOURNAL', false);
			INSERT INTO event_translation (event_id, language, name, description) VALUES (5, 'en', 'The paper', 'A journal')`)
		to.mustRun(t, from.address)
		var gala, call, paper events.Event
		to.find(t, &paper, "key = ?", "paper")
		to.find(t, &gala, "key = ?", "gala")
		to.find(t, &call, "key = ?", "call")
		got := [...]string{gala.Name["en"], gala.Name["fr"], gala.Description["en"], gala.Description["fr"],
			gala.EventType, gala.EmailFrom, gala.URL}
		if want := [...]string{"The gala", "Le gala", "A dinner", "Le gala",
			"event", "gala@example.org", "https://example.org/gala"}; got != want {
			t.Errorf("gala: got %q, want %q", got, want)
		}
		if len(gala.Name) != 2 {
			t.Errorf("gala: got the names %v, want 2", gala.Name)
		}
		const layout = "2006-01-02 15:04"
		if got, want := gala.EndDate.UTC().Format(layout), "2100-03-05 18:00"; got != want {
			t.Errorf("gala: got the end %s, want %s", got, want)
		}
		if gala.RegistrationClose == nil || gala.ApplicationOpen == nil || gala.ApplicationClose != nil {
			t.Errorf("gala: got %+v, want registration_close and application_open, but no application_close", gala)
		}
		if call.EventType != "call" || call.EmailFrom != "" || call.RegistrationOpen != nil || !call.TravelGrant {
			t.Errorf("got %+v, want a call with travel grants, but without a sender and an opening of the registration", call)
		}
		if want := "https://mini.example.org"; call.MiniconfURL != want {
			t.Errorf("call: got the address %s of the online event, want %s", call.MiniconfURL, want)
		}
		if gala.TimeZone != "Africa/Lagos" {
			t.Errorf("the time zone is %q, want that of the setting", gala.TimeZone)
		}
		if paper.EventType != "journal" || paper.EndDate != nil {
			t.Errorf("got %+v, want a journal without an end", paper)
		}
		if gala.TravelGrant {
			t.Error("gala: got travel grants, want none")
		}
		var held []string
		if err := to.DB.Model(&events.Role{}).InnerJoins("User").InnerJoins("Event").Order("event_roles.id").
			Pluck("\"Event\".key || ' ' || \"User\".email || ' ' || role", &held).Error; err != nil {
			t.Fatal(err)
		}
		if want := []string{"gala ann@example.org admin", "gala new@example.org reviewer", "gala bob@example.org treasurer",
			"call ann@example.org speaker"}; !slices.Equal(held, want) {
			t.Errorf("got the roles %q, want %q", held, want)
		}
		var vip, speaker, old tags.Tag
		to.find(t, &old, "name LIKE '%Old%'")
		if old.RemovedAt == nil || old.Type() != "GRANT" {
			t.Errorf("got %+v, want a removed tag of the type GRANT", old)
		}
		to.find(t, &vip, "id = 1")
		to.find(t, &speaker, "id = 2")
		told := [...]string{vip.TagType, vip.Name["fr"], vip.Description["en"], vip.Description["fr"], speaker.TagType}
		if want := [...]string{"registration", "Invité", "Very important", "Invité", "registration"}; told != want {
			t.Errorf("vip and speaker: got %q, want %q", told, want)
		}
		if len(speaker.Description) != 0 {
			t.Errorf("speaker: got the description %v, want none", speaker.Description)
		}
	})
}

// TestImportLeavesWhatIsThere checks that an import keeps an account that exists here, and that a second import keeps
// what was changed or deleted here since the first.
func TestImportLeavesWhatIsThere(t *testing.T) {
	t.Parallel()
	onBoth(t, people, func(t *testing.T, from source, to target) {
		mine := to.Register(t, "root@example.org") // before the import, and not a system administrator
		got := to.mustRun(t, from.address)
		want := "app_user 1: root@example.org has an account here, which does not become a system administrator: " +
			"users grant-admin root@example.org"
		if !slices.Contains(got, want) || to.signIn(t, "root@example.org", "old password").Status != http.StatusUnauthorized {
			t.Errorf("got\n%s\nwant %s", strings.Join(got, "\n"), want)
		}
		for _, change := range []*gorm.DB{
			to.DB.Model(&users.User{}).Where("email = ?", "ann@example.org").Update("firstname", "Anne"),
			to.DB.Model(&events.Event{}).Where("key = ?", "gala").Update("url", "https://example.org/new"),
			to.DB.Model(&invitedguest.InvitedGuest{}).Where("id = 2").Update("status", invitedguest.Declined),
			to.DB.Where("email = ?", "new@example.org").Delete(&users.User{}),
		} {
			if change.Error != nil || change.RowsAffected != 1 {
				t.Fatalf("changed %d rows, %v; want 1, no error", change.RowsAffected, change.Error)
			}
		}
		before := to.count(t, &users.User{})
		got = to.mustRun(t, from.address)
		for _, want := range []string{
			"app_user 3: skipped: the account of new@example.org was deleted here",
			"event_role 2: skipped: the account of new@example.org was deleted here",
			"invited_guest 1: skipped: the account of new@example.org was deleted here",
			"invited_guest_tag 1: skipped: invited_guest 1 is skipped",
			"organisation 1 (Example Society) has nothing new: nothing was changed.",
		} {
			if !slices.Contains(got, want) {
				t.Errorf("got\n%s\nwant %s", strings.Join(got, "\n"), want)
			}
		}
		var guest invitedguest.InvitedGuest
		to.find(t, &guest, "id = 2")
		if to.count(t, &users.User{}) != before || guest.Status != invitedguest.Declined || mine.ID != 1 {
			t.Errorf("got %d accounts, want %d; got the guest %+v, want it declined", to.count(t, &users.User{}), before, guest)
		}
	})
}

func TestImportChoosesAnOrganisation(t *testing.T) {
	t.Parallel()
	onBoth(t, people, func(t *testing.T, from source, to target) {
		from.do(t, `INSERT INTO organisation (name, system_name, small_logo, large_logo, icon_logo, domain, url,
				system_url, privacy_policy, languages)
				VALUES ('Other Society', '', '', '', '', '', '', '', '', '[]');
			INSERT INTO app_user (email, firstname, lastname, user_title, password, active, is_admin,
				is_deleted, organisation_id)
				VALUES ('ann@example.org', 'Other', 'Ann', '', 'x', true, true, false, 2);
			INSERT INTO event (key, start_date, end_date, organisation_id, email_from, url, event_type, travel_grant)
				VALUES ('other', '2100-01-01', '2100-01-02', 2, '', '', 'EVENT', false);
			INSERT INTO event_translation (event_id, language, name, description) VALUES (5, 'en', 'Other', 'Other');
			INSERT INTO event_role (event_id, user_id, role) VALUES (5, 10, 'admin'), (5, 2, 'admin')`)
		for organisation, want := range map[string]string{
			"": "the database has several organisations\nchoose one with --organisation: 1 (Example Society), 2 " +
				"(Other Society)",
			"3":     `--organisation: "3" is not one of 1 (Example Society), 2 (Other Society)`,
			"Other": `--organisation: "Other" is not one of 1 (Example Society), 2 (Other Society)`,
		} {
			if _, err := to.run(t, "--organisation", organisation, from.address); err == nil || err.Error() != want {
				t.Errorf("%q: got %v, want %s", organisation, err, want)
			}
		}
		got := to.mustRun(t, "--organisation", "other society", from.address)
		expect(t, "the other", got,
			[]string{"event_role 11: skipped: app_user 2 is of another organisation",
				"app_user 10: imported without its password_hash, which is not a bcrypt or argon2id hash that can be checked"},
			table("created", [7][3]int{{1, 0, 0}, {}, {1, 0, 0}, {1, 0, 1}},
				"Imported organisation 2 (Other Society). No mail was sent."))
		if got := to.mustRun(t, "--organisation", "1", from.address); slices.ContainsFunc(got,
			func(line string) bool { return strings.HasPrefix(line, "app_user 10") }) {
			t.Errorf("got\n%s\nwant nothing about app_user 10", strings.Join(got, "\n"))
		}
	})
}

// TestImportAtOnce lets two operators import the same data at the same time. It checks that one of them imports it, and
// that the other finds nothing new.
func TestImportAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, people, func(t *testing.T, from source, to target) {
		var ends [2]string
		var failed [2]error
		var both sync.WaitGroup
		for i := range ends {
			both.Go(func() {
				stdout, err := to.run(t, from.address)
				lines := strings.Split(strings.TrimSpace(stdout), "\n")
				ends[i], failed[i] = lines[len(lines)-1], err
			})
		}
		both.Wait()
		slices.Sort(ends[:])
		want := [2]string{"Imported organisation 1 (Example Society). No mail was sent.",
			"organisation 1 (Example Society) has nothing new: nothing was changed."}
		if ends != want || failed != [2]error{} {
			t.Errorf("got %q and %v, want %q", ends, failed, want)
		}
		for model, want := range map[any]int64{&users.User{}: 6, &events.Event{}: 2, &events.Role{}: 4, &tags.Tag{}: 4,
			&invitedguest.InvitedGuest{}: 3, &invitedguest.GuestTag{}: 6} {
			if got := to.count(t, model); got != want {
				t.Errorf("got %d of %T, want %d", got, model, want)
			}
		}
	})
}

// TestImportOfNothing imports an organisation none of whose rows is valid, which is an error, and an organisation
// without rows, which is not.
func TestImportOfNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, people, func(t *testing.T, from source, to target) {
		from.do(t, `INSERT INTO organisation (name, system_name, small_logo, large_logo, icon_logo, domain, url,
				system_url, privacy_policy, languages)
			VALUES ('Second', '', '', '', '', '', '', '', '', '[]'), ('Third', '', '', '', '', '', '', '', '', '[]');
			INSERT INTO app_user (email, firstname, lastname, user_title, password, active, is_admin,
				is_deleted, organisation_id)
			VALUES ('nobody', '', '', '', '', true, false, false, 2)`)
		const nothing = "nothing could be imported"
		if got, err := to.run(t, "--organisation", "2", from.address); err == nil || err.Error() != nothing {
			t.Errorf("got %s and %v, want %s", got, err, nothing)
		}
		const unchanged = "organisation 3 (Third) has nothing new: nothing was changed."
		if got := to.mustRun(t, "--organisation", "3", from.address); got[len(got)-1] != unchanged {
			t.Errorf("got\n%s\nwant %s", strings.Join(got, "\n"), unchanged)
		}
	})
}

// TestImportOfBrokenReferences checks that rows that refer to missing rows are skipped. A database that was restored
// only in part may lack its foreign keys.
func TestImportOfBrokenReferences(t *testing.T) {
	t.Parallel()
	onBoth(t, people, func(t *testing.T, from source, to target) {
		for _, constraint := range []string{
			"event_role DROP CONSTRAINT event_role_user_id_fkey", "event_role DROP CONSTRAINT event_role_event_id_fkey",
			"invited_guest DROP CONSTRAINT invited_guest_user_id_fkey",
			"invited_guest_tag DROP CONSTRAINT invited_guest_tag_tag_id_fkey",
			"invited_guest_tag DROP CONSTRAINT invited_guest_tag_invited_guest_id_fkey",
			"event_translation DROP CONSTRAINT event_translation_event_id_fkey",
			"tag_translation DROP CONSTRAINT tag_translation_tag_id_fkey", "tag DROP CONSTRAINT tag_event_id_fkey",
		} {
			from.do(t, "ALTER TABLE "+constraint)
		}
		from.do(t, `INSERT INTO event_role (event_id, user_id, role) VALUES (1, 99, 'admin'), (99, 2, 'admin');
			INSERT INTO invited_guest (event_id, user_id, role) VALUES (1, 99, 'Guest');
			INSERT INTO invited_guest_tag (invited_guest_id, tag_id) VALUES (99, 1), (1, 99);
			INSERT INTO event_translation (event_id, language, name, description) VALUES (99, 'en', 'x', 'x');
			INSERT INTO tag_translation (tag_id, language, name) VALUES (99, 'en', 'x');
			INSERT INTO tag (event_id, active) VALUES (99, true)`)
		got := to.mustRun(t, from.address)
		for _, want := range []string{
			"event_role 10: skipped: there is no app_user 99", "event_role 11: skipped: there is no event 99",
			"invited_guest 9: skipped: there is no app_user 99", "invited_guest_tag 10: skipped: there is no invited_guest 99",
			"invited_guest_tag 11: skipped: there is no tag 99", "event_translation 7: skipped: there is no event 99",
			"tag_translation 8: skipped: there is no tag 99", "tag 7: skipped: there is no event 99",
		} {
			if !slices.Contains(got, want) {
				t.Errorf("got\n%s\nwant %s", strings.Join(got, "\n"), want)
			}
		}
	})
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	onBoth(t, nil, func(t *testing.T, from source, to target) {
		for address, want := range map[string]string{
			"sqlite:///x.db": "the address of the original's database must have the form postgres://user@host:5432/name",
			"":               "the address of the original's database must have the form postgres://user@host:5432/name",
			from.address: "this is not the original's database, or its last migrations are missing: it has no " +
				"app_user, event, event_role, event_translation, invited_guest, invited_guest_tag, organisation, tag, " +
				"tag_translation",
			"postgres://ann:topsecret@127.0.0.1:1/x": "failed to connect",
		} {
			if _, err := to.run(t, address); err == nil || !strings.Contains(err.Error(), want) ||
				strings.Contains(err.Error(), "topsecret") {
				t.Errorf("%q: got %v, want %s", address, err, want)
			}
		}
		const needed = "baobab needs one DATABASE_URL"
		if _, err := to.run(t); err == nil || !strings.HasPrefix(err.Error(), needed) {
			t.Errorf("got %v, want %s", err, needed)
		}
	})
}
