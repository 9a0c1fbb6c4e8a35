package baobab

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
)

// The rows of the original's tables, with the columns to import. Its times have no zone, and are in UTC.
type (
	organisationRow struct {
		ID   int64
		Name string
	}
	userRow struct {
		ID        int64
		Email     string
		Firstname string
		Lastname  string
		UserTitle string
		Language  string
		Password  string
		Verified  bool
		IsAdmin   bool
		IsDeleted bool
		DeletedAt *time.Time
		AgreedAt  *time.Time
	}
	eventRow struct {
		ID                int64
		Key               string
		StartDate         *time.Time
		EndDate           *time.Time
		EmailFrom         string
		URL               string
		EventType         string
		TravelGrant       bool
		MiniconfURL       string
		RegistrationOpen  *time.Time
		RegistrationClose *time.Time
		ApplicationOpen   *time.Time
		ApplicationClose  *time.Time
		ReviewOpen        *time.Time
		ReviewClose       *time.Time
		SelectionOpen     *time.Time
		SelectionClose    *time.Time
		OfferOpen         *time.Time
		OfferClose        *time.Time
	}
	translationRow struct { // of an event or a tag
		ID          int64
		Of          int64
		Language    string
		Name        string
		Description string
	}
	roleRow struct {
		ID      int64
		EventID int64
		UserID  int64
		Role    string
	}
	guestRow struct {
		ID         int64
		EventID    int64
		UserID     int64
		Role       string
		AcceptedAt *time.Time
	}
	tagRow struct {
		ID      int64
		EventID int64
		TagType string
		Active  bool
	}
	guestTagRow struct {
		ID      int64
		GuestID int64
		TagID   int64
	}
)

// rows has all rows of an organisation, sorted by id. Rows with dangling references belong to every organisation.
type rows struct {
	organisation      organisationRow
	users             []userRow
	strangers         map[int64]bool // ids of other organisations' accounts
	events            []eventRow
	eventTranslations []translationRow
	roles             []roleRow
	tags              []tagRow
	tagTranslations   []translationRow
	guests            []guestRow
	guestTags         []guestTagRow
}

// tables are the tables to read, with columns that the original's later migrations added.
var tables = map[string][]string{
	"app_user": {"is_deleted", "verified_email", "policy_agreed_datetime", "organisation_id",
		"user_primaryLanguage"},
	"organisation":      {"name"},
	"event":             {"organisation_id", "event_type", "registration_open", "travel_grant", "miniconf_url"},
	"event_translation": {"language"},
	"event_role":        {"role"},
	"invited_guest":     {"role"},
	"tag":               {"tag_type", "active"},
	"tag_translation":   {"language", "description"},
	"invited_guest_tag": {"tag_id"},
}

// read reads the organisation with an id or name (empty: the only one) in one snapshot.
func read(ctx context.Context, address, organisation string) (r *rows, err error) {
	if scheme, _, _ := strings.Cut(address, "://"); scheme != "postgres" && scheme != "postgresql" {
		return nil, errors.New("the address of the original's database must have the form postgres://user@host:5432/name")
	}
	db, err := database.Open(address, database.Options{PoolSize: 1})
	if err != nil {
		return nil, err
	}
	defer func() { _ = database.Close(db) }()
	r = &rows{}
	err = db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := checkTables(tx); err != nil {
			return err
		}
		if r.organisation, err = choose(tx, organisation); err != nil {
			return err
		}
		return r.read(tx)
	}, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	return r, err
}

