package baobab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/invitedguest"
	"guestlist/app/tags"
	"guestlist/app/users"
)

// Importer imports data from the original.
type Importer struct {
	db     *gorm.DB
	events *events.Service
	zone   *time.Location
}

// NewImporter returns an Importer into db. roles are additional roles in events, and zone is the time zone of events;
// nil: UTC.
func NewImporter(db *gorm.DB, roles []string, zone *time.Location) *Importer {
	return &Importer{
		db: db, events: events.NewService(db, events.Options{Roles: roles, Guests: invitedguest.Guests{}}),
		zone: cmp.Or(zone, time.UTC),
	}
}

// Options are the options of an import.
type Options struct {
	Organisation string // id or name; empty: the only one
	DryRun       bool   // roll back at the end
}

// errRollBack rolls back the transaction of a dry run.
var errRollBack = errors.New("a dry run")

// Import imports the missing data of an organisation from the database at address, in one transaction, and reports on
// each row. An error means that nothing was imported.
func (i *Importer) Import(ctx context.Context, address string, o Options) (*Report, error) {
	rows, err := read(ctx, address, o.Organisation)
	if err != nil {
		return nil, err
	}
	p := newPlan(rows, i.db.NowFunc(), i.zone, i.events.Knows)
	err = i.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		m := &move{plan: p, tx: tx, events: i.events, references: map[string]users.Reference{}, deleted: map[string]bool{}}
		if err := m.all(ctx); err != nil {
			return err
		}
		if o.DryRun {
			return errRollBack
		}
		return nil
	})
	if err != nil && !errors.Is(err, errRollBack) {
		return nil, err
	}
	return p.report, nil
}

// move stores a plan in a transaction.
type move struct {
	*plan

	tx         *gorm.DB
	events     *events.Service
	references map[string]users.Reference // to accounts, by address
	deleted    map[string]bool            // addresses of accounts deleted here
}

func (m *move) all(ctx context.Context) error {
	keys := make([]string, len(m.plan.events))
	for i, event := range m.plan.events {
		keys[i] = event.Key
	}
	if err := events.LockByKey(ctx, m.tx, keys); err != nil {
		return err
	}
	for batch := range slices.Chunk(m.accounts, batchSize) {
		if err := m.storeAccounts(ctx, batch); err != nil {
			return err
		}
	}
	for batch := range slices.Chunk(m.plan.deleted, batchSize) {
		if err := m.storeDeleted(ctx, batch); err != nil {
			return err
		}
	}
	for _, event := range m.plan.events {
		if err := m.storeEvent(ctx, event); err != nil {
			return fmt.Errorf("event %d: %w", event.id, err)
		}
	}
	return nil
}

// batchSize is the number of accounts or guests per query.
const batchSize = 1000

func (m *move) storeAccounts(ctx context.Context, batch []plannedAccount) error {
	found, err := users.Import(ctx, m.tx, audit.Operator(), accountsOf(batch))
	if err != nil {
		return err
	}
	for i := range batch {
		account := &batch[i]
		if found.Deleted[account.Email] {
			m.deleted[account.Email] = true
			m.report.skipf(accounts, "app_user", account.id, "the account of %s was deleted here", account.Email)
			continue
		}
		reference, created := found.Created[account.Email]
		if !created {
			reference = found.Existing[account.Email]
			if err := m.noteAdmin(ctx, account); err != nil {
				return err
			}
		}
		m.references[account.Email] = reference
		m.count(accounts, created, "app_user", account.id, account.mends)
	}
	return nil
}

// noteAdmin reports that an existing account does not become a system administrator.
func (m *move) noteAdmin(ctx context.Context, account *plannedAccount) error {
	if !account.Admin {
		return nil
	}
	user, err := users.FindByEmail(ctx, m.tx, account.Email)
	if err == nil && !user.IsAdmin {
		m.report.notef("app_user", account.id,
			"%s has an account here, which does not become a system administrator: "+
				"users grant-admin %[1]s", account.Email)
	}
	return err
}

