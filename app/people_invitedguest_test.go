package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/users"
	"guestlist/app/utils"
)

const zora = "zora.o'quill&co@example.org"

// traces returns texts that would reveal the person whom newFixture registers in a dump of the database. They do not
// include the network addresses in security events.
func traces(hash string) []string {
	return []string{"quill", "quîll", "zöra", "excellency", hash, "pt-br"}
}

// fixture is an application that stores everything about Zora that it can store.
type fixture struct {
	*apptest.App
	admin apptest.User
	zora  apptest.User
	hash  string
	event *events.Event
}

func newFixture(t *testing.T, changes ...func(*app.Config)) *fixture {
	t.Helper()
	w := &fixture{App: apptest.New(t, changes...)}
	w.admin = w.RegisterAdmin(t, "admin@example.org")
	w.event = w.CreateEvent(t, "gala")
	w.Grant(t, w.event.ID, w.admin.ID, events.Administrator)
	w.send(t, http.MethodPost, user, "", map[string]any{
		"email": zora, "password": apptest.Password, "firstname": "Zöra", "lastname": "Quîll", "user_title": "Excellency",
		"language": "pt-BR", "policy_agreed": true,
	}).Decode(t, http.StatusCreated, &w.zora)
	w.Verify(t, w.zora.ID)
	w.Grant(t, w.event.ID, w.zora.ID, "reviewer")
	w.send(t, http.MethodPost, login, "", map[string]any{"email": zora, "password": "wrong"})
	w.send(t, http.MethodPost, login, "", map[string]any{"email": zora, "password": apptest.Password})
	var tag, guest struct {
		ID    int64 `json:"id"`
		Guest int64 `json:"invitedGuest_id"`
	}
	w.send(t, http.MethodPost, "/api/v1/tag", w.admin.Token,
		map[string]any{"event_id": w.event.ID, "name": map[string]string{"en": "Blue"}}).
		Decode(t, http.StatusCreated, &tag)
	w.send(t, http.MethodPost, "/api/v1/invitedGuest", w.admin.Token, map[string]any{
		"event_id": w.event.ID, "email": zora, "role": "guest", "tag_ids": []int64{tag.ID},
	}).Decode(t, http.StatusCreated, &guest)
	w.send(t, http.MethodPost, "/api/v1/invitedGuest/remind", w.admin.Token,
		map[string]any{"event_id": w.event.ID, "reminder": "first"})
	if err := w.DB.Model(&invitedguest.InvitedGuest{}).Where("user_id = ?", w.zora.ID).Update("comment", "Call me Quill.").
		Error; err != nil {
		t.Fatal(err)
	}
	other := w.CreateEvent(t, "ball")
	w.send(t, http.MethodPost, "/api/v1/invitedGuest", w.admin.Token, map[string]any{"event_id": other.ID, "email": zora,
		"role": "guest"}).
		Decode(t, http.StatusCreated, &guest)
	w.Mails(t)
	w.send(t, http.MethodDelete, "/api/v1/invitedGuest", w.admin.Token,
		map[string]any{"event_id": other.ID, "invited_guest_id": guest.Guest})
	w.Send(t, apptest.Request{
		Method: http.MethodPost, Path: bulk + "?role=guest&event_id=" + fmt.Sprint(w.event.ID), Token: w.admin.Token,
		Body:   map[string]any{"guests": []map[string]string{{"email": zora}, {"email": "bob@example.org"}}},
		Header: map[string]string{"Idempotency-Key": "one"},
	}).Decode(t, http.StatusOK, &struct{}{})
	w.send(t, http.MethodPost, "/api/v1/password-reset/request", "", map[string]any{"email": zora})
	w.Mails(t)
	w.send(t, http.MethodPost, "/api/v1/password-reset/request", "", map[string]any{"email": zora}) // waits in the outbox
	var stored users.User
	if err := w.DB.Take(&stored, w.zora.ID).Error; err != nil {
		t.Fatal(err)
	}
	w.hash = stored.PasswordHash
	wanted := invitedguest.Notification{EventID: w.event.ID, UserID: w.zora.ID, Answers: invitedguest.Daily,
		ToldAt: w.Clock.Now()}
	if err := w.DB.Create(&wanted).Error; err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *fixture) send(t *testing.T, method, path, token string, body any) apptest.Response {
	t.Helper()
	return w.Send(t, apptest.Request{Method: method, Path: path, Token: token, Body: body})
}