// checkTables fails if a table or column is missing, as in an unrelated or outdated database.
func checkTables(tx *gorm.DB) error {
	var found []struct{ TableName, ColumnName string }
	err := tx.Raw("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ANY " +
		"(current_schemas(false))").
		Scan(&found).Error
	if err != nil {
		return fmt.Errorf("read the original's database: %w", err)
	}
	there := map[string]bool{}
	for _, column := range found {
		there[column.TableName], there[column.TableName+"."+column.ColumnName] = true, true
	}
	var missing []string
	for table, columns := range tables {
		if !there[table] {
			missing = append(missing, table)
			continue
		}
		for _, column := range columns {
			if name := table + "." + column; !there[name] {
				missing = append(missing, name)
			}
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Errorf("this is not the original's database, or its last migrations are missing: it has no %s",
			strings.Join(missing, ", "))
	}
	return nil
}

// choose returns the organisation with an id or name, ignoring case; the only one if wanted is empty.
func choose(tx *gorm.DB, wanted string) (organisationRow, error) {
	var all []organisationRow
	if err := tx.Raw("SELECT id, name FROM organisation ORDER BY id").Scan(&all).Error; err != nil {
		return organisationRow{}, fmt.Errorf("read the organisations: %w", err)
	}
	var fit []organisationRow
	list := make([]string, len(all))
	for i, o := range all {
		list[i] = fmt.Sprintf("%d (%s)", o.ID, o.Name)
		if wanted == "" || wanted == fmt.Sprint(o.ID) || strings.EqualFold(wanted, o.Name) {
			fit = append(fit, o)
		}
	}
	switch {
	case len(all) == 0:
		return organisationRow{}, errors.New("the database has no organisation")
	case len(fit) == 1:
		return fit[0], nil
	case wanted == "":
		return organisationRow{}, fmt.Errorf("the database has several organisations\nchoose one with --organisation: %s",
			strings.Join(list, ", "))
	}
	return organisationRow{}, fmt.Errorf("--organisation: %q is not one of %s", wanted, strings.Join(list, ", "))
}

// read reads the rows of the organisation.
func (r *rows) read(tx *gorm.DB) error {
	var strangers []int64
	for _, query := range []struct {
		into  any
		query string
	}{
		{&r.users, usersQuery},
		{&strangers, "SELECT id FROM app_user WHERE organisation_id <> ? ORDER BY id"},
		{&r.events, eventsQuery},
		{&r.eventTranslations, "SELECT t.id, t.event_id AS of, coalesce(t.language, '') AS language, t.name, " +
			"coalesce(t.description, '') AS description " +
			"FROM event_translation t LEFT JOIN event e ON e.id = t.event_id " + ofOrganisation + "t.id"},
		{&r.roles, "SELECT r.id, r.event_id, r.user_id, r.role " +
			"FROM event_role r LEFT JOIN event e ON e.id = r.event_id " + ofOrganisation + "r.id"},
		{&r.tags, "SELECT t.id, t.event_id, lower(coalesce(t.tag_type::text, '')) AS tag_type, coalesce(t.active, " +
			"true) AS active " +
			"FROM tag t LEFT JOIN event e ON e.id = t.event_id " + ofOrganisation + "t.id"},
		{&r.tagTranslations, "SELECT n.id, n.tag_id AS of, n.language, n.name, coalesce(n.description, '') AS description " +
			"FROM tag_translation n LEFT JOIN tag t ON t.id = n.tag_id LEFT JOIN event e ON e.id = t.event_id " +
			ofOrganisation + "n.id"},
		{&r.guests, "SELECT g.id, g.event_id, g.user_id, g.role " +
			"FROM invited_guest g LEFT JOIN event e ON e.id = g.event_id " + ofOrganisation + "g.id"},
		{&r.guestTags, "SELECT m.id, m.invited_guest_id AS guest_id, m.tag_id FROM invited_guest_tag m " +
			"LEFT JOIN invited_guest g ON g.id = m.invited_guest_id LEFT JOIN event e ON e.id = g.event_id " +
			ofOrganisation + "m.id"},
	} {
		if err := tx.Raw(query.query, r.organisation.ID).Scan(query.into).Error; err != nil {
			return fmt.Errorf("read the original's database: %w", err)
		}
	}
	r.strangers = map[int64]bool{}
	for _, id := range strangers {
		r.strangers[id] = true
	}
	return r.readAnswers(tx)
}

// ofOrganisation ends a query for rows of the organisation's events, or of missing events.
const ofOrganisation = "WHERE e.organisation_id = ? OR e.id IS NULL ORDER BY "

const usersQuery = `SELECT id, email, firstname, lastname, coalesce(user_title, '') AS user_title,
	coalesce("user_primaryLanguage", '') AS language, coalesce(password, '') AS password,
	coalesce(verified_email, false) AS verified, is_admin, is_deleted,
	deleted_datetime_utc AS deleted_at, policy_agreed_datetime AS agreed_at
	FROM app_user WHERE organisation_id = ? ORDER BY id`

const eventsQuery = `SELECT id, key, start_date, end_date, coalesce(email_from, '') AS email_from,
	coalesce(url, '') AS url, lower(coalesce(event_type::text, '')) AS event_type,
	coalesce(travel_grant, false) AS travel_grant, coalesce(miniconf_url, '') AS miniconf_url,
	registration_open, registration_close, application_open, application_close, review_open, review_close,
	selection_open, selection_close, offer_open, offer_close
	FROM event WHERE organisation_id = ? ORDER BY id`

// readAnswers reads which guests have registered, which is how they accept an invitation there. A database without the
// tables for it has none.
func (r *rows) readAnswers(tx *gorm.DB) error {
	var there bool
	err := tx.Raw("SELECT to_regclass('guest_registration') IS NOT NULL AND to_regclass('registration_form') IS NOT NULL").
		Scan(&there).Error
	if err != nil || !there {
		return err
	}
	var answers []struct {
		EventID, UserID int64
		At              *time.Time
	}
	err = tx.Raw("SELECT f.event_id, r.user_id, min(r.created_at) AS at FROM guest_registration r " +
		"JOIN registration_form f ON f.id = r.registration_form_id WHERE r.confirmed GROUP BY f.event_id, r.user_id").
		Scan(&answers).Error
	if err != nil {
		return fmt.Errorf("read the registrations of guests: %w", err)
	}
	at := map[[2]int64]*time.Time{}
	for _, answer := range answers {
		if answer.At == nil {
			answer.At = &time.Time{}
		}
		at[[2]int64{answer.EventID, answer.UserID}] = answer.At
	}
	for i := range r.guests {
		g := &r.guests[i]
		g.AcceptedAt = at[[2]int64{g.EventID, g.UserID}]
	}
	return nil
}
