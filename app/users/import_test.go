package users_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
	"gorm.io/gorm"

	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/secrets"
	"guestlist/app/users"
)

// commandLine runs a command with text as standard input.
func (a testApp) commandLine(t *testing.T, text string, arguments ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, log bytes.Buffer
	err = execute(t, a.service(), text, &out, &log, arguments...)
	return out.String(), log.String(), err
}

func (a testApp) signsIn(t *testing.T, email, password string) int {
	t.Helper()
	return a.post(t, "/api/v1/authenticate", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password)).Status
}

func TestImportAccounts(t *testing.T) {
	t.Parallel()
	raw, err := bcrypt.GenerateFromPassword([]byte("old password"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	crypted := strings.Replace(string(raw), "$2a$", "$2b$", 1)
	argon, err := secrets.NewPasswords(1).Hash(t.Context(), netip.Prefix{}, "old password")
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"CSV": "Email;verified;password_hash;firstname;policy_agreed;unknown\n" +
			"Bcrypt@example.org;true;" + crypted + ";Bo;1;x\n" +
			"argon@example.org;no;" + strings.ReplaceAll(argon, ";", "") + ";Ann;;\n" +
			"none@example.org;;;;;\n" +
			"there@example.org;yes;" + crypted + ";;;\n" +
			"wrong@example.org;true;$2b$12$abc;;;\n" +
			"\uff2eone@example.org;true;;;;\n" + // the address of the third row, with a wide letter
			"x;maybe;;;perhaps;\n",
		"JSON": `[{"email":"Bcrypt@example.org","verified":true,"password_hash":"` + crypted +
			`","firstname":"Bo","policy_agreed":true},
			{"email":"argon@example.org","password_hash":"` + argon + `","firstname":"Ann"},
			{"email":"none@example.org"},{"email":"there@example.org","verified":true,"password_hash":"` + crypted + `"},
			{"email":"wrong@example.org","verified":true,"password_hash":"$2b$12$abc"},{"email":"Ｎone@example.org"},
			{"email":"x","verified":"maybe"}]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestApp(t)
			a.Register(t, "there@example.org")
			dry, _, err := a.commandLine(t, file, "import", "--dry-run", "-")
			if want := "Would create 3 accounts; 2 exist already.\n"; dry != want || err == nil {
				t.Errorf("dry run: got %q and %v, want %q", dry, err, want)
			}
			if status := a.signsIn(t, "bcrypt@example.org", "old password"); status != http.StatusUnauthorized {
				t.Errorf("after the dry run: got %d, want 401", status)
			}
			stdout, stderr, err := a.commandLine(t, file, "import", "-")
			columns := ""
			if name == "CSV" {
				columns = "Columns: email, verified, password_hash, firstname, policy_agreed. Not used: \"unknown\".\n"
			}
			if stdout != "Created 3 accounts; 2 existed already.\n" || err == nil || err.Error() != "2 rows are not valid" {
				t.Errorf("got %q and %v, want 3 created, 2 existing and 2 rows that are not valid", stdout, err)
			}
			if !strings.HasPrefix(strings.TrimPrefix(stderr, columns),
				"row 5: password_hash is not a bcrypt or argon2id hash that can be checked\nrow 7: ") ||
				strings.Contains(stdout+stderr, "$2b$") || !strings.Contains(stderr, "verified must be true or false") {
				t.Errorf("got %q, want errors in rows 5 and 7, and no hash", stderr)
			}
			for email, want := range map[string]int{
				"bcrypt@example.org": http.StatusOK, "argon@example.org": http.StatusOK,
				"none@example.org": http.StatusUnauthorized, "there@example.org": http.StatusUnauthorized,
			} {
				if status := a.signsIn(t, email, "old password"); status != want {
					t.Errorf("%s: got %d, want %d", email, status, want)
				}
			}
			first := a.user(t, a.authenticateWith(t, "bcrypt@example.org", "old password").ID)
			if first.VerifiedAt == nil || first.PolicyAgreedAt == nil || first.Firstname != "Bo" ||
				first.PrimaryLanguage != "en" ||
				!strings.HasPrefix(first.PasswordHash, "$argon2id$") {
				t.Errorf("got %+v, want Bo, verified, agreed, in English, and with a new argon2id hash", first)
			}
			stdout, _, _ = a.commandLine(t, file, "import", "-")
			if want := "Created 0 accounts; 5 existed already.\n"; stdout != want {
				t.Errorf("again: got %q, want %q", stdout, want)
			}
			var recorded []string
			query := a.DB.Model(&audit.Event{}).Where("kind = ?", audit.AccountsImported)
			if err := query.Pluck("detail", &recorded).Error; err != nil {
				t.Fatal(err)
			}
			if want := []string{`{"accounts":3}`}; !slices.Equal(recorded, want) {
				t.Errorf("recorded %v, want %v", recorded, want)
			}
			if err := a.DB.Where("email = ?", "none@example.org").Delete(&users.User{}).Error; err != nil {
				t.Fatal(err)
			}
			for _, dry := range []string{"--dry-run=true", "--dry-run=false"} {
				stdout, stderr, _ = a.commandLine(t, file, "import", dry, "-")
				const counts, problem = " 0 accounts; 4 ", "row 3: email is that of an account that was deleted here\n"
				if !strings.Contains(stdout, counts) || !strings.Contains(stderr, problem) {
					t.Errorf("%s after a deletion: got %q and %q, want %q and %q", dry, stdout, stderr, counts, problem)
				}
			}
			if mails := a.Mails(t); len(mails) != 1 { // of the registration
				t.Errorf("got %d mails, want 1", len(mails))
			}
		})
	}
}

// authenticateWith signs in with the password.
func (a testApp) authenticateWith(t *testing.T, email, password string) (user apptest.User) {
	t.Helper()
	a.post(t, "/api/v1/authenticate", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password)).
		Decode(t, http.StatusOK, &user)
	return user
}

func TestImportAccountsInBatches(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	var file strings.Builder
	for i := range 2100 {
		fmt.Fprintf(&file, "{\"email\":\"guest%d@example.org\"}\n", i%2050)
	}
	for arguments, want := range map[string]string{
		"import --dry-run -": "Would create 2050 accounts; 50 exist already.\n",
		"import -":           "Created 2050 accounts; 50 existed already.\n",
	} {
		b := a
		if !strings.Contains(arguments, "dry") {
			b = newTestApp(t)
		}
		if stdout, stderr, err := b.commandLine(t, file.String(), strings.Fields(arguments)...); stdout != want ||
			err != nil {
			t.Errorf("%s: got %q, %q and %v; want %q", arguments, stdout, stderr, err, want)
		}
	}
}

// TestImportAdmins checks that only accounts that an import creates become administrators, and that each is audited.
func TestImportAdmins(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	there := a.Register(t, "there@example.org")
	actor := audit.Operator().As(there.ID)
	var result users.Imported
	err := a.DB.Transaction(func(tx *gorm.DB) (err error) {
		result, err = users.Import(t.Context(), tx, actor, []users.Account{
			{Person: users.Person{Email: "there@example.org"}, Admin: true},
			{Person: users.Person{Email: "root@example.org"}, Admin: true},
			{Person: users.Person{Email: "ann@example.org"}},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	created := fmt.Sprintf("%s by %d from cli", audit.AdminCreated, there.ID)
	for id, want := range map[int64][]string{
		there.ID: nil, result.Created["root@example.org"].ID: {created}, result.Created["ann@example.org"].ID: nil,
	} {
		if got := a.audited(t, id, audit.AdminCreated); !slices.Equal(got, want) {
			t.Errorf("account %d: got the audit events %q, want %q", id, got, want)
		}
		if got := a.user(t, id).IsAdmin; got != (want != nil) {
			t.Errorf("account %d: got administrator: %t, want %t", id, got, want != nil)
		}
	}
}

func TestImportAccountsRefuses(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for file, want := range map[string]string{
		"":                                 "- is empty: its first row must name the columns",
		"name\nAnn\n":                      "- has no column email in its first row",
		"email,email\n":                    `- has two columns "email"`,
		`[{"email":"a@example.org"}`:       "after 0 accounts: - is not JSON: jsontext: unexpected EOF",
		`[{"email":"a@example.org"}] 1`:    "after 0 accounts: - has data after its list",
		`{"email":"a@example.org"`:         "after 0 accounts: - is not JSON: jsontext: unexpected EOF",
		"email\n\"a@example.org":           "1 row is not valid",
		"email,Rufname der Person\n":       `- would be imported without names: map "Rufname der Person"`,
		`[1,"x",{"email":1},{"Email":""}]`: "4 rows are not valid",
		"[{\"email\":\"" + strings.Repeat("x", 70_000) + "\"}]": "after 0 accounts: - has an object of more than 65536 bytes",
	} {
		stdout, stderr, err := a.commandLine(t, file, "import", "-")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40q: got %q, %q and %v, want %s", file, stdout, stderr, err, want)
		}
	}
	if _, _, err := a.commandLine(t, "", "import"); err == nil ||
		!strings.HasPrefix(err.Error(), "import needs one FILE") {
		t.Errorf("got %v, want an error that FILE is missing", err)
	}
	want := "Created 0 accounts; 0 existed already.\n"
	if stdout, _, err := a.commandLine(t, "[]", "import", "-"); err != nil || stdout != want {
		t.Errorf("an empty list: got %q and %v, want %q", stdout, err, want)
	}
}