func (m *move) storeDeleted(ctx context.Context, batch []plannedAccount) error {
	created, err := users.ImportDeleted(ctx, m.tx, accountsOf(batch))
	m.report.Created[deletedAccounts] += created
	m.report.There[deletedAccounts] += len(batch) - created
	return err
}

func accountsOf(batch []plannedAccount) []users.Account {
	result := make([]users.Account, len(batch))
	for i := range batch {
		result[i] = batch[i].Account
	}
	return result
}

// count counts a row, and reports how it was changed if it is new.
func (m *move) count(k kind, created bool, table string, id int64, mends []string) {
	m.report.count(k, created)
	if created {
		for _, words := range mends {
			m.report.notef(table, id, "%s", words)
		}
	}
}

// reference returns the reference to the account with the address; if the account was deleted here, it skips the row.
func (m *move) reference(k kind, table string, id int64, email string) (reference users.Reference, ok bool) {
	if m.deleted[email] {
		m.report.skipf(k, table, id, "the account of %s was deleted here", email)
		return reference, false
	}
	return m.references[email], true
}

func (m *move) storeEvent(ctx context.Context, planned *plannedEvent) error {
	event, created, err := events.Import(ctx, m.tx, &planned.Document)
	if err != nil {
		return err
	}
	m.count(eventsKind, created, "event", planned.id, planned.mends)
	for _, role := range planned.roles {
		user, ok := m.reference(roles, "event_role", role.id, role.email)
		if !ok {
			continue
		}
		granted, err := m.events.ImportRole(ctx, m.tx, audit.Operator(),
			events.Role{EventID: event.ID, UserID: user.ID, Role: role.role})
		if err != nil {
			return err
		}
		m.report.count(roles, granted)
	}
	if err := m.storeTags(ctx, event.ID, planned.tags); err != nil {
		return err
	}
	for batch := range slices.Chunk(planned.guests, batchSize) {
		if err := m.storeGuests(ctx, event.ID, batch); err != nil {
			return err
		}
	}
	return nil
}

// storeTags stores the tags of an event and sets their new ids.
func (m *move) storeTags(ctx context.Context, eventID int64, planned []*plannedTag) error {
	valid := make([]tags.Tag, len(planned))
	for i, tag := range planned {
		valid[i] = tag.Tag
		valid[i].EventID = eventID
	}
	found, created, err := tags.Import(ctx, m.tx, eventID, valid)
	if err != nil {
		return err
	}
	for i, tag := range planned {
		tag.ID = found[i].ID
		m.count(tagsKind, created[i], "tag", tag.id, tag.mends)
	}
	return nil
}

func (m *move) storeGuests(ctx context.Context, eventID int64, batch []*plannedGuest) error {
	var invitees []invitedguest.Invitee
	var marks []int // number of each guest's tags in the original
	for _, guest := range batch {
		user, ok := m.reference(guests, "invited_guest", guest.id, guest.email)
		invitee := invitedguest.Invitee{User: user, Role: guest.role, AcceptedAt: guest.acceptedAt}
		for _, mark := range guest.tags {
			if !ok {
				m.report.skipf(guestTags, "invited_guest_tag", mark.id, "invited_guest %d is skipped", guest.id)
				continue
			}
			invitee.TagIDs = append(invitee.TagIDs, mark.tag.ID)
		}
		if ok {
			invitees, marks = append(invitees, invitee), append(marks, len(guest.tags))
		}
	}
	results, err := invitedguest.Import(ctx, m.tx, audit.Operator(), eventID, invitees)
	if err != nil {
		return err
	}
	for i, result := range results {
		m.report.count(guests, result.Created)
		m.report.Created[guestTags] += result.Tags
		m.report.There[guestTags] += marks[i] - result.Tags
	}
	return nil
}