// service returns the service of users as commands use it.
func (w *fixture) service() *users.Service {
	return users.NewService(w.DB, users.Options{
		Passwords: w.Passwords, Outbox: mail.NewOutbox(),
		EventRoles: events.NewService(w.DB, events.Options{Guests: invitedguest.Guests{}}), PersonalData: app.PersonalData(),
	})
}

// tableOf returns the schema of a model's table.
func tableOf(t *testing.T, model any) *schema.Schema {
	t.Helper()
	parsed, err := schema.Parse(model, new(sync.Map), schema.NamingStrategy{})
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// dump returns every value of every row of every table, one line a row, in lower case.
func dump(t *testing.T, db *gorm.DB) string {
	t.Helper()
	var text strings.Builder
	for _, model := range app.Models() {
		table := tableOf(t, model).Table
		var rows []map[string]any
		if err := db.Table(table).Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			text.WriteString(table)
			for column, value := range row {
				if data, ok := value.([]byte); ok {
					value = string(data)
				}
				fmt.Fprintf(&text, " %s=%v", column, value)
			}
			text.WriteString("\n")
		}
	}
	return strings.ToLower(text.String())
}

// found returns the lines of a dump that contain traces of the person.
func found(dump, hash string) (lines []string) {
	for line := range strings.Lines(dump) {
		if slices.ContainsFunc(traces(hash),
			func(trace string) bool { return strings.Contains(line, strings.ToLower(trace)) }) {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestErasureLeavesNothing checks that no way of erasing Zora's account leaves traces of her in a dump of the database.
func TestErasureLeavesNothing(t *testing.T) {
	t.Parallel()
	const month = 30 * 24 * time.Hour
	for name, test := range map[string]struct {
		deleted, again bool // whether Zora has deleted the account, and has registered the address again
		retention      time.Duration
		erase          func(t *testing.T, w *fixture) error
	}{
		"by housekeeping": {true, false, month, func(t *testing.T, w *fixture) error {
			t.Helper()
			w.Clock.Advance(month - time.Second)
			err, left := w.Clean(t.Context()), found(dump(t, w.DB), w.hash)
			if err != nil || len(left) == 0 {
				t.Errorf("a second too early: got %d traces, %v; want one or more, no error", len(left), err)
			}
			// has no effect, as if the address had no account
			w.send(t, http.MethodPost, "/api/v1/password-reset/request", "", map[string]any{"email": zora})
			w.Clock.Advance(time.Second)
			return w.Clean(t.Context())
		}},
		"by housekeeping, no retention": {true, false,
			0, func(t *testing.T, w *fixture) error { t.Helper(); return w.Clean(t.Context()) }},
		"by an operator":       {false, false, month, eraseZora(1)},
		"deleted before":       {true, false, month, eraseZora(1)},
		"and registered again": {true, true, month, eraseZora(2)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newFixture(t, func(c *app.Config) { c.DeletedAccountRetention = test.retention })
			if tables := found(dump(t, w.DB), w.hash); len(tables) < 5 {
				t.Errorf("there is too little to erase:\n%s", strings.Join(tables, ""))
			}
			if test.deleted {
				w.send(t, http.MethodDelete, user, w.zora.Token, nil).Decode(t, http.StatusOK, &struct{}{})
			}
			if test.again {
				w.Clock.Advance(time.Second)
				w.Register(t, zora)
			}
			if err := test.erase(t, w); err != nil {
				t.Fatal(err)
			}
			if lines := found(dump(t, w.DB), w.hash); len(lines) > 0 {
				t.Errorf("the erasure left traces:\n%s", strings.Join(lines, ""))
			}
			checkErased(t, w)
		})
	}
}

func eraseZora(accounts int) func(t *testing.T, w *fixture) error {
	return func(t *testing.T, w *fixture) error {
		t.Helper()
		_, erased, err := w.service().Erase(t.Context(), audit.Operator(), " Zora.O'Quill&Co@Example.org ")
		if erased != accounts {
			t.Errorf("erased %d accounts, want %d", erased, accounts)
		}
		return err
	}
}

// checkErased checks what remains of Zora, and that nothing else has changed.
func checkErased(t *testing.T, w *fixture) {
	t.Helper()
	for _, model := range app.Models() {
		table := tableOf(t, model)
		if table.LookUpField("user_id") == nil || table.Table == "audit_events" {
			continue
		}
		var count int64
		if err := w.DB.Table(table.Table).Where("user_id = ?", w.zora.ID).Count(&count).Error; err != nil || count > 0 {
			t.Errorf("%d rows of %s refer to the account, %v; want %d, no error", count, table.Table, err, 0)
		}
	}
	var row map[string]any
	if err := w.DB.Table("users").Where("id = ?", w.zora.ID).Take(&row).Error; err != nil {
		t.Fatal(err)
	}
	for column, value := range row {
		switch column {
		case "id", "token_generation", "created_at", "updated_at", "deleted_at", "erased_at":
			continue // these only say that there was an account, and when it ended
		}
		if text := strings.Trim(fmt.Sprintf("%s", value), "\x00\x01\x1f"); value != nil && value != false &&
			value != int64(0) && text != "" {
			t.Errorf("users.%s is still %v", column, value)
		}
	}
	if !same(row["created_at"], row["deleted_at"]) {
		t.Errorf("the account was created at %v, want only when it was deleted: %v", row["created_at"], row["deleted_at"])
	}
	events, err := audit.Find(t.Context(), w.DB, audit.Filter{UserID: w.zora.ID})
	if err != nil || len(events) < 4 || events[len(events)-1].Kind != audit.Erased {
		t.Errorf("the security events are %v, %v; want %d or more, %s as the last, no error", events, err, 4, audit.Erased)
	}
	w.send(t, http.MethodPost, login, "", map[string]any{"email": w.admin.Email, "password": apptest.Password}).
		Decode(t, http.StatusOK, &w.admin)
	var list struct {
		Users []struct{ Email string }
	}
	w.send(t, http.MethodGet, "/api/v1/users?sort=email", w.admin.Token, nil).Decode(t, http.StatusOK, &list)
	if got, want := fmt.Sprint(list.Users), "[{admin@example.org} {bob@example.org}]"; got != want {
		t.Errorf("the users are %s, want %s", got, want)
	}
	var counts struct{ Total int }
	w.send(t, http.MethodGet, fmt.Sprint("/api/v1/invitedGuest/counts?event_id=", w.event.ID), w.admin.Token, nil).
		Decode(t, http.StatusOK, &counts)
	if counts.Total != 1 {
		t.Errorf("got %d guests, want only Bob", counts.Total)
	}
	w.send(t, http.MethodGet, user, w.zora.Token, nil).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
	w.send(t, http.MethodPost, login, "", map[string]any{"email": zora, "password": apptest.Password}).
		Error(t, http.StatusUnauthorized, "INVALID_CREDENTIALS")
	if err := w.Clean(t.Context()); err != nil {
		t.Errorf("cleaning again: %v", err)
	}
	w.Register(t, zora) // the address is free
}

// same reports whether two times that a database returned are equal.
func same(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// TestErasureSparesWhoHasTheAddressNow checks that erasing a deleted account spares the account that has its address
// now.
func TestErasureSparesWhoHasTheAddressNow(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	w.send(t, http.MethodDelete, user, w.zora.Token, nil)
	w.Clock.Advance(30 * 24 * time.Hour)
	next := w.Register(t, zora)
	before := w.mailsTo(t, zora)
	if err := w.Clean(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.send(t, http.MethodGet, user, next.Token, nil).Decode(t, http.StatusOK, &next)
	if left := w.mailsTo(t, zora); before == left || left != 1 {
		t.Errorf("of %d mails to the address, %d are left; want only the one to the new account", before, left)
	}
	if next.Email != zora {
		t.Errorf("the new account has the address %q, want %q", next.Email, zora)
	}
	known := w.sectionOf(t, w.export(t, next.Token), "sign_in_networks")
	if len(known) == 0 {
		t.Error("the sign-in networks of the new account are gone")
	}
}

func (w *fixture) mailsTo(t *testing.T, recipient string) (count int64) {
	t.Helper()
	if err := w.DB.Model(&mail.Message{}).Where("recipient = ?", recipient).Count(&count).Error; err != nil {
		t.Fatal(err)
	}
	return count
}

// TestErasureOfFormerAddresses checks that erasing an account also erases what is stored under its former and pending
// addresses. Another account that has a former address by now keeps its data.
func TestErasureOfFormerAddresses(t *testing.T) {
	t.Parallel()
	for _, again := range []bool{false, true} {
		t.Run(fmt.Sprint("registered again ", again), func(t *testing.T) {
			t.Parallel()
			w := newFixture(t)
			w.Mails(t)
			w.send(t, http.MethodPost, login, "", map[string]any{"email": zora, "password": "wrong"})
			w.change(t, "second.quill@example.org")
			w.send(t, http.MethodPost, "/api/v1/password-reset/request", "", map[string]any{"email": "second.quill@example.org"})
			w.change(t, "third.quill@example.org")
			for _, pending := range []string{"typo.quill@example.org", "fourth.quill@example.org"} {
				w.send(t, http.MethodPut, user, w.zora.Token, map[string]any{"email": pending}).Decode(t, http.StatusOK, &w.zora)
				w.Mails(t)
			}
			w.send(t, http.MethodPut, user, w.zora.Token, map[string]any{"email": "waits.quill@example.org"})

			var kinds []string
			document := w.export(t, w.zora.Token)
			for _, m := range w.sectionOf(t, document, "mails") {
				kinds = append(kinds, fmt.Sprint(m["kind"]))
			}
			slices.Sort(kinds)
			const want = "[change_email change_email change_email change_email change_email" +
				" email_change email_change email_change email_change email_change" +
				" password_reset password_reset password_reset verify_email]"
			if got := fmt.Sprint(kinds); got != want {
				t.Errorf("exported the mails %s, want %s", got, want)
			}
			if known := w.sectionOf(t, document, "sign_in_networks"); len(known) < 3 {
				t.Errorf("exported the networks %v, want three or more", known)
			}

			next := apptest.User{}
			if again {
				w.Clock.Advance(time.Second)
				next = w.Register(t, zora)
				w.Clock.Advance(time.Second)
			}
			if _, _, err := w.service().Erase(t.Context(), audit.Operator(), "third.quill@example.org"); err != nil {
				t.Fatal(err)
			}
			for _, line := range found(dump(t, w.DB), w.hash) {
				if !again || !strings.Contains(line, "zora.o'quill") {
					t.Errorf("the erasure left traces: %s", line)
				}
			}
			var wanted int64 // settings for mails about answers
			if err := w.DB.Model(&invitedguest.Notification{}).Count(&wanted).Error; err != nil || wanted > 0 {
				t.Errorf("%d settings for mails about answers are left, %v; want none, no error", wanted, err)
			}
			if again {
				w.send(t, http.MethodGet, user, next.Token, nil).Decode(t, http.StatusOK, &next)
				if left := w.mailsTo(t, zora); left == 0 {
					t.Error("the mails to the new account are gone")
				}
			}
		})
	}
}

// change changes Zora's address, confirms it and signs her in.
func (w *fixture) change(t *testing.T, email string) {
	t.Helper()
	w.send(t, http.MethodPut, user, w.zora.Token, map[string]any{"email": email}).Decode(t, http.StatusOK, &w.zora)
	w.Confirm(t)
	w.send(t, http.MethodPost, login, "", map[string]any{"email": email, "password": apptest.Password}).
		Decode(t, http.StatusOK, &w.zora)
}

// TestErasureRefusals checks that the last administrator and unknown addresses cannot be erased.
func TestErasureRefusals(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	for email, want := range map[string]error{
		"admin@example.org": utils.ErrLastAdministrator, "nobody@example.org": utils.ErrUserNotFound, "": nil,
	} {
		_, _, err := w.service().Erase(t.Context(), audit.Operator(), email)
		if err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("erasing %q: got the error %v, want %v (any if nil)", email, err, want)
		}
	}
	w.send(t, http.MethodGet, user, w.admin.Token, nil).Decode(t, http.StatusOK, &w.admin)
}

// TestErasureOfReferences checks that erasing an account empties the copies of its keys in rows that refer to it and
// that no feature deletes.
func TestErasureOfReferences(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	service := users.NewService(w.DB, users.Options{
		Passwords: w.Passwords, Outbox: mail.NewOutbox(),
		EventRoles: events.NewService(w.DB, events.Options{Guests: invitedguest.Guests{}}),
	})
	if _, _, err := service.Erase(t.Context(), audit.Operator(), zora); err != nil {
		t.Fatal(err)
	}
	var guest invitedguest.InvitedGuest
	err := w.DB.Where("user_id = ?", w.zora.ID).Take(&guest).Error
	if key := string(guest.SearchKey) + string(guest.LastnameKey); err != nil || strings.Trim(key, "\x00\x01\x1f") != "" {
		t.Errorf("the keys are %q, %v; want empty ones, no error", key, err)
	}
}

// TestErasureIsShared checks that two runs at the same time erase each of many accounts once.
func TestErasureIsShared(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	people := make([]users.User, 250)
	for i := range people {
		people[i] = users.User{Email: fmt.Sprintf("guest%d@example.org", i), PrimaryLanguage: "en"}
	}
	if err := a.DB.Create(&people).Error; err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Where("id > 0").Delete(&users.User{}).Error; err != nil {
		t.Fatal(err)
	}
	a.Clock.Advance(30 * 24 * time.Hour)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			if err := a.Clean(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	found, err := audit.Find(t.Context(), a.DB, audit.Filter{Kind: audit.Erased})
	if err != nil || len(found) != len(people) {
		t.Errorf("erased %d accounts, want %d; the error is %v", len(found), len(people), err)
	}
}

// export returns the export of the caller's own data.
func (w *fixture) export(t *testing.T, token string) map[string]json.RawMessage {
	t.Helper()
	var document map[string]json.RawMessage
	w.send(t, http.MethodGet, user+"/export", token, nil).Decode(t, http.StatusOK, &document)
	return document
}

func (w *fixture) sectionOf(t *testing.T, document map[string]json.RawMessage, name string) (list []map[string]any) {
	t.Helper()
	if err := json.Unmarshal(document[name], &list); err != nil {
		t.Errorf("%s: %v in %s", name, err, document[name])
	}
	return list
}

// exported maps each table to the name under which the export contains what the table holds about a person, or to the
// reason, in parentheses, why it does not.
var exported = map[string]string{
	"users":                       "account",
	"user_codes":                  "codes",
	"event_roles":                 "event_roles",
	"invited_guests":              "invitations",
	"invited_guest_tags":          "invitations.tags",
	"invited_guest_reminders":     "invitations.reminders",
	"invited_guest_codes":         "(hashes of what opens an invitation)",
	"mail_messages":               "mails",
	"login_failures":              "sign_in_networks",
	"audit_events":                "security_events",
	"revoked_tokens":              "(ids of tokens, which lead to nobody)",
	"events":                      "(an organiser's)",
	"tags":                        "(an event's)",
	"invited_guest_announcements": "(an organiser's)",
	"invited_guest_wordings":      "(an event's)",
	"invited_guest_notifications": "answer_notifications",
	"invited_guest_news":          "(an organiser's until a mail goes out: which guest has answered)",
	"invited_guest_bulk_answers":  "(an organiser's for a day: a copy of what is in invitations)",
}

// TestExportIsComplete checks that the export contains what every table holds about Zora.
func TestExportIsComplete(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	document := w.export(t, w.zora.Token)
	for _, model := range app.Models() {
		table := tableOf(t, model).Table
		name, known := exported[table]
		if !known {
			t.Errorf("%s is not in exported, which has a name or a reason for each table", table)
		}
		if strings.HasPrefix(name, "(") || name == "account" {
			continue
		}
		name, inner, _ := strings.Cut(name, ".")
		list := w.sectionOf(t, document, name)
		if len(list) == 0 {
			t.Errorf("%s: %s is empty", table, name)
			continue
		}
		if rows, _ := list[0][inner].([]any); inner != "" && len(rows) == 0 {
			t.Errorf("%s: %s.%s is empty", table, name, inner)
		}
	}
	var account map[string]any
	if err := json.Unmarshal(document["account"], &account); err != nil {
		t.Fatal(err)
	}
	for _, column := range tableOf(t, &users.User{}).DBNames {
		switch column {
		case "password_hash": // has_password
		case "search_key", "lastname_key", "token_generation": // derived from other columns, and a counter
		case "erased_at": // set when there is nothing left to export
		default:
			if _, ok := account[column]; !ok {
				t.Errorf("users.%s is not exported", column)
			}
		}
	}
	for name, want := range map[string]any{
		"email": zora, "firstname": "Zöra", "has_password": true, "user_title": "Excellency",
	} {
		if got := account[name]; got != want {
			t.Errorf("account.%s: got %v, want %v", name, got, want)
		}
	}
	var kinds []string
	for _, m := range append(w.sectionOf(t, document, "mails"), w.sectionOf(t, document, "invitation_mails")...) {
		kinds = append(kinds, fmt.Sprint(m["kind"], " ", m["state"]))
	}
	slices.Sort(kinds)
	const want = "invitation sent, invitation_reminder sent, invitation_withdrawn sent, " +
		"password_reset pending, password_reset sent, verify_email dropped"
	if got := strings.Join(kinds, ", "); got != want {
		t.Errorf("the mails are %s, want %s", got, want)
	}
}

// TestExportHoldsNoSecretsAndNobodyElse checks that Zora's export contains neither secrets nor data of anyone else.
func TestExportHoldsNoSecretsAndNobodyElse(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	var codes []users.Code
	if err := w.DB.Find(&codes).Error; err != nil {
		t.Fatal(err)
	}
	response := w.send(t, http.MethodGet, user+"/export?id=1&user_id=1&email=admin@example.org", w.zora.Token,
		map[string]any{"id": w.admin.ID})
	secrets := []string{w.hash, "argon2", "admin@example.org", "bob@example.org"}
	for _, code := range codes {
		secrets = append(secrets, code.Hash)
	}
	for _, secret := range secrets {
		if strings.Contains(response.Body, secret) {
			t.Errorf("the export contains %s: %s", secret, response.Body)
		}
	}
	if got, want := response.Header.Get("Cache-Control"), "no-store"; got != want {
		t.Errorf("Cache-Control: got %q, want %q", got, want)
	}
	if want := `"email":"zora.`; !strings.Contains(response.Body, want) {
		t.Errorf("the export lacks %s: %d %s", want, response.Status, response.Body)
	}
	var document map[string]json.RawMessage
	response.Decode(t, http.StatusOK, &document)
	for _, event := range w.sectionOf(t, document, "security_events") {
		other := slices.Contains([]any{"guest_invited", "guest_reminded", "guest_removed"}, event["kind"])
		if address, ok := event["address"].(string); !ok || other == (address != "") {
			t.Errorf("an event says %v, want an address: %t", event, !other)
		}
		if event["by_you"] != !other && event["kind"] != "sign_in_refused" {
			t.Errorf("an event says %v, want by_you %t", event, !other)
		}
	}
	if events := w.sectionOf(t, w.export(t, w.admin.Token), "security_events_about_others"); len(events) == 0 {
		t.Error("the administrator's export lacks what they did to others")
	}
	w.send(t, http.MethodGet, user+"/export", "", nil).Error(t, http.StatusUnauthorized, "UNAUTHORIZED")
}

// TestExportByOperator checks that an operator can export a deleted account, and one with an earlier account of the
// same address.
func TestExportByOperator(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	w.send(t, http.MethodDelete, user, w.zora.Token, nil)
	for accounts := 1; accounts <= 2; accounts++ {
		var out bytes.Buffer
		if err := w.service().Export(t.Context(), audit.Operator(), &out, zora); err != nil {
			t.Fatal(err)
		}
		var document struct {
			Account map[string]any   `json:"account"`
			Earlier []map[string]any `json:"earlier_accounts"`
		}
		if err := json.Unmarshal(out.Bytes(), &document); err != nil {
			t.Fatalf("%v in %s", err, out.String())
		}
		if len(document.Earlier) != accounts-1 || document.Account["email"] != zora ||
			(document.Account["deleted_at"] == nil) != (accounts == 2) {
			t.Errorf("with %d accounts: got %s, want %d earlier, and the account of %s, deleted: %t", accounts, out.String(),
				accounts-1, zora, accounts == 1)
		}
		w.Clock.Advance(time.Second)
		if accounts == 1 {
			w.Register(t, zora)
		}
	}
	if err := w.service().Export(t.Context(), audit.Operator(), &bytes.Buffer{}, "nobody@example.org"); !errors.Is(err,
		utils.ErrUserNotFound) {
		t.Errorf("exporting an unknown address: %v", err)
	}
}

// TestExportIsLimited checks that a network cannot export more often than its limit.
func TestExportIsLimited(t *testing.T) {
	t.Parallel()
	w := newFixture(t, func(c *app.Config) { c.LimitExport = limits.Rate{Count: 1, Per: time.Hour} })
	w.export(t, w.zora.Token)
	w.send(t, http.MethodGet, user+"/export", w.zora.Token, nil).Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
}

// TestExportIsLong checks an export with more security events than are read in one batch.
func TestExportIsLong(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	more := make([]audit.Event, 2500)
	for i := range more {
		more[i] = audit.Event{Kind: audit.SignedIn, UserID: &w.zora.ID, ActorID: &w.zora.ID, Address: "203.0.113.9"}
	}
	if err := w.DB.CreateInBatches(more, 500).Error; err != nil {
		t.Fatal(err)
	}
	if got := w.sectionOf(t, w.export(t, w.zora.Token), "security_events"); len(got) < len(more) ||
		len(got) > len(more)+20 {
		t.Errorf("got %d events, want %d and a few", len(got), len(more))
	}
}
